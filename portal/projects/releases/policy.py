"""Who may withdraw and delete: owners."""

from __future__ import annotations

from uuid import UUID

from portal.kernel.errors import NotFound
from portal.kernel.work import Work
from portal.projects.models import OWNER, Project
from portal.projects.service import find, role_of


def owned_project(work: Work, name: str, account_id: UUID) -> Project:
    """The project, for an owner of it. Raises NotFound for everybody else, as for one that is not there."""
    project = find(work, name)
    if role_of(work, project.id, account_id) != OWNER:
        raise NotFound
    return project
