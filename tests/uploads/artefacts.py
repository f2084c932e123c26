"""Wheels and sdists made in memory: valid ones, and such as differ in the one thing that a test is about."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import Any

from portal.projects.names import normalize

BOUNDARY = "----a-boundary"
WHEEL_FILE = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@dataclass(frozen=True)
class Artefact:
    """A file to be uploaded, and the form fields that an upload tool would send with it."""

    filename: str
    content: bytes
    fields: dict[str, Any]

    def saying(self, **fields: Any) -> Artefact:
        """The same file with other form fields; None leaves one out, a list repeats it."""
        changed = {**self.fields, **fields}
        return replace(self, fields={name: value for name, value in changed.items() if value is not None})

    def called(self, filename: str) -> Artefact:
        """The same under another file name."""
        return replace(self, filename=filename)

    def holding(self, content: bytes) -> Artefact:
        """Other content, with the digests that belong to it."""
        return replace(self, content=content, fields={**self.fields, **digests(content)})


def digests(content: bytes) -> dict[str, str]:
    """The digest fields of a file."""
    return {
        "md5_digest": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha256_digest": hashlib.sha256(content).hexdigest(),
        "blake2_256_digest": hashlib.blake2b(content, digest_size=32).hexdigest(),
    }


def metadata(name: str = "demo", version: str = "1.0", *more: str, body: str = "# Demo\n") -> str:
    """Core metadata as a file holds it; `more` are further header lines."""
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", "Summary: A demonstration", *more]
    return "\n".join([*lines, "Description-Content-Type: text/markdown", "", body])


def wheel_members(name: str = "demo", version: str = "1.0", inside: str | None = None) -> dict[str, str | bytes]:
    """The members of a small wheel."""
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    return {
        f"{name.replace('-', '_')}/__init__.py": f'"""{name}."""\n',
        f"{folder}/METADATA": inside if inside is not None else metadata(name, version),
        f"{folder}/WHEEL": WHEEL_FILE,
    }


def record(members: dict[str, str | bytes], folder: str) -> str:
    """RECORD of these members, for the folder of metadata."""
    lines = []
    for name, content in members.items():
        raw = content.encode() if isinstance(content, str) else content
        hashed = urlsafe_b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
        lines += [] if name.endswith("/") else [f'"{name}",sha256={hashed},{len(raw)}\n']
    return "".join([*lines, f"{folder}/RECORD,,\n"])


def zipped_wheel(members: dict[str, str | bytes]) -> bytes:
    """A wheel of these members, with the RECORD that belongs to them unless they hold one."""
    folder = next((name.partition("/")[0] for name in members if ".dist-info/" in name), "demo-1.0.dist-info")
    return zipped({f"{folder}/RECORD": record(members, folder)} | members)


def zipped(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 6, 1, 12, 0, 0)), content, method)
    return held.getvalue()


def wheel(name: str = "demo", version: str = "1.0", *, inside: str | None = None, **changes: str | bytes) -> Artefact:
    """A wheel; `inside` is its METADATA, `changes` add members (``__`` stands for a slash)."""
    members = wheel_members(name, version, inside) | {key.replace("__", "/"): value for key, value in changes.items()}
    return of_wheel(zipped_wheel(members), name, version)


def of_wheel(content: bytes, name: str = "demo", version: str = "1.0") -> Artefact:
    """These bytes as a wheel."""
    fields = form(name, version, "bdist_wheel", "py3") | digests(content)
    return Artefact(f"{normalize(name).replace('-', '_')}-{version}-py3-none-any.whl", content, fields)


def tarred(members: list[tuple[tarfile.TarInfo, bytes]], kind: int = tarfile.PAX_FORMAT) -> bytes:
    """A gzipped tar archive."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:", format=kind) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return gzip.compress(held.getvalue(), mtime=0)


def member(name: str, content: str | bytes = b"", **attributes: Any) -> tuple[tarfile.TarInfo, bytes]:
    """One member of a tar archive."""
    raw = content.encode() if isinstance(content, str) else content
    info = tarfile.TarInfo(name)
    info.size = len(raw)
    info.mtime = 1780315200.5
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info, raw


def sdist_members(name: str = "demo", version: str = "1.0", inside: str | None = None) -> list[Any]:
    """The members of a small sdist."""
    top = f"{name}-{version}"
    return [
        member(f"{top}/", type=tarfile.DIRTYPE),
        member(f"{top}/PKG-INFO", inside if inside is not None else metadata(name, version)),
        member(f"{top}/pyproject.toml", "[build-system]\nrequires = []\n"),
    ]


def sdist(name: str = "demo", version: str = "1.0", *more: Any, inside: str | None = None) -> Artefact:
    """An sdist; `more` are further members."""
    return of_sdist(tarred([*sdist_members(name, version, inside), *more]), name, version)


def of_sdist(content: bytes, name: str = "demo", version: str = "1.0") -> Artefact:
    """These bytes as an sdist."""
    fields = form(name, version, "sdist", "source") | digests(content)
    return Artefact(f"{normalize(name).replace('-', '_')}-{version}.tar.gz", content, fields)


def form(name: str, version: str, filetype: str, python_version: str) -> dict[str, Any]:
    """What twine says about such a file."""
    return {
        ":action": "file_upload",
        "protocol_version": "1",
        "name": name,
        "version": version,
        "filetype": filetype,
        "pyversion": python_version,
        "metadata_version": "2.1",
        "summary": "A demonstration",
    }


def part(name: str, value: str | bytes, filename: str | None = None) -> bytes:
    """One part of a form."""
    raw = value.encode() if isinstance(value, str) else value
    named = f'; filename="{filename}"' if filename is not None else ""
    kind = "\r\nContent-Type: application/octet-stream" if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}{kind}\r\n\r\n'
    return head.encode() + raw + b"\r\n"


def body(artefact: Artefact, *, file_first: bool = False) -> bytes:
    """The upload as multipart/form-data, the file behind the fields as most tools send it."""
    parts = []
    for name, value in artefact.fields.items():
        parts += [part(name, one) for one in (value if isinstance(value, list) else [value])]
    file = part("content", artefact.content, artefact.filename)
    return joined(file, *parts) if file_first else joined(*parts, file)


def joined(*parts: bytes) -> bytes:
    """Parts as a whole form."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    """A link as a member of a tar archive."""
    return member(name, type=kind, linkname=target)
