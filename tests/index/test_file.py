"""Downloads: whole, in part, not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal.index.parts import Part
from portal.kernel.work import Instance
from portal.projects.store import FileStore
from tests.index.shelf import CONTENT, add_file, second, set_status
from tests.support.clock import NOON
from tests.support.site import Site

SIZE = len(CONTENT)
METADATA = "Metadata-Version: 2.1\nName: sample\nSummary: é\n".encode()


@pytest.fixture
def path(instance: Instance) -> str:
    """The address of a file that lies on the index, with its metadata."""
    return f"/files/{add_file(instance, metadata=METADATA).path}"


def get(site: Site, path: str, status: int = 200, **headers: str) -> Any:
    return site.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}, status=status)


def test_a_file_is_sent_whole_and_kept_for_ever(site: Site, path: str) -> None:
    answer = get(site, path)
    assert answer.body == CONTENT
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Content-Encoding" not in answer.headers


def test_a_browser_neither_shows_nor_runs_it(site: Site, path: str) -> None:
    answer = get(site, path)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="sample_project-1.0-py3-none-any.whl"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_its_metadata_lies_beside_it(site: Site, path: str) -> None:
    answer = get(site, path + ".metadata")
    assert answer.body == METADATA
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('.whl.metadata"')
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["ETag"] != get(site, path).headers["ETag"]


def test_a_file_without_metadata_has_none_beside_it(instance: Instance, site: Site) -> None:
    file = add_file(instance)
    get(site, f"/files/{file.path}.metadata", status=404)
    get(site, f"/files/{file.path}.metadata.metadata", status=404)


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=1000-", 1000, SIZE),
        ("bytes=1000-999999", 1000, SIZE),
        ("bytes=-24", SIZE - 24, SIZE),
        ("bytes=-999999", 0, SIZE),
        (f"bytes={SIZE - 1}-{SIZE - 1}", SIZE - 1, SIZE),
    ],
)
def test_a_range_is_sent_as_asked(site: Site, path: str, asked: str, start: int, stop: int) -> None:
    answer = get(site, path, status=206, Range=asked)
    assert answer.body == CONTENT[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(stop - start)
    assert answer.headers["ETag"] == get(site, path).headers["ETag"]


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0"])
def test_a_range_outside_of_the_file_is_416_with_the_size(site: Site, path: str, asked: str) -> None:
    answer = get(site, path, status=416, Range=asked)
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert answer.body == b""


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,3-4", "lines=1-2", "bytes=a-b", "bytes=-", "bytes=٣-٤"])
def test_a_range_that_is_none_gets_the_whole_file(site: Site, path: str, asked: str) -> None:
    headers = {"HTTP_RANGE": asked.encode().decode("latin-1")}
    assert site.get(path, extra_environ=headers, status=200).body == CONTENT


def test_a_range_of_another_version_gets_the_whole_file(site: Site, path: str) -> None:
    etag = get(site, path).headers["ETag"]
    for condition in (etag, second(NOON)):
        assert get(site, path, status=206, Range="bytes=0-9", If_Range=condition).body == CONTENT[:10]
    for condition in ('"other"', f"W/{etag}", second(NOON - timedelta(days=1)), "nonsense"):
        assert get(site, path, Range="bytes=0-9", If_Range=condition).body == CONTENT


def test_who_has_it_already_gets_304(site: Site, path: str) -> None:
    etag = get(site, path).headers["ETag"]
    for headers in ({"If_None_Match": etag}, {"If_Modified_Since": second(NOON)}):
        answer = get(site, path, status=304, **headers)
        assert answer.body == b""
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    get(site, path, If_None_Match='"other"')


def test_the_etag_is_the_hash_that_the_index_tells(instance: Instance, site: Site) -> None:
    file = add_file(instance)
    assert get(site, f"/files/{file.path}").headers["ETag"] == f'"{file.sha256}"'


def test_head_tells_the_size_and_sends_nothing(site: Site, path: str) -> None:
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = site.head(path, headers=headers, status=200)
        assert answer.body == b""
        assert answer.headers["Content-Length"] == str(SIZE)


class Wrapper:
    """What a server puts in place of `wsgi.file_wrapper`: it sees the file and sends it by itself."""

    def __init__(self, file: Any, _block: int) -> None:
        self.file = file

    def __iter__(self) -> Any:
        return iter(lambda: self.file.read(100), b"")

    def close(self) -> None:
        self.file.close()


@pytest.mark.parametrize(("asked", "expected"), [("", CONTENT), ("bytes=100-299", CONTENT[100:300])])
def test_the_server_gets_the_file_itself_also_for_a_range(site: Site, path: str, asked: str, expected: bytes) -> None:
    given: list[Wrapper] = []

    def wrap(file: Any, block: int) -> Wrapper:
        given.append(Wrapper(file, block))
        return given[-1]

    environ = {"wsgi.file_wrapper": wrap, **({"HTTP_RANGE": asked} if asked else {})}
    answer = site.get(path, extra_environ=environ)
    assert answer.body == expected
    [wrapper] = given
    assert wrapper.file.file.closed


def test_what_the_server_gets_behaves_as_a_file_of_that_part(instance: Instance) -> None:
    file = add_file(instance)
    part = Part(instance.ports[FileStore].open(file.path), 100, 300)
    assert (part.tell(), part.seek(0, 2), part.tell()) == (0, 200, 200)
    assert part.read() == b""
    part.seek(150)
    assert part.read(1000) == CONTENT[250:300]
    part.seek(-10, 2)
    assert part.seek(5, 1) == 195
    assert part.read() == CONTENT[295:300]
    part.seek(0)
    assert b"".join(part) == CONTENT[100:300]
    part.close()


NOWHERE = ["/files/", "/files/a", "/files/../keys/keys.json", "/files/%2e%2e/keys/keys.json", "/files/a//b"]


@pytest.mark.parametrize("path", [*NOWHERE, "/files/.metadata"])
def test_there_is_nothing_at_other_addresses(site: Site, path: str) -> None:
    get(site, path, status=404)


def test_a_file_of_a_project_in_quarantine_is_not_sent(instance: Instance, site: Site, path: str) -> None:
    set_status(instance, "sample-project", "quarantined")
    get(site, path, status=404)
    get(site, path + ".metadata", status=404)


def test_files_are_not_below_a_language(site: Site, path: str) -> None:
    get(site, f"/en-XA{path}", status=404)
