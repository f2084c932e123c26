"""Uploading to a real server: somebody with a token, made beside it, and bodies of any size."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from portal.audit.service import Record
from portal.kernel.database import Database
from portal.kernel.settings import read_settings
from portal.kernel.vault import load_vault
from portal.kernel.work import Instance
from portal.projects.models import File
from portal.tokens import service as tokens
from portal.tokens.models import UPLOAD, May
from tests.support.people import make_person
from tests.support.serving import PATIENCE_SECONDS, Doorward
from tests.support.visitor import Visitor
from tests.tokens.made import basic
from tests.uploads.artefacts import CONTENT_TYPE, Artefact, body, joined, part

CHUNK = 1024 * 1024
Sending = Iterable[bytes]


def beside(doorward: Doorward, **environ: str) -> Instance:
    """The same instance, opened by the test: services work on the server's database and files."""
    given = {"doorward.data": str(doorward.data), "doorward.base_url": doorward.url}
    settings = read_settings(given, environ)
    vault = load_vault(settings.data / "keys" / "keys.json")
    return Instance(settings, vault, Database(settings.database), Record())


def make_token(instance: Instance, username: str = "ada", *, may: May = UPLOAD) -> str:
    """The token of a new person, for uploads unless `may` says something else."""
    person = make_person(instance, username)
    with instance.work() as work:
        return tokens.create(work, person.account_id, name="laptop", projects=None, expires_at=None, may=may).secret


def filenames(instance: Instance) -> list[str]:
    """The files that rows name."""
    with instance.work(write=False) as work:
        return list(work.db.scalars(select(File.filename).order_by(File.filename)))


def stored(data: Path) -> list[str]:
    """The names of all files below the folders of uploads."""
    return sorted(path.name for name in ("files", "incoming") for path in (data / name).rglob("*") if path.is_file())


def pieces(artefact: Artefact, path: Path | None, made: Callable[[Artefact], bytes] = body) -> tuple[int, Sending]:
    """Length and pieces of a form with a file; the content of `path` stands for the artefact's own."""
    if path is None:
        whole = made(artefact)
        return len(whole), [whole]
    mark = b"@@content@@"
    head, tail = made(replace(artefact, content=mark)).split(mark)

    def read() -> Iterator[bytes]:
        yield head
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece
        yield tail

    return len(head) + path.stat().st_size + len(tail), read()


def upload(
    doorward: Doorward, token: str, artefact: Artefact, path: Path | None = None, *, network: str = "127.0.0.1"
) -> tuple[int, str]:
    """Status and reason phrase of one upload; a trusted proxy here may name another network."""
    length, parts = pieces(artefact, path)
    headers = {"Authorization": basic(token), "Content-Type": CONTENT_TYPE, "Content-Length": str(length)}
    return _post(doorward, "/legacy/", parts, headers | {"X-Forwarded-For": network})


def upload_by_hand(visitor: Visitor, artefact: Artefact, path: Path | None = None) -> tuple[int, str]:
    """The same on the page for a new project, by a visitor who signed in a moment ago."""
    form = visitor.open("/manage/projects/upload/").page.select_one("main form")
    assert form is not None, visitor.page.get_text()
    fields = [part(str(field["name"]), str(field.get("value", ""))) for field in form.select("input[type=hidden]")]

    def made(sent: Artefact) -> bytes:
        return joined(*fields, part("content", sent.content, sent.filename))

    length, parts = pieces(artefact, path, made)
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": CONTENT_TYPE, "Content-Length": str(length)}
    return _post(visitor.doorward, str(form["action"]), parts, headers | {"Sec-Fetch-Site": "same-origin"})


def _post(doorward: Doorward, path: str, parts: Sending, headers: dict[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", doorward.port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", path, parts, headers | {"Host": urlsplit(doorward.url).netloc})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.reason
    finally:
        connection.close()


def head(doorward: Doorward, *, length: int | None = 1000, path: str = "/legacy/", **headers: str) -> bytes:
    """The head of an upload."""
    lines = [f"POST {path} HTTP/1.1", f"Host: localhost:{doorward.port}", f"Content-Type: {CONTENT_TYPE}"]
    lines += [f"Content-Length: {length}"] * (length is not None)
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def status_line(said: bytes) -> str:
    """The first line of an answer."""
    return said.partition(b"\r\n")[0].decode()
