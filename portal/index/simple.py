"""The Simple API's pages as bytes: PEP 503, 592, 629, 658, 691, 700, 714, 792.

Links are relative to the host, so that a page reads the same by whatever name the index is reached.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

API_VERSION = "1.4"
FILES = "/files/"
SIMPLE = "/simple/"
EMPTY = "There is nothing here yet."
NOTES = {
    "archived": "This project is archived. It gets no new releases.",
    "quarantined": "This project is in quarantine. Its files are not offered.",
}
"""What people are told of a status; installers read the word itself."""


@dataclass(frozen=True)
class FileFacts:
    """One file, as installers are told of it. `yanked` is None, or the reason, which may be empty."""

    filename: str
    path: str
    sha256: str
    size: int
    uploaded_at: datetime
    requires_python: str | None
    metadata_sha256: str | None
    yanked: str | None


@dataclass(frozen=True)
class ProjectFacts:
    """One project, as installers are told of it; versions and files in ascending order. `reason` may be empty."""

    name: str
    status: str
    reason: str
    versions: list[str]
    files: list[FileFacts]


def file_url(path: str) -> str:
    """The address of a stored file, relative to the host."""
    return FILES + quote(path, safe="/+!~")


def root_json(names: Iterable[str]) -> bytes:
    """The list of projects (PEP 691)."""
    return _json({"meta": _meta(), "projects": [{"name": name} for name in names]})


def root_html(names: Iterable[tuple[str, str]]) -> bytes:
    """The list of projects (PEP 503), from pairs of normalized and shown name."""
    items = [f'<li><a href="{SIMPLE}{name}/">{escape(shown)}</a></li>' for name, shown in names]
    return _html("All projects", [], items, [] if items else [EMPTY])


def project_json(project: ProjectFacts, serial: int) -> bytes:
    """The files of a project (PEP 691, 700, 792). `serial` is the number of its last change, as PyPI tells it."""
    return _json(
        {
            "meta": {**_meta(), "_last-serial": serial},
            "name": project.name,
            "project-status": {"status": project.status} | ({"reason": project.reason} if project.reason else {}),
            "versions": project.versions,
            "files": [_file_json(file) for file in project.files],
        }
    )


def project_html(project: ProjectFacts) -> bytes:
    """The files of a project (PEP 503, 592, 658, 714, 792). Size and time are in JSON only (PEP 700)."""
    status = [f'<meta name="pypi:project-status" content="{escape(project.status)}">']
    if project.reason:
        status.append(f'<meta name="pypi:project-status-reason" content="{escape(project.reason)}">')
    items = [f"<li><a {_attributes(file)}>{escape(file.filename)}</a></li>" for file in project.files]
    note = NOTES.get(project.status) or (None if items else EMPTY)
    return _html(f"Files of {project.name}", status, items, [note] if note else [])


def _meta() -> dict[str, Any]:
    return {"api-version": API_VERSION}


def _file_json(file: FileFacts) -> dict[str, Any]:
    told: dict[str, Any] = {
        "filename": file.filename,
        "url": file_url(file.path),
        "hashes": {"sha256": file.sha256},
        "size": file.size,
        "upload-time": file.uploaded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "yanked": False if file.yanked is None else file.yanked or True,
        # Only the new key: pip 22.3 to 23.0 stumble over the old one in JSON (PEP 714).
        "core-metadata": {"sha256": file.metadata_sha256} if file.metadata_sha256 else False,
    }
    if file.requires_python:
        told["requires-python"] = file.requires_python
    return told


def _attributes(file: FileFacts) -> str:
    told = {"href": f"{file_url(file.path)}#sha256={file.sha256}"}
    if file.requires_python:
        told["data-requires-python"] = file.requires_python
    if file.metadata_sha256:
        told["data-core-metadata"] = told["data-dist-info-metadata"] = f"sha256={file.metadata_sha256}"
    if file.yanked is not None:
        told["data-yanked"] = file.yanked
    return " ".join(f'{name}="{escape(value)}"' for name, value in told.items())


def _json(held: dict[str, Any]) -> bytes:
    return json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode()


def _html(title: str, metas: list[str], items: list[str], notes: list[str]) -> bytes:
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en" dir="ltr">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta name="pypi:repository-version" content="{API_VERSION}">',
        *metas,
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{note}</p>" for note in notes),
        *(["<ul>", *items, "</ul>"] if items else []),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines).encode() + b"\n"
