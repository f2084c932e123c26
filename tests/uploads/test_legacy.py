"""The upload address as upload tools see it: status, reason phrase, and a text in the reader's language."""

from __future__ import annotations

import errno
import io
from typing import Any

import pytest

from portal.kernel.errors import Throttled
from portal.kernel.work import Instance
from portal.projects.store import DiskStore
from portal.tokens import service as tokens
from portal.tokens.listing import listed
from portal.uploads import receive
from tests.support.instances import Bed
from tests.support.site import Site
from tests.tokens.made import basic
from tests.uploads.artefacts import CONTENT_TYPE, Artefact, body, joined, metadata, part, sdist, wheel
from tests.uploads.conftest import Uploader

PATH = "/legacy/"


class Tool:
    """An upload tool: no cookie, no browser headers, a token."""

    def __init__(self, site: Site, token: str) -> None:
        site.extra_environ = {name: value for name, value in site.extra_environ.items() if "SEC_FETCH" not in name}
        self.site = site
        self.authorization = {"Authorization": basic(token)} if token else {}

    def post(self, raw: bytes, *, content_type: str = CONTENT_TYPE, **headers: str) -> Any:
        """Send these bytes; the answer, whatever its status."""
        sent = {"Content-Type": content_type, **self.authorization, **headers}
        return self.site.post(PATH, raw, headers=sent, expect_errors=True)

    def upload(self, artefact: Artefact, **headers: str) -> Any:
        """Upload a file; the answer, whatever its status."""
        return self.post(body(artefact), **headers)


@pytest.fixture
def tool(site: Site, uploader: Uploader) -> Tool:
    """Mira's upload tool."""
    return Tool(site, uploader.token)


def reason(answer: Any) -> str:
    """The reason phrase, which must be printable ASCII of at most 200 characters."""
    phrase: str = answer.status.partition(" ")[2]
    assert phrase.isascii()
    assert phrase.isprintable()
    assert len(phrase) <= 200
    return phrase


@pytest.mark.parametrize("artefact", [wheel(), sdist()], ids=["wheel", "sdist"])
def test_a_file_is_taken(tool: Tool, uploader: Uploader, artefact: Artefact) -> None:
    answer = tool.upload(artefact)
    assert answer.status == "200 OK"
    assert answer.content_type == "text/plain"
    assert artefact.filename in answer.text
    assert uploader.filenames() == [artefact.filename]


def test_the_event_tells_which_token_from_where(tool: Tool, uploader: Uploader) -> None:
    tool.upload(wheel(), **{"User-Agent": "twine/7.0.0 CPython/3.11"})
    kind, facts = uploader.history()[-1]
    assert (kind, facts["token"], facts["project"], facts["version"]) == ("file.uploaded", "laptop", "demo", "1.0")


def test_the_same_file_again_is_no_error(tool: Tool) -> None:
    tool.upload(wheel())
    again = tool.upload(wheel())
    assert again.status_int == 200
    assert "already" in again.text


def test_twine_can_tell_that_a_file_exists(tool: Tool) -> None:
    tool.upload(wheel())
    answer = tool.upload(wheel(demo__more_py="x"))
    assert answer.status_int == 400
    assert reason(answer).startswith("File already exists")


