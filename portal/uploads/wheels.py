"""Looking into a wheel: a plain ZIP archive whose readers can't disagree, with the files that a wheel must have.

Only what every ZIP reader understands alike is taken: nothing before the first member or after the
directory, no comment, no ZIP64, no encryption, and local headers that say what the directory says.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from packaging.utils import canonicalize_name
from packaging.version import Version

from portal.uploads import errors
from portal.uploads.archives import MEMBER_LIMIT, METADATA_LIMIT, Members, check_ratio
from portal.uploads.declared import Declared
from portal.uploads.errors import Refusal
from portal.uploads.filenames import escaped

END = struct.Struct("<4sHHHHIIH")
END_MARK = b"PK\x05\x06"
LOCAL = struct.Struct("<4sHHHHHIIIHH")
LOCAL_MARK = b"PK\x03\x04"
DIRECTORY_LIMIT = 16 * 1024 * 1024
ENCRYPTED = 0x1
KINDS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
INFO = ".dist-info"
SMALL_FILE = 64 * 1024

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    IndexError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
)
"""What the zip reader raises for archives that are none."""


def read_wheel(path: Path, filename: str, declared: Declared) -> bytes:
    """The content of METADATA, after all checks. Raises Refusal. Slow: no transaction may be open."""
    try:
        with path.open("rb") as file:
            _check_frame(file, filename)
            with zipfile.ZipFile(file) as archive:
                _check_members(archive, file, filename)
                return _metadata(archive, declared)
    except UNREADABLE as error:
        raise Refusal(errors.ARCHIVE, filename=filename) from error


def _check_frame(file: BinaryIO, filename: str) -> None:
    """Refuse before the directory is read into memory what is framed in an unusual way."""
    size = file.seek(0, 2)
    file.seek(0)
    first = file.read(len(LOCAL_MARK))
    file.seek(max(0, size - END.size))
    mark, disk, directory_disk, here, count, length, offset, comment = END.unpack(file.read(END.size))
    if mark != END_MARK or first != LOCAL_MARK or (disk, directory_disk, comment) != (0, 0, 0) or here != count:
        raise Refusal(errors.ARCHIVE, filename=filename)
    if count > MEMBER_LIMIT or length > DIRECTORY_LIMIT:
        raise Refusal(errors.TOO_MANY_MEMBERS, limit=MEMBER_LIMIT)
    if offset + length + END.size != size:
        raise Refusal(errors.ARCHIVE, filename=filename)


def _check_members(archive: zipfile.ZipFile, file: BinaryIO, filename: str) -> None:
    for info in archive.infolist():
        _check_member(info, file, filename)
    # Members may share the same packed bytes: what counts is how large the archive really is.
    check_ratio(file.seek(0, 2), sum(info.file_size for info in archive.infolist()))


def _metadata(archive: zipfile.ZipFile, declared: Declared) -> bytes:
    members = Members()
    for info in archive.infolist():
        members.add(info.filename, folder=info.is_dir())
    folder = _info_folder(members, declared)
    for name in ("METADATA", "WHEEL", "RECORD"):
        if f"{folder}/{name}" not in members.seen:
            raise Refusal(errors.MEMBER_MISSING, member=f"{folder}/{name}")
    _check_format(_content(archive, f"{folder}/WHEEL", SMALL_FILE))
    metadata = _content(archive, f"{folder}/METADATA", METADATA_LIMIT)
    if metadata is None:
        raise Refusal(errors.METADATA_TEXT)
    return metadata


def _check_member(info: zipfile.ZipInfo, file: BinaryIO, filename: str) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR} or info.compress_type not in KINDS or info.flag_bits & ENCRYPTED:
        raise Refusal(errors.MEMBER_KIND, member=info.filename)
    file.seek(info.header_offset)
    header = LOCAL.unpack(file.read(LOCAL.size))
    mark, name_length = header[0], header[9]
    # The name as it is stored: the reader cuts it at a NUL, others may not.
    name = file.read(name_length)
    encoding = "utf-8" if info.flag_bits & 0x800 else "cp437"
    if mark != LOCAL_MARK or name != info.orig_filename.encode(encoding) or info.orig_filename != info.filename:
        raise Refusal(errors.ARCHIVE, filename=filename)


def _info_folder(members: Members, declared: Declared) -> str:
    """The one `.dist-info` folder, which must bear the wheel's name and version."""
    found = [name for name in members.tops() if name.endswith(INFO)]
    expected = f"{escaped(declared.normalized)}-{declared.version}{INFO}"
    if len(found) != 1:
        raise Refusal(errors.MEMBER_MISSING, member=expected)
    name, _, version = found[0].removesuffix(INFO).partition("-")
    try:
        agrees = canonicalize_name(name) == declared.normalized and Version(version) == declared.version
    except ValueError:
        agrees = False
    if not agrees:
        raise Refusal(errors.MEMBER_MISSING, member=expected)
    return found[0]


def _check_format(content: bytes | None) -> None:
    """Raise Refusal unless WHEEL says that this is a wheel of format 1."""
    for line in (content or b"").decode("utf-8", "replace").splitlines():
        field, _, value = line.partition(":")
        if field.strip().lower() == "wheel-version" and value.strip().partition(".")[0] == "1":
            return
    raise Refusal(errors.WHEEL_FORMAT)


def _content(archive: zipfile.ZipFile, name: str, limit: int) -> bytes | None:
    """One member, read to its end so that its checksum is compared; None where it is too long."""
    with archive.open(name) as member:
        content = member.read(limit + 1)
    return content if len(content) <= limit else None
