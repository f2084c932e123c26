"""Looking into a wheel: the files that it must have, and RECORD, which must list each file with its hash
(binary distribution format)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from packaging.utils import canonicalize_name
from packaging.version import Version

from portal.uploads import flaws
from portal.uploads.archives import METADATA_LIMIT, Inside, Malformed, Members, folded
from portal.uploads.declared import Declared
from portal.uploads.entry_points import SIZE_LIMIT, check_entry_points
from portal.uploads.errors import Refusal
from portal.uploads.filenames import escaped
from portal.uploads.records import RECORD_LIMIT, Line, check_listed, hash_of, read_record
from portal.uploads.tars import BLOCK, is_tar
from portal.uploads.wheel_file import check_wheel_file
from portal.uploads.zips import Entry, entries, pieces

INFO = ".dist-info"
DATA = ".data"
SCHEMES = frozenset({"purelib", "platlib", "headers", "scripts", "data"})
BESIDE = frozenset({"purelib", "platlib"})
"""The folders of `.data` whose content is installed where the other members are."""
LIMITS = {"WHEEL": 64 * 1024, "METADATA": METADATA_LIMIT, "RECORD": RECORD_LIMIT, "entry_points.txt": SIZE_LIMIT}
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
    # Everything below goes by these paths, so that no check speaks of another member than the next.
    by_path = [(members.add(entry.name, folder=entry.folder), entry) for entry in found]
    members.check_folders()
    folder = _info_folder(members, declared)
    files = members.files()
    _check_data_folder(files, folder)
    _check_data(members, folder)
    for name in REQUIRED:
        if f"{folder}/{name}" not in files:
            raise Refusal(flaws.MEMBER_MISSING, member=f"{folder}/{name}")
    special = {f"{folder}/{name}": limit for name, limit in LIMITS.items()}
    held = {path: _whole(file, entry, special[path]) for path, entry in by_path if path in special}
    check_wheel_file(held[f"{folder}/WHEEL"], filename)
    check_entry_points(held.get(f"{folder}/entry_points.txt", b""))
    record = read_record(held[f"{folder}/RECORD"], files)
    check_listed(files, record, folder)
    _check_hashes(file, by_path, record)
    return Inside(held[f"{folder}/METADATA"], files, f"{folder}/licenses")


def _whole(file: BinaryIO, entry: Entry, limit: int) -> bytes:
    """One member, read to its end so that its checksum is compared."""
    if entry.size > limit:
        metadata = entry.name.endswith("/METADATA")
        raise Refusal(flaws.METADATA_TEXT) if metadata else Refusal(flaws.MEMBER_LARGE, member=entry.name, limit=limit)
    return b"".join(pieces(file, entry))


def _check_hashes(file: BinaryIO, found: list[tuple[str, Entry]], record: dict[str, Line]) -> None:
    """Read every member once: its own checksum, and the hash that RECORD gives of it."""
    for path, entry in found:
        line = record.get(path)
        digest = hash_of(line)
        for piece in pieces(file, entry):
            digest.update(piece)
        if line is not None and not line.fits(digest.digest(), entry.size):
            raise Refusal(flaws.RECORD_DIFFERS, member=path)


def _check_data_folder(files: Collection[str], info: str) -> None:
    """Raise Refusal for what lies in `.data` and is put into no place by some installers, or into another."""
    folder = f"{info.removesuffix(INFO)}{DATA}"
    for path in sorted(files):
        top, _, rest = path.partition("/")
        kind, _, inner = rest.partition("/")
        # pip empties every folder of this ending, uv only the wheel's own.
        if top.endswith(DATA) and (top != folder or kind not in SCHEMES or not inner):
            raise Refusal(flaws.DATA_FOLDER, member=path, folder=folder)


def _check_data(members: Members, info: str) -> None:
    """Raise Refusal for what `.data` would put in another member's place, or into the folder of metadata."""
    places: dict[str, str] = {}
    for key, path in members.first.items():
        top, _, rest = key.partition("/")
        kind, _, inner = rest.partition("/")
        if not (top.endswith(DATA) and kind in BESIDE and inner) or members.seen[path]:
            continue
        other = members.first.get(inner) or places.setdefault(inner, path)
        if other != path or inner.startswith(f"{folded(info)}/"):
            raise Refusal(flaws.MEMBER_PLACE, member=path, other=info if other == path else other)


def _info_folder(members: Members, declared: Declared) -> str:
    """The one `.dist-info` folder, which must bear the wheel's name and version."""
    # Where case does not count, a second folder would lie in the first.
    found = [name for name in members.tops() if folded(name).endswith(INFO)]
    expected = f"{escaped(declared.normalized)}-{declared.version}{INFO}"
    if len(found) != 1 or not found[0].endswith(INFO):
        raise Refusal(flaws.MEMBER_MISSING, member=expected)
    name, _, version = found[0].removesuffix(INFO).partition("-")
    try:
        agrees = canonicalize_name(name) == declared.normalized and Version(version) == declared.version
    except ValueError:
        agrees = False
    if not agrees:
        raise Refusal(flaws.MEMBER_MISSING, member=expected)
    return found[0]
