"""Receiving one upload: a form with one file, read once and in pieces, hashed on its way to the disk."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header

from portal.kernel.settings import MEGABYTE, Settings
from portal.kernel.work import Work
from portal.uploads import errors
from portal.uploads.errors import Refusal, shorten

CHUNK = 256 * 1024
FIELD_LIMIT = MEGABYTE
FORM_LIMIT = 2 * MEGABYTE
COUNT_LIMIT = 2000
ROOM = FORM_LIMIT + MEGABYTE
"""What fields, part headers and boundaries may take beside the file, in bytes."""

BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
CONTENT = "content"
Parts = Iterator[MultipartSegment | bytes | bytearray | None]
IGNORED_FILES = frozenset({"gpg_signature"})


class Hash(Protocol):
    """A digest that is fed in pieces."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class Input(Protocol):
    """A body that is read once (`wsgi.input`)."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Body:
    """What HTTP says about a body, and the body itself. `length` is in bytes."""

    content_type: str
    length: int
    stream: Input


@dataclass
class Spooled:
    """The file of an upload in its temporary place. `name` is what the client calls it; digests are hexadecimal."""

    path: Path
    handle: BinaryIO
    name: str = ""
    size: int = 0
    digests: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    """The text fields in the order in which they came."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    size: int = 0

    def one(self, name: str) -> str:
        """The value of a field that may be there once, trimmed; empty where it is missing. Raises Refusal."""
        values = self.fields.get(name, [])
        if len(values) > 1:
            raise Refusal(errors.FIELD_TWICE, field=name)
        return values[0].strip() if values else ""


def incoming(work: Work) -> Path:
    """Where files lie while they are received: below the data directory, on the file system of the store."""
    return work.settings.data / "incoming"


@contextmanager
def spool(work: Work) -> Iterator[Spooled]:
    """A new temporary file, held against the sweep and gone at the end unless it was moved away."""
    folder = incoming(work)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{uuid4().hex}.part"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        try:
            yield Spooled(path, handle)
        finally:
            path.unlink(missing_ok=True)


def check_length(work: Work, length: int) -> None:
    """Refuse by its length alone what can't hold a file that is small enough. Raises Refusal."""
    if length > work.settings.upload_limit + ROOM:
        raise too_large(work.settings)


def too_large(settings: Settings) -> Refusal:
    """The refusal of a file above the limit of this instance."""
    return Refusal(errors.TOO_LARGE, limit=settings.upload_limit // MEGABYTE)


def receive(work: Work, body: Body, spooled: Spooled, before_file: Callable[[Form, str], None]) -> Form:
    """Read the body to its end: text fields into the form, the file into `spooled`.

    `before_file` is called with the fields so far and the file's name when the file begins, and may refuse.
    Raises Refusal. Slow: no transaction may be open.
    """
    boundary = boundary_of(body.content_type)
    parser = PushMultipartParser(boundary, content_length=body.length, max_segment_count=COUNT_LIMIT + 1)
    reader = _Reader(work, spooled, before_file, parser.parse_blocking(body.stream.read, CHUNK))
    try:
        reader.read()
    except ParserLimitReached as error:
        raise Refusal(errors.TOO_MANY_FIELDS, limit=COUNT_LIMIT) from error
    except MultipartError as error:
        raise Refusal(errors.BROKEN_FORM) from error
    if not spooled.digests:
        raise Refusal(errors.NO_FILE)
    return reader.form


def announced(work: Work, body: Body) -> str:
    """What the file of an upload is called; empty where that can't be told. Reads the body up to there, and no more."""
    spooled = Spooled(Path(), BytesIO())
    with suppress(Refusal):
        receive(work, body, spooled, _stop)
    return shorten(spooled.name)


def _stop(_form: Form, _filename: str) -> None:
    raise Refusal(errors.NO_FILE)


def receive_file(work: Work, part: MultipartSegment, parts: Parts, spooled: Spooled) -> None:
    """Read the file of a form whose earlier fields have been read, and the form to its end. Raises Refusal.

    Slow: no transaction may be open.
    """
    reader = _Reader(work, spooled, lambda _form, _filename: None, parts)
    try:
        reader.take_file(part)
        reader.read()
    except MultipartError as error:
        raise Refusal(errors.BROKEN_FORM) from error


def boundary_of(content_type: str) -> str:
    """The boundary between the parts of a form. Raises Refusal where it is no form of that kind."""
    kind, options = parse_options_header(content_type)
    boundary: str = options.get("boundary", "")
    charset = options.get("charset", "utf-8").lower()
    if kind != "multipart/form-data" or not BOUNDARY.fullmatch(boundary) or charset not in {"utf-8", "utf8"}:
        raise Refusal(errors.NOT_MULTIPART)
    return boundary


@dataclass
class _Reader:
    """Takes the parts of one form as the parser gives them out."""

    work: Work
    spooled: Spooled
    before_file: Callable[[Form, str], None]
    parts: Parts
    form: Form = field(default_factory=Form)

    def read(self) -> None:
        """All parts."""
        for part in self.parts:
            if isinstance(part, MultipartSegment):
                self.take_file(part) if part.name == CONTENT else self.take_text(part)

    def take_file(self, part: MultipartSegment) -> None:
        if self.spooled.digests:
            raise Refusal(errors.FIELD_TWICE, field=CONTENT)
        if not part.filename:
            raise Refusal(errors.NO_FILE)
        self.spooled.name = part.filename
        self.before_file(self.form, part.filename)
        self.work.require_settled()
        self.write()

    def take_text(self, part: MultipartSegment) -> None:
        name = part.name or ""
        value = self.text(name)
        if part.filename is None:
            self.form.fields.setdefault(name, []).append(_decoded(name, value))
        elif name not in IGNORED_FILES:
            raise Refusal(errors.FILE_IN_TEXT_FIELD, field=name)

    def content(self) -> Iterator[bytes]:
        """The pieces of the part that has just begun; None marks its end."""
        for piece in self.parts:
            if piece is None:
                return
            yield bytes(piece)

    def write(self) -> None:
        hashes: dict[str, Hash] = {"sha256": hashlib.sha256(), "blake2_256": hashlib.blake2b(digest_size=32)}
        hashes["md5"] = hashlib.md5(usedforsecurity=False)
        for piece in self.content():
            self.spooled.size += len(piece)
            if self.spooled.size > self.work.settings.upload_limit:
                raise too_large(self.work.settings)
            self.spooled.handle.write(piece)
            for one in hashes.values():
                one.update(piece)
        self.spooled.handle.flush()
        if not self.spooled.size:
            raise Refusal(errors.EMPTY_FILE)
        self.spooled.digests = {name: one.hexdigest() for name, one in hashes.items()}

    def text(self, name: str) -> bytes:
        value = bytearray()
        for piece in self.content():
            value += piece
            if len(value) > FIELD_LIMIT:
                raise Refusal(errors.FIELD_TOO_LONG, field=name, limit=FIELD_LIMIT)
        self.form.size += len(value) + len(name)
        if self.form.size > FORM_LIMIT:
            raise Refusal(errors.FORM_TOO_LONG, limit=FORM_LIMIT)
        return bytes(value)


def _decoded(name: str, value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(errors.NOT_TEXT, field=name) from error
    if "\x00" in text or "\x00" in name:
        raise Refusal(errors.NOT_TEXT, field=name)
    return text
