"""Roles in a project: given by accepted invitations, changed and taken away by owners, given up by anybody.

A project never loses its last owner. Whoever changes its people holds the project first, so that of two at the
same instant the second sees what the first has done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from portal.accounts.models import Account
from portal.audit.events import Event
from portal.kernel.errors import NotFound
from portal.kernel.once import INSERTS
from portal.kernel.work import Work
from portal.projects.events import MemberLeft
from portal.projects.members.errors import AlreadyMember, LastOwner, NotOwner
from portal.projects.members.events import (
    MadeMaintainer,
    MadeOwner,
    MemberRemoved,
    RemovedMember,
    RoleLowered,
    RoleRaised,
)
from portal.projects.models import OWNER, Project, Role, RoleName
from portal.projects.service import role_of


@dataclass(frozen=True)
class Member:
    """Somebody with a role, since when. Whoever has closed their account does not count as an owner."""

    account_id: UUID
    username: str
    role: str
    since: datetime
    closing: bool

    @property
    def owner(self) -> bool:
        """Whether they decide who works on the project."""
        return self.role == OWNER


def members(work: Work, project_id: UUID) -> list[Member]:
    """Everybody with a role in the project, owners first, by name."""
    query = select(Account.id, Account.username, Role.role, Role.since, Account.closes_at)
    query = query.join(Role, Role.account_id == Account.id).where(Role.project_id == project_id)
    rows = work.db.execute(query.order_by(Role.role.desc(), Account.username_key))
    return [Member(*row[:4], closing=row[4] is not None) for row in rows]


def owners(work: Work, project_id: UUID) -> list[UUID]:
    """The accounts that own the project and go on."""
    return [member.account_id for member in members(work, project_id) if member.owner and not member.closing]


def usernames(work: Work, account_ids: Collection[UUID | None]) -> dict[UUID | None, str]:
    """The user name of each of these accounts; empty for None, and for an account that is no more."""
    found = work.db.scalars(select(Account).where(Account.id.in_([one for one in account_ids if one is not None])))
    names = {account.id: account.username for account in found}
    return {one: names.get(one, "") if one is not None else "" for one in account_ids}


def hold(work: Work, project_id: UUID) -> None:
    """Let nobody else change the people of the project before this transaction ends."""
    work.db.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def require_owner(work: Work, project_id: UUID, account_id: UUID) -> None:
    """Raise NotOwner unless the account owns the project."""
    if role_of(work, project_id, account_id) != OWNER:
        raise NotOwner


def join(work: Work, project_id: UUID, account_id: UUID, role: str) -> None:
    """Give somebody their first role in the project. Raises AlreadyMember."""
    row = INSERTS[work.db.get_bind().dialect.name](Role).values(
        project_id=project_id, account_id=account_id, role=role, since=work.now
    )
    if work.db.scalar(row.on_conflict_do_nothing().returning(Role.account_id)) is None:
        raise AlreadyMember


def change(work: Work, project: Project, account_id: UUID, role: RoleName, *, by: UUID) -> bool:
    """Give a member the other role; False where they have this one already.

    Raises NotOwner where `by` does not own the project, NotFound for somebody without a role, and LastOwner.
    """
    hold(work, project.id)
    require_owner(work, project.id, by)
    before = role_of(work, project.id, account_id)
    if before is None:
        raise NotFound
    if before == role:
        return False
    if before == OWNER:
        _require_other_owner(work, project.id, account_id)
    theirs = (Role.project_id == project.id, Role.account_id == account_id)
    work.db.execute(update(Role).where(*theirs).values(role=role, since=work.now))
    event = RoleRaised if role == OWNER else RoleLowered
    name = _name(work, by)
    work.record(event(account_id=account_id, project_id=project.id, project=project.name, by=name))
    tell_actor(work, MadeOwner if role == OWNER else MadeMaintainer, project, account_id, by=by)
    return True


def remove(work: Work, project: Project, account_id: UUID, *, by: UUID) -> None:
    """Take somebody's role away. Their tokens upload nothing more to the project from this commit on.

    Raises NotOwner where `by` does not own the project, NotFound for somebody without a role, and LastOwner.
    """
    hold(work, project.id)
    require_owner(work, project.id, by)
    _take(work, project.id, account_id)
    name = _name(work, by)
    work.record(MemberRemoved(account_id=account_id, project_id=project.id, project=project.name, by=name))
    tell_actor(work, RemovedMember, project, account_id, by=by)


def leave(work: Work, project: Project, account_id: UUID) -> None:
    """Give one's own role up. Raises NotFound where there is none, and LastOwner."""
    hold(work, project.id)
    _take(work, project.id, account_id)
    work.record(MemberLeft(account_id=account_id, project_id=project.id, project=project.name))


def is_last_owner(work: Work, project_id: UUID, account_id: UUID) -> bool:
    """Whether nobody else would own the project without this account."""
    return role_of(work, project_id, account_id) == OWNER and not set(owners(work, project_id)) - {account_id}


def tell_actor(work: Work, event: Callable[..., Event], project: Project, account_id: UUID, *, by: UUID) -> None:
    """Put what `by` did to somebody else into their own history, too."""
    if by != account_id:
        work.record(event(account_id=by, project=project.name, username=_name(work, account_id)))


def _take(work: Work, project_id: UUID, account_id: UUID) -> None:
    _require_other_owner(work, project_id, account_id)
    gone = delete(Role).where(Role.project_id == project_id, Role.account_id == account_id)
    if work.db.scalar(gone.returning(Role.account_id)) is None:
        raise NotFound


def _require_other_owner(work: Work, project_id: UUID, account_id: UUID) -> None:
    if is_last_owner(work, project_id, account_id):
        raise LastOwner


def _name(work: Work, account_id: UUID) -> str:
    return usernames(work, [account_id])[account_id]
