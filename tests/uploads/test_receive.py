"""A form with a file: read in pieces, bounded everywhere, and refused with a reason whatever it holds."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kernel.work import Work
from portal.uploads import errors, receive
from portal.uploads.errors import Cause, Refusal
from portal.uploads.receive import Body, Form, Spooled, spool
from tests.uploads.artefacts import BOUNDARY, CONTENT_TYPE, joined, part

FILE = part("content", b"some bytes", "demo.whl")


def receiving(
    work: Work, raw: bytes, *, kind: str = CONTENT_TYPE, limit: int | None = None
) -> tuple[Form, Spooled, bytes]:
    """The form, what is known of the file, and the file."""
    if limit is not None:
        work = replace(work, instance=replace(work.instance, settings=replace(work.settings, upload_limit=limit)))
    with spool(work) as spooled:
        form = receive.receive(work, Body(kind, len(raw), io.BytesIO(raw)), spooled, lambda form, filename: None)
        return form, spooled, spooled.path.read_bytes()


def refused(work: Work, raw: bytes, **options: Any) -> str:
    """The code with which these bytes are refused."""
    with pytest.raises(Refusal) as caught:
        receiving(work, raw, **options)
    return caught.value.code


def test_the_file_is_hashed_on_its_way_to_the_disk(work: Work) -> None:
    content = bytes(range(256)) * 5000
    form, spooled, held = receiving(work, joined(part("name", "démo"), part("content", content, "demo.whl")))
    assert (held, spooled.size, spooled.name, form.one("name")) == (content, len(content), "demo.whl", "démo")
    assert spooled.digests == {
        "sha256": hashlib.sha256(content).hexdigest(),
        "blake2_256": hashlib.blake2b(content, digest_size=32).hexdigest(),
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
    }


def test_nothing_is_left_of_a_file_that_was_not_moved_away(work: Work) -> None:
    receiving(work, joined(FILE))
    assert list(receive.incoming(work).iterdir()) == []


def test_only_the_owner_of_the_process_can_read_what_is_received(work: Work) -> None:
    with spool(work) as spooled:
        assert spooled.path.stat().st_mode & 0o777 == 0o600


def test_the_file_is_looked_at_before_it_is_read(work: Work) -> None:
    seen: list[tuple[list[str], str]] = []

    def before_file(form: Form, filename: str) -> None:
        seen.append((sorted(form.fields), filename))
        raise Refusal(errors.ACTION)

    raw = joined(part("name", "demo"), FILE, part("late", "1"))
    with spool(work) as spooled, pytest.raises(Refusal):
        receive.receive(work, Body(CONTENT_TYPE, len(raw), io.BytesIO(raw)), spooled, before_file)
    assert seen == [(["name"], "demo.whl")]
    assert spooled.size == 0


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 71}",
        'multipart/form-data; boundary="a\r\nb"',
        "multipart/form-data; boundary=\xe9",
        f"{CONTENT_TYPE}; charset=utf-16",
        f"multipart/mixed; boundary={BOUNDARY}",
        "multipart/form-data; boundary*=utf-8''%00",
    ],
)
def test_anything_but_a_form_is_refused(work: Work, kind: str) -> None:
    assert refused(work, joined(FILE), kind=kind) == errors.NOT_MULTIPART.code


@pytest.mark.parametrize("end", [0, 1, 60, 100, 150, len(joined(part("name", "demo"), FILE)) - 6])
def test_a_form_cut_off_anywhere_is_refused(work: Work, end: int) -> None:
    assert refused(work, joined(part("name", "demo"), FILE)[:end]) == errors.BROKEN_FORM.code


def test_an_end_that_comes_too_early_is_refused(work: Work) -> None:
    raw = joined(FILE)
    with spool(work) as spooled, pytest.raises(Refusal) as caught:
        receive.receive(work, Body(CONTENT_TYPE, len(raw), io.BytesIO(raw[:-30])), spooled, lambda form, name: None)
    assert caught.value.code == errors.BROKEN_FORM.code


@pytest.mark.parametrize(
    ("raw", "cause"),
    [
        (joined(part("name", "demo")), errors.NO_FILE),
        (joined(part("content", "text")), errors.NO_FILE),
        (joined(part("content", b"", "demo.whl")), errors.EMPTY_FILE),
        (joined(FILE, FILE), errors.FIELD_TWICE),
        (joined(part("name", "demo", "demo.txt"), FILE), errors.FILE_IN_TEXT_FIELD),
        (joined(part("name", b"d\xe9mo"), FILE), errors.NOT_TEXT),
        (joined(part("name", b"de\x00mo"), FILE), errors.NOT_TEXT),
        (joined(part("name", b"\xed\xa0\x80"), FILE), errors.NOT_TEXT),
        (joined(part("description", b"x" * (receive.FIELD_LIMIT + 1)), FILE), errors.FIELD_TOO_LONG),
        (joined(*[part("description", b"x" * receive.FIELD_LIMIT)] * 2, FILE), errors.FORM_TOO_LONG),
        (joined(*[part("classifiers", "x")] * receive.COUNT_LIMIT, FILE, FILE), errors.TOO_MANY_FIELDS),
        (
            joined(b"--" + BOUNDARY.encode() + b'\r\nContent-Disposition: form-data; name="\xff"\r\n\r\n\r\n'),
            errors.BROKEN_FORM,
        ),
        (joined(b"--" + BOUNDARY.encode() + b"\r\nX: " + b"y" * 9000 + b"\r\n\r\n\r\n"), errors.TOO_MANY_FIELDS),
        (b"\r\n" * 50, errors.BROKEN_FORM),
    ],
)
def test_what_is_too_much_or_no_text_is_refused(work: Work, raw: bytes, cause: Cause) -> None:
    assert refused(work, raw) == cause.code


def test_a_file_above_the_limit_is_refused_while_it_is_read(work: Work) -> None:
    big = joined(part("content", b"x" * 5001, "demo.whl"))
    assert refused(work, big, limit=5000) == errors.TOO_LARGE.code
    assert receiving(work, big, limit=5001)[1].size == 5001


def test_a_length_that_no_allowed_file_has_is_refused_by_itself(work: Work) -> None:
    receive.check_length(work, work.settings.upload_limit + receive.ROOM)
    with pytest.raises(Refusal) as caught:
        receive.check_length(work, work.settings.upload_limit + receive.ROOM + 1)
    assert caught.value.status == 413


def test_signatures_of_old_tools_are_read_over(work: Work) -> None:
    form, _spooled, held = receiving(work, joined(part("gpg_signature", b"\xff\xfe", "demo.whl.asc"), FILE))
    assert (form.fields, held) == ({}, b"some bytes")


def test_a_field_that_is_there_twice_has_no_one_value(work: Work) -> None:
    form = receiving(work, joined(part("name", "one"), part("name", "two"), FILE))[0]
    with pytest.raises(Refusal) as caught:
        form.one("name")
    assert caught.value.code == errors.FIELD_TWICE.code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(junk=st.binary(max_size=300), at=st.integers(0, 250))
def test_no_bytes_get_anything_but_a_reason(work: Work, junk: bytes, at: int) -> None:
    raw = joined(part("name", "demo"), FILE)
    with suppress(Refusal):
        receiving(work, raw[:at] + junk + raw[at:])
