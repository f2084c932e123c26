"""What installers are told, read from the projects."""

from __future__ import annotations

from packaging.version import Version
from sqlalchemy import select

from portal.index.simple import FileFacts, ProjectFacts
from portal.kernel.work import Work
from portal.projects.models import QUARANTINED, File, Project, Release


def names(work: Work) -> list[tuple[str, str]]:
    """(normalized, shown) name of every project that may be installed, in order."""
    query = select(Project.normalized, Project.name).where(Project.status != QUARANTINED)
    return [(normalized, name) for normalized, name in work.db.execute(query.order_by(Project.normalized))]


def project_facts(work: Work, project: Project) -> ProjectFacts:
    """What the Simple API tells of a project. Of one in quarantine no file is offered (PEP 792)."""
    if project.status == QUARANTINED:
        return ProjectFacts(project.normalized, project.status, project.status_reason, [], [])
    query = select(File, Release.version).join(Release, File.release_id == Release.id)
    rows = [(Version(version), file) for file, version in work.db.execute(query.where(File.project_id == project.id))]
    rows.sort(key=lambda row: (row[0], row[1].filename))
    versions = list(dict.fromkeys(str(version) for version, _file in rows))
    files = [_file(file) for _version, file in rows]
    return ProjectFacts(project.normalized, project.status, project.status_reason, versions, files)


def _file(file: File) -> FileFacts:
    return FileFacts(
        filename=file.filename,
        path=file.path,
        sha256=file.sha256,
        size=file.size,
        uploaded_at=file.uploaded_at,
        requires_python=file.requires_python,
        metadata_sha256=file.metadata_sha256,
        yanked=(file.yanked_reason or "") if file.yanked else None,
    )


def stored_file(work: Work, path: str) -> File | None:
    """The file of this key in the file store, unless its project is in quarantine."""
    query = select(File).join(Project, File.project_id == Project.id)
    return work.db.scalar(query.where(File.path == path, Project.status != QUARANTINED))