def test_the_reason_is_english_and_the_text_in_the_language_of_the_reader(
    tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The pseudo-locale is never offered: for this test it counts as any other language.
    monkeypatch.setattr("portal.language.offer.PSEUDO", frozenset())
    wrong = wheel().saying(version="nonsense")
    english = tool.upload(wrong)
    place = "http://localhost/help/uploads/#version"
    assert reason(english) == f'"nonsense" is not a version (PEP 440). Write one such as 1.0 or 2.1.0rc1. {place}'
    told = ["“nonsense” is not a version (PEP 440).", "Write one such as 1.0 or 2.1.0rc1.", f"More about it: {place}"]
    assert english.text.splitlines() == told
    pseudo = tool.upload(wrong, **{"Accept-Language": "en-XA"})
    assert reason(pseudo) == reason(english)
    assert pseudo.text != english.text
    assert "nonsense" in pseudo.text
    assert pseudo.headers["Content-Language"] == "en-XA"
    assert "Accept-Language" in pseudo.headers["Vary"]


def test_without_credentials_the_tool_is_asked_for_some(site: Site, ready: Instance) -> None:
    answer = Tool(site, "").upload(wheel())
    assert answer.status_int == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert "__token__" in reason(answer)


def test_a_cookie_session_or_a_password_is_no_token(site: Site, uploader: Uploader) -> None:
    tool = Tool(site, "")
    answer = tool.upload(wheel(), Authorization=basic("a long walk by the sea", "mira"))
    assert answer.status_int == 403
    assert "WWW-Authenticate" not in answer.headers


def test_bad_tokens_get_one_refusal_with_a_hint(site: Site, uploader: Uploader) -> None:
    token = uploader.token
    bad = [token[:-5], token[:60], "pypi-", token.swapcase(), token + "A" * 5000, "nonsense", "pypi-\u00e9"]
    answers = [Tool(site, each).upload(wheel()) for each in bad]
    assert {answer.status_int for answer in answers} == {403}
    assert len({reason(answer) for answer in answers}) == 1
    assert "cut off" in reason(answers[0])
    assert uploader.history() == []


def test_a_revoked_token_is_told_so(tool: Tool, uploader: Uploader) -> None:
    with uploader.instance.work() as work:
        tokens.revoke(work, uploader.account_id, listed(work, uploader.account_id).tokens[0].id)
    answer = tool.upload(wheel())
    assert answer.status_int == 403
    assert "revoked" in reason(answer)
    assert [kind for kind, facts in uploader.history()] == ["token.revoked", "token.tried_revoked"]


def test_a_refusal_stays_in_the_history_and_nothing_else_does(tool: Tool, uploader: Uploader) -> None:
    assert tool.upload(wheel().holding(b"no archive")).status_int == 400
    assert [facts["code"] for kind, facts in uploader.history()] == ["archive"]
    assert (uploader.projects(), uploader.stored()) == ([], [])


def test_no_encoding_of_the_metadata_brings_a_nul_into_the_database(tool: Tool, uploader: Uploader) -> None:
    for line in ("Content-Transfer-Encoding: base64", "content-transfer-encoding: quoted-printable"):
        answer = tool.upload(wheel(inside=metadata("demo", "1.0", line, body="AAAA\n")))
        assert answer.status_int == 400
        assert "transfer-encoding" in reason(answer).lower()
    assert uploader.stored() == []


def test_a_length_above_the_limit_is_enough(tool: Tool, uploader: Uploader) -> None:
    class Untouched(io.BytesIO):
        """A body that nobody may read."""

        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError

    limit = uploader.instance.settings.upload_limit
    environ = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(2 * limit), "CONTENT_TYPE": CONTENT_TYPE}
    answer = tool.site.request(PATH, method="POST", environ=environ, headers=tool.authorization, expect_errors=True)
    assert answer.status_int == 413
    assert "100 megabytes" in reason(answer)


def test_a_file_above_the_limit_is_413_too(bed: Bed, uploader: Uploader) -> None:
    small = bed.assemble(upload_limit=1000)
    tool = Tool(Site(small), uploader.token)
    assert tool.upload(wheel().holding(b"x" * 1001)).status_int == 413
    assert uploader.stored() == []
    small.instance.database.close()


def test_before_there_is_an_administrator_nothing_is_taken(site: Site) -> None:
    answer = Tool(site, "pypi-anything").upload(wheel())
    assert answer.status_int == 503
    assert "not set up" in reason(answer)


def test_who_tries_too_often_is_told_when_to_come_back(bed: Bed, uploader: Uploader) -> None:
    strict = bed.assemble(throttle_free=1)
    tool = Tool(Site(strict), "pypi-nonsense")
    answers = [tool.post(b"") for _attempt in range(31)]
    assert {answer.status_int for answer in answers[:-1]} == {403}
    assert answers[-1].status_int == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "UTC" in reason(answers[-1])
    assert Tool(Site(strict), uploader.token).upload(wheel()).status_int == 200
    strict.instance.database.close()


