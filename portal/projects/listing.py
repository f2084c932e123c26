"""Which projects an account has a role in: a part of their list, and those where something was released last."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.sql import ColumnElement

from portal.kernel.work import Work
from portal.projects.models import Project, Release, Role
from portal.projects.names import normalize

PAGE_SIZE = 50
LAST_CHANGED = 10


@dataclass(frozen=True)
class ProjectPage:
    """Projects with the role in each, by name. `held` is how many the account has, `matching` how many fit.

    `start` is the place of the first of them among those that fit, counted from 0.
    """

    rows: list[tuple[Project, str]]
    held: int
    matching: int
    start: int

    @property
    def before(self) -> int | None:
        """Where the page before begins; None on the first."""
        return self.start - PAGE_SIZE if self.start else None

    @property
    def following(self) -> int | None:
        """Where the next page begins; None on the last."""
        end = self.start + PAGE_SIZE
        return end if end < self.matching else None


def count(work: Work, account_id: UUID, part: str = "") -> int:
    """How many projects the account has a role in, with this text in their normalized name."""
    query = select(func.count()).select_from(Role).join(Project, Project.id == Role.project_id)
    return int(work.db.scalar(query.where(*_fitting(account_id, part))) or 0)


def listed(work: Work, account_id: UUID, *, text: str = "", start: int = 0) -> ProjectPage:
    """One page of those with this text in their name, however it is spelled; behind the last page comes the first."""
    part = normalize(text)
    matching = count(work, account_id, part)
    held = count(work, account_id) if part else matching
    start = start - start % PAGE_SIZE if start < matching else 0
    query = select(Project, Role.role).join(Role).where(*_fitting(account_id, part)).order_by(Project.normalized)
    rows = [(project, role) for project, role in work.db.execute(query.offset(start).limit(PAGE_SIZE))]
    return ProjectPage(rows, held, matching, start)


def last_changed(work: Work, account_id: UUID) -> list[Project]:
    """The few projects whose newest release is the newest, or that were made last; newest first."""
    released = select(func.max(Release.created_at)).where(Release.project_id == Project.id).scalar_subquery()
    query = select(Project).join(Role).where(Role.account_id == account_id)
    query = query.order_by(func.coalesce(released, Project.created_at).desc(), Project.normalized)
    return list(work.db.scalars(query.limit(LAST_CHANGED)))


def _fitting(account_id: UUID, part: str) -> tuple[ColumnElement[bool], ...]:
    named = (Project.normalized.contains(part, autoescape=True),) if part else ()
    return (Role.account_id == account_id, *named)
