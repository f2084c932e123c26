"""Who sees which tokens reach a project."""

from __future__ import annotations

from uuid import UUID

from portal.kernel.errors import NotFound
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.models import OWNER, Project
from portal.tokens.reach.errors import NotOwner


def owned_project(work: Work, name: str, account_id: UUID) -> Project:
    """The project, for its owners only. Raises NotFound for strangers, like one that is not there, and NotOwner."""
    project = projects.find(work, name)
    role = projects.role_of(work, project.id, account_id)
    if role is None:
        raise NotFound
    if role != OWNER:
        raise NotOwner
    return project