def test_an_upload_stopped_for_good_says_so(site: Site, uploader: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_arguments: object) -> None:
        raise Throttled(None)

    monkeypatch.setattr("portal.tokens.policy.reserve", stopped)
    answer = Tool(site, "pypi-nonsense").post(b"")
    assert answer.status_int == 429
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"", CONTENT_TYPE),
        (b"", ""),
        (b"a=1", "application/x-www-form-urlencoded"),
        (b"a=%ff", "application/x-www-form-urlencoded; charset=foo"),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=\u00e9"),
        (body(wheel())[:-40], CONTENT_TYPE),
        (body(wheel())[:500], CONTENT_TYPE),
        (b"\x00" * 4096, CONTENT_TYPE),
        (joined(part("name", b"\xff\xfe"), part("content", b"x", "x.whl")), CONTENT_TYPE),
        (joined(part("name\x00", "demo"), part("content", b"x", "x.whl")), CONTENT_TYPE),
        (
            joined(
                part(":action", "file_upload"),
                part("content", b"x", "x\udcff.whl".encode("utf-8", "surrogateescape").decode("latin-1")),
            ),
            CONTENT_TYPE,
        ),
        (body(wheel().called("../../evil-1.0-py3-none-any.whl")), CONTENT_TYPE),
        (body(wheel().saying(name="x" * 100_000)), CONTENT_TYPE),
        (body(wheel().saying(classifiers=["x"] * 3000)), CONTENT_TYPE),
        (body(wheel().saying(description="x" * (receive.FIELD_LIMIT + 1))), CONTENT_TYPE),
        (body(wheel().saying(version="1" * 9000)), CONTENT_TYPE),
    ],
)
def test_bad_input_is_400_and_never_an_error_of_ours(
    tool: Tool, uploader: Uploader, raw: bytes, content_type: str
) -> None:
    answer = tool.post(raw, content_type=content_type)
    assert answer.status_int == 400
    assert len(reason(answer)) > 20
    assert (uploader.filenames(), uploader.stored()) == ([], [])


def test_actions_of_long_ago_are_gone(tool: Tool) -> None:
    assert tool.upload(wheel().saying(**{":action": "submit"})).status_int == 410


def test_what_a_stranger_wrote_stands_in_the_reason_as_one_harmless_line(tool: Tool) -> None:
    answer = tool.upload(wheel().saying(version="1\r\nSet-Cookie: a=b; \u202eé\u4e2d" + "9" * 300))
    assert answer.status_int == 400
    assert "Set-Cookie" not in answer.headers
    assert "\\r\\n" in reason(answer)


def test_a_person_who_comes_along_is_told_what_the_address_is_for(site: Site) -> None:
    answer = site.get(PATH)
    assert answer.content_type == "text/plain"
    assert "http://localhost/legacy/" in answer.text
    assert site.head(PATH).body == b""
    refused = site.put(PATH, b"", expect_errors=True)
    assert (refused.status_int, refused.content_type) == (405, "text/plain")
    assert refused.headers["Allow"] == "GET, HEAD, POST"


def test_forms_of_browsers_get_no_further_than_the_token(site: Site, uploader: Uploader) -> None:
    answer = site.post(PATH, {":action": "file_upload"}, headers={"Sec-Fetch-Site": "cross-site"}, expect_errors=True)
    assert answer.status_int == 401


def test_the_address_is_nothing_below_a_language(tool: Tool) -> None:
    answer = tool.site.post("/en-XA/legacy/", b"", headers=tool.authorization, expect_errors=True)
    assert answer.status_int == 404


@pytest.mark.parametrize("path", ["/", "/simple/", "/simple", "/pypi/"])
def test_an_upload_to_the_address_of_the_index_is_told_the_right_one(site: Site, uploader: Uploader, path: str) -> None:
    tool = Tool(site, uploader.token)
    headers = {"Content-Type": CONTENT_TYPE, **tool.authorization}
    answer = site.post(path, body(wheel()), headers=headers, expect_errors=True)
    assert answer.status_int == 404
    assert reason(answer).startswith("Uploads go to another address: http://localhost/legacy/")
    assert uploader.stored() == []


def test_a_form_that_is_no_upload_gets_a_page_at_those_addresses(site: Site) -> None:
    answer = site.post("/", {"a": "b"}, expect_errors=True)
    assert answer.content_type == "text/html"


@pytest.mark.parametrize(("query", "status"), [("?check=%ff", 400), ("?check=%00", 400)])
def test_a_query_that_is_no_text_is_refused_in_words_for_programs(tool: Tool, query: str, status: int) -> None:
    headers = {"Content-Type": CONTENT_TYPE, **tool.authorization}
    answer = tool.site.post(PATH + query, body(wheel()), headers=headers, expect_errors=True)
    assert (answer.status_int, answer.content_type) == (status, "text/plain")
    assert reason(answer).startswith("The request can't be read.")


def test_a_fault_of_ours_is_told_in_words_for_programs_and_keeps_nothing(
    tool: Tool, uploader: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: DiskStore, sources: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(DiskStore, "put", full)
    answer = tool.upload(wheel())
    assert (answer.status_int, answer.content_type) == (500, "text/plain")
    assert reason(answer).startswith("Something went wrong here, and it is not the fault of your file. Reference: ")
    assert "space" not in answer.text
    assert (uploader.filenames(), uploader.stored()) == ([], [])
