"""Looking into a wheel: the files that it must have, and RECORD, which must list each file with its hash
(binary distribution format)."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from packaging.utils import canonicalize_name
from packaging.version import Version

from portal.uploads import flaws
from portal.uploads.archives import METADATA_LIMIT, Inside, Malformed, Members
from portal.uploads.declared import Declared
from portal.uploads.entry_points import check_entry_points
from portal.uploads.errors import Refusal
from portal.uploads.filenames import escaped
from portal.uploads.records import RECORD_LIMIT, Line, check_listed, hash_of, read_record
from portal.uploads.sdists import BLOCK, is_tar
from portal.uploads.wheel_file import check_wheel_file
from portal.uploads.zips import Entry, entries, pieces

INFO = ".dist-info"
SMALL_FILE = 64 * 1024
LIMITS = {"WHEEL": SMALL_FILE, "METADATA": METADATA_LIMIT, "RECORD": RECORD_LIMIT, "entry_points.txt": 256 * 1024}
REQUIRED = ("METADATA", "WHEEL", "RECORD")


def read_wheel(path: Path, filename: str, declared: Declared) -> Inside:
    """What the wheel holds, after all checks. Raises Refusal. Slow: no transaction may be open."""
    try:
        with path.open("rb") as file:
            if is_tar(file.read(BLOCK)):
                raise Refusal(flaws.ARCHIVE, filename=filename)
            return _read(file, entries(file), filename, declared)
    except Malformed as error:
        raise Refusal(flaws.ARCHIVE, filename=filename) from error


def _read(file: BinaryIO, found: list[Entry], filename: str, declared: Declared) -> Inside:
    members = Members()
    for entry in found:
        members.add(entry.name, folder=entry.folder)
    members.check_folders()
    folder = _info_folder(members, declared)
    files = members.files()
    for name in REQUIRED:
        if f"{folder}/{name}" not in files:
            raise Refusal(flaws.MEMBER_MISSING, member=f"{folder}/{name}")
    special = {f"{folder}/{name}": limit for name, limit in LIMITS.items()}
    held = {entry.name: _whole(file, entry, special[entry.name]) for entry in found if entry.name in special}
    check_wheel_file(held[f"{folder}/WHEEL"], filename)
    check_entry_points(held.get(f"{folder}/entry_points.txt", b""))
    record = read_record(held[f"{folder}/RECORD"], files)
    check_listed(files, record, folder)
    _check_hashes(file, found, record)
    return Inside(held[f"{folder}/METADATA"], files, f"{folder}/licenses")


def _whole(file: BinaryIO, entry: Entry, limit: int) -> bytes:
    """One member, read to its end so that its checksum is compared."""
    if entry.size > limit:
        metadata = entry.name.endswith("/METADATA")
        raise Refusal(flaws.METADATA_TEXT) if metadata else Refusal(flaws.MEMBER_LARGE, member=entry.name, limit=limit)
    return b"".join(pieces(file, entry))


def _check_hashes(file: BinaryIO, found: list[Entry], record: dict[str, Line]) -> None:
    """Read every member once: its own checksum, and the hash that RECORD gives of it."""
    for entry in found:
        digest, line = hash_of(record.get(entry.name)), record.get(entry.name)
        for piece in pieces(file, entry):
            digest.update(piece)
        if line is not None and not line.fits(digest.digest(), entry.size):
            raise Refusal(flaws.RECORD_DIFFERS, member=entry.name)


def _info_folder(members: Members, declared: Declared) -> str:
    """The one `.dist-info` folder, which must bear the wheel's name and version."""
    found = [name for name in members.tops() if name.endswith(INFO)]
    expected = f"{escaped(declared.normalized)}-{declared.version}{INFO}"
    if len(found) != 1:
        raise Refusal(flaws.MEMBER_MISSING, member=expected)
    name, _, version = found[0].removesuffix(INFO).partition("-")
    try:
        agrees = canonicalize_name(name) == declared.normalized and Version(version) == declared.version
    except ValueError:
        agrees = False
    if not agrees:
        raise Refusal(flaws.MEMBER_MISSING, member=expected)
    return found[0]
