"""Projects on the index, made without uploads."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from packaging.utils import canonicalize_version

from portal.accounts import service as accounts
from portal.index.models import ROOT
from portal.index.stale import mark_stale
from portal.kernel.ids import new_id
from portal.kernel.work import Actor, Instance, Work
from portal.projects import service as projects
from portal.projects.events import FileUploaded
from portal.projects.models import METADATA_SUFFIX, File, Project, Release
from portal.projects.store import FileStore
from tests.support.people import make_person

UPLOADER = Actor(address="192.0.2.7", browser="twine")
CONTENT = bytes(range(256)) * 4


def add_file(
    instance: Instance,
    name: str = "Sample_Project",
    version: str = "1.0",
    *,
    content: bytes = CONTENT,
    metadata: bytes | None = None,
    **changes: Any,
) -> File:
    """Put a file on the index, as a finished upload does: stored first, then named in one transaction."""
    tag = changes.pop("tag", "py3-none-any")
    owner = changes.pop("owner", None) or uploader(instance)
    about = {key: changes.pop(key) for key in list(changes) if hasattr(Release, key) and not hasattr(File, key)}
    filename = f"{name.replace('-', '_').lower()}-{version}-{tag}.whl"
    file_id = new_id()
    key = f"{file_id.hex[:2]}/{file_id.hex}/{filename}"
    put(instance, key, content)
    if metadata is not None:
        put(instance, key + METADATA_SUFFIX, metadata)
    with instance.work(UPLOADER) as work:
        project = projects.find_or_none(work, name) or projects.create(work, name, owner)
        release = _release(work, project, version, about)
        values = {
            "filetype": "bdist_wheel",
            "python_version": "py3",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "blake2_256": "",
            "requires_python": None,
            "metadata_sha256": None if metadata is None else hashlib.sha256(metadata).hexdigest(),
            "uploaded_at": work.now,
            **changes,
        }
        file = File(id=file_id, project_id=project.id, release_id=release.id, filename=filename, path=key, **values)
        work.db.add(file)
        work.record(FileUploaded(project_id=project.id, project=project.name, version=version, filename=filename))
    return file


def uploader(instance: Instance) -> UUID:
    """Somebody who owns projects."""
    with instance.work(write=False) as work:
        found = accounts.by_username_or_none(work, "uploader")
    return found.id if found is not None else make_person(instance, "uploader").account_id


def put(instance: Instance, key: str, content: bytes) -> None:
    """Store bytes in the file store."""
    source = Path(instance.settings.data, f"source-{key.replace('/', '-')[-60:]}")
    source.write_bytes(content)
    instance.ports[FileStore].put({key: source})


def _release(work: Work, project: Project, version: str, about: dict[str, Any]) -> Release:
    found = next((release for release in projects.releases(work, project.id) if release.version == version), None)
    if found is None:
        found = Release(
            id=new_id(),
            project_id=project.id,
            version=version,
            canonical=canonicalize_version(version),
            created_at=work.now,
            **{"core_metadata": {}, **about},
        )
        work.db.add(found)
        work.db.flush()
    return found


def set_status(instance: Instance, name: str, status: str) -> None:
    """Give a project a status, as an operator would."""
    with instance.work() as work:
        project = projects.find(work, name)
        project.status = status
        mark_stale(work, project.normalized)
        mark_stale(work, ROOT)


def second(at: datetime) -> str:
    """An instant as HTTP writes it."""
    return at.strftime("%a, %d %b %Y %H:%M:%S GMT")
