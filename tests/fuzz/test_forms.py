"""The fields in front of a file, of forms made and changed at random: read as they were sent, or refused."""

from __future__ import annotations

import tracemalloc
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from portal.kernel.errors import TooLarge
from portal.uploads.leading import PARSED, WAITING, read_leading
from portal.uploads.receive import CONTENT
from portal.web.gate import Unreadable
from tests.fuzz.changes import Change, anywhere
from tests.uploads.artefacts import CONTENT_TYPE, joined, part

MEMORY = 16 * 1024 * 1024
QUIET = settings(
    max_examples=80,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
fields = st.lists(st.tuples(st.sampled_from(["handle", "token", "code", "a b"]), st.text(max_size=30)), max_size=6)


def request_of(body: bytes) -> Any:
    """A request with this body, as far as it is looked at."""
    registry = SimpleNamespace(instance=SimpleNamespace(settings=SimpleNamespace(upload_limit=1_000_000)))
    environ = {"CONTENT_TYPE": CONTENT_TYPE}
    return SimpleNamespace(registry=registry, content_length=len(body), body_file_raw=BytesIO(body), environ=environ)


def form(sent: list[tuple[str, str]]) -> bytes:
    """A form of these fields, and of a file."""
    return joined(*(part(name, value) for name, value in sent), part(CONTENT, b"file", "demo.whl"))


@seed(2026)
@QUIET
@given(sent=fields)
def test_fields_are_read_as_they_were_sent(sent: list[tuple[str, str]]) -> None:
    request = request_of(form(sent))
    if any("\0" in value for _name, value in sent):
        try:
            read_leading(request)
        except Unreadable:
            return
        raise AssertionError(sent)
    read_leading(request)
    assert list(request.environ[PARSED][0].items()) == sent
    assert request.environ[WAITING].part.filename == "demo.whl"


@seed(2026)
@QUIET
@given(sent=fields, changes=st.lists(anywhere, min_size=1, max_size=4))
def test_any_form_is_read_or_refused_in_little_memory(sent: list[tuple[str, str]], changes: list[Change]) -> None:
    body = form(sent)
    for change in changes:
        body = change(body)
    request = request_of(body)
    tracemalloc.start()
    try:
        read_leading(request)
        assert all("\0" not in text for pair in request.environ[PARSED][0].items() for text in pair)
    except (Unreadable, TooLarge):
        assert PARSED not in request.environ
    finally:
        assert tracemalloc.get_traced_memory()[1] < MEMORY
        tracemalloc.stop()
