"""Who may see the pages of a project that are not public."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.kernel.errors import NotFound
from portal.kernel.work import Work
from portal.projects.members.errors import NotOwner
from portal.projects.models import OWNER, Project
from portal.projects.service import find, role_of


@dataclass(frozen=True)
class Membership:
    """The role of one person in one project."""

    project: Project
    account_id: UUID
    role: str

    @property
    def owner(self) -> bool:
        """Whether they decide who works on the project."""
        return self.role == OWNER


def membership(work: Work, name: str, account_id: UUID) -> Membership:
    """The person's role. Raises NotFound for a project in which they have none, like one that is not there."""
    project = find(work, name)
    role = role_of(work, project.id, account_id)
    if role is None:
        raise NotFound
    return Membership(project, account_id, role)


def ownership(work: Work, name: str, account_id: UUID) -> Membership:
    """The same, for owners only. Raises NotFound, and NotOwner for a maintainer."""
    found = membership(work, name, account_id)
    if not found.owner:
        raise NotOwner
    return found
