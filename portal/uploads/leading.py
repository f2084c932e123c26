"""The fields before the file of a web form: read first, so that whoever sends it is known before the file is looked at.

What has been read looks like any other form to everything behind the gate: session, form token and confirmation
are checked as ever. The file waits in the environ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from multipart import MultipartError, MultipartSegment, PushMultipartParser
from webob.multidict import MultiDict

from portal.kernel.errors import TooLarge
from portal.uploads.errors import Refusal
from portal.uploads.receive import CHUNK, CONTENT, ROOM, Parts, boundary_of
from portal.web.gate import Unreadable

WAITING = "doorward.file"
PARSED = "webob._parsed_post_vars"
URLENCODED = "application/x-www-form-urlencoded"
FIELDS_LIMIT = 64 * 1024
COUNT_LIMIT = 100


@dataclass(frozen=True)
class Waiting:
    """A file that has not been read yet, and what comes behind it. `part` is None where there is none."""

    part: MultipartSegment | None
    parts: Parts


def read_leading(request: Any) -> None:
    """Read the fields up to the file. Raises Unreadable and TooLarge."""
    limit = request.registry.instance.settings.upload_limit + ROOM
    length = request.content_length or 0
    if length > limit:
        raise TooLarge(limit)
    stream = request.body_file_raw
    try:
        boundary = boundary_of(request.environ["CONTENT_TYPE"])
        parser = PushMultipartParser(boundary, content_length=length, max_segment_count=COUNT_LIMIT)
        parts = parser.parse_blocking(stream.read, CHUNK)
        fields, part = _fields(parts)
    except (Refusal, MultipartError) as error:
        raise Unreadable from error
    request.environ[WAITING] = Waiting(part, parts)
    request.environ["CONTENT_TYPE"] = URLENCODED
    request.environ[PARSED] = (MultiDict(fields), stream)


def _fields(parts: Parts) -> tuple[list[tuple[str, str]], MultipartSegment | None]:
    """(name, value) of the fields in front, and the part of the file, whose content has not been read."""
    found: list[tuple[str, str]] = []
    size = 0
    for part in parts:
        if not isinstance(part, MultipartSegment):
            continue
        if part.name == CONTENT:
            return found, part
        if part.filename is not None:
            raise Unreadable
        value = bytearray()
        for piece in parts:
            if piece is None:
                break
            value += piece
            size += len(piece)
            if size > FIELDS_LIMIT:
                raise TooLarge(FIELDS_LIMIT)
        found.append((_text(part.name.encode()), _text(bytes(value))))
    return found, None


def _text(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable from error
    if "\x00" in text:
        raise Unreadable
    return text
