"""Looking into an sdist: a gzipped tar archive with one folder at its top, and the metadata in it (PEP 625, 643)."""

from __future__ import annotations

from pathlib import Path

from portal.uploads import flaws
from portal.uploads.archives import METADATA_LIMIT, Inside, Malformed, Members, check_path
from portal.uploads.errors import Refusal
from portal.uploads.inflate import GZIP, Stream, has_header_sum, inflated, raw
from portal.uploads.tars import BLOCK, FILES, FOLDER, LINK, SYMLINK, Member, Tar, next_member
from portal.uploads.zips import ends_as_zip


def read_sdist(path: Path, filename: str) -> Inside:
    """What the sdist holds, after all checks. Raises Refusal. Slow: no transaction may be open."""
    try:
        with path.open("rb") as packed:
            if ends_as_zip(packed):
                raise Refusal(flaws.ARCHIVE, filename=filename)
            size = packed.seek(0, 2)
            packed.seek(0)
            if has_header_sum(packed.read(BLOCK)):
                raise Malformed
            packed.seek(0)
            return _read(Tar(Stream(inflated(raw(packed, size), GZIP)), size))
    except (Malformed, UnicodeDecodeError) as error:
        raise Refusal(flaws.ARCHIVE, filename=filename) from error


def _read(tar: Tar) -> Inside:
    members = Members()
    found: dict[str, bytes] = {}
    plain: set[str] = set()
    while member := next_member(tar):
        path = members.add(member.name, folder=member.kind == FOLDER)
        _check_kind(member, path, members, plain)
        if member.kind in FILES:
            plain.add(path)
        wanted = path.count("/") == 1 and path.endswith("/PKG-INFO") and member.kind in FILES
        if wanted and member.size > METADATA_LIMIT:
            raise Refusal(flaws.METADATA_TEXT)
        content = tar.content(member.size, keep=wanted)
        if wanted:
            found[path] = content
    tar.finish()
    members.check_folders()
    tops, files = members.tops(), members.files()
    if len(tops) != 1 or not tops.isdisjoint(files):
        raise Refusal(flaws.SDIST_FOLDER)
    top = tops.pop()
    path = f"{top}/PKG-INFO"
    if path not in found:
        raise Refusal(flaws.MEMBER_MISSING, member=path)
    return Inside(found[path], files, top)


def _check_kind(member: Member, path: str, members: Members, plain: set[str]) -> None:
    """Raise Refusal for what is neither a file, a folder, a link inside, nor a second name of a file in `plain`."""
    if member.kind == SYMLINK:
        members.check_link(path, member.target)
    elif member.kind == LINK:
        # A second name of a link or a folder is one thing to some readers, and an error to others.
        if check_path(member.target) not in plain:
            raise Refusal(flaws.MEMBER_PATH, member=member.name)
    elif member.kind not in FILES and member.kind != FOLDER:
        raise Refusal(flaws.MEMBER_KIND, member=member.name)
