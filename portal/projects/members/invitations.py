"""Invitations to work on a project: an owner makes one, its person accepts or declines it on the web.

Each ends once, by a conditional UPDATE: of two who answer or withdraw it at the same instant one does.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, Select, delete, func, select, update
from sqlalchemy.orm import aliased

from portal.accounts.models import Account
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from portal.projects.events import MemberLeft
from portal.projects.members import service
from portal.projects.members.errors import (
    AlreadyInvited,
    AlreadyMember,
    InvitationOver,
    InvitedTooOften,
    TooManyInvitations,
)
from portal.projects.members.events import (
    InvitationDeclined,
    InvitationWithdrawn,
    InvitedAsMaintainer,
    InvitedAsOwner,
    MemberInvited,
    MemberJoined,
    MemberRemoved,
    OwnerInvited,
    OwnerJoined,
    RoleLowered,
    WithdrewInvitation,
)
from portal.projects.members.models import ProjectInvitation
from portal.projects.models import OWNER, Project, RoleName
from portal.projects.service import role_of

LIFE = timedelta(days=14)
KEPT = timedelta(days=30)
MOST_OPEN = 20
MOST_IN_LIFE = 3


@dataclass(frozen=True)
class Waiting:
    """An invitation that can be answered: to which project, who may answer, who made it."""

    invitation: ProjectInvitation
    project: Project
    username: str
    by: str

    @property
    def owner(self) -> bool:
        """Whether it is to become an owner."""
        return self.invitation.role == OWNER


def invite(work: Work, project: Project, account: Account, role: RoleName, *, by: UUID) -> None:
    """Invite somebody. Raises NotOwner, AlreadyMember, AlreadyInvited, InvitedTooOften and TooManyInvitations."""
    service.hold(work, project.id)
    service.require_owner(work, project.id, by)
    if role_of(work, project.id, account.id) is not None:
        raise AlreadyMember
    _make_room(work, project.id, account.id)
    row = ProjectInvitation(
        id=new_id(),
        project_id=project.id,
        account_id=account.id,
        role=role,
        invited_by=by,
        created_at=work.now,
        expires_at=work.now + LIFE,
    )
    work.db.add(row)
    work.db.flush()
    told, mine = (OwnerInvited, InvitedAsOwner) if role == OWNER else (MemberInvited, InvitedAsMaintainer)
    name = service.usernames(work, [by])[by]
    work.record(
        told(
            account_id=account.id,
            project_id=project.id,
            project=project.name,
            by=name,
            until=row.expires_at,
            invitation_id=row.id,
        )
    )
    service.tell_actor(work, mine, project, account.id, by=by)


def of_account(work: Work, account_id: UUID) -> list[Waiting]:
    """What this person can answer, by project."""
    return _read(work, _waiting(work).where(ProjectInvitation.account_id == account_id))


def of_project(work: Work, project_id: UUID) -> list[Waiting]:
    """Who can still answer, by name."""
    return _read(work, _waiting(work).where(ProjectInvitation.project_id == project_id))


def find(work: Work, invitation_id: UUID, *, account_id: UUID | None = None, project_id: UUID | None = None) -> Waiting:
    """An invitation of this person, or to this project. Raises NotFound, and InvitationOver where it has ended."""
    row = work.db.get(ProjectInvitation, invitation_id)
    if row is None or (row.account_id != account_id and row.project_id != project_id):
        raise NotFound
    found = _read(work, _waiting(work).where(ProjectInvitation.id == invitation_id))
    if not found:
        raise InvitationOver
    return found[0]


def accept(work: Work, waiting: Waiting) -> None:
    """Take the role. Raises AlreadyUsed, and AlreadyMember for somebody who has one."""
    row, project = waiting.invitation, waiting.project
    service.hold(work, project.id)
    _end(work, row.id)
    service.join(work, project.id, row.account_id, row.role)
    event = OwnerJoined if row.role == OWNER else MemberJoined
    work.record(event(account_id=row.account_id, project_id=project.id, project=project.name))


def decline(work: Work, waiting: Waiting) -> None:
    """Do not take it. Raises AlreadyUsed."""
    row, project = waiting.invitation, waiting.project
    _end(work, row.id)
    declined = InvitationDeclined(
        account_id=row.account_id, project_id=project.id, project=project.name, invited_by=row.invited_by
    )
    work.record(declined)


def withdraw(work: Work, waiting: Waiting, *, by: UUID) -> None:
    """Take an invitation back. Raises NotOwner where `by` does not own the project, and AlreadyUsed."""
    service.hold(work, waiting.project.id)
    service.require_owner(work, waiting.project.id, by)
    _withdraw(work, waiting)
    service.tell_actor(work, WithdrewInvitation, waiting.project, waiting.invitation.account_id, by=by)


def withdraw_all(work: Work, account_id: UUID) -> None:
    """Take back every invitation of somebody who closes their account."""
    for waiting in of_account(work, account_id):
        _withdraw(work, waiting)


def forget_all(work: Work, account_id: UUID) -> None:
    """Delete every invitation of an account that is no more."""
    work.db.execute(delete(ProjectInvitation).where(ProjectInvitation.account_id == account_id))


def withdraw_made(work: Work, account_id: UUID, project_id: UUID | None = None) -> None:
    """Take back what somebody has offered, in one project or in all, because it is not theirs to offer any more."""
    mine = [ProjectInvitation.invited_by == account_id]
    if project_id is not None:
        mine.append(ProjectInvitation.project_id == project_id)
    for waiting in _read(work, _waiting(work).where(*mine)):
        # One that is answered at this instant has ended by itself.
        with suppress(AlreadyUsed):
            _withdraw(work, waiting)


def withdraw_at_loss(work: Work, event: MemberRemoved | RoleLowered | MemberLeft) -> None:
    """Nobody's offers outlast their right to make them."""
    if event.account_id is not None:
        withdraw_made(work, event.account_id, event.project_id)


def hold_all(work: Work, account_id: UUID) -> None:
    """Let nobody answer the invitations of this account before this transaction ends."""
    own = select(ProjectInvitation.id).where(ProjectInvitation.account_id == account_id)
    work.db.execute(own.order_by(ProjectInvitation.id).with_for_update())


def forget_old(instance: Instance) -> None:
    """Drop invitations whose time was over a month ago; until then their page can say so."""
    with instance.work() as work:
        work.db.execute(delete(ProjectInvitation).where(ProjectInvitation.expires_at < work.now - KEPT))


def _make_room(work: Work, project_id: UUID, account_id: UUID) -> None:
    """End what has expired, and count the rest."""
    open_ones = (ProjectInvitation.project_id == project_id, ProjectInvitation.ended_at.is_(None))
    over = update(ProjectInvitation).where(*open_ones, ProjectInvitation.expires_at <= work.now)
    work.db.execute(over.values(ended_at=work.now).execution_options(synchronize_session=False))
    theirs = (ProjectInvitation.project_id == project_id, ProjectInvitation.account_id == account_id)
    until = work.db.scalar(select(ProjectInvitation.expires_at).where(*theirs, *open_ones))
    if until is not None:
        raise AlreadyInvited(until)
    lately = select(func.count()).where(*theirs, ProjectInvitation.created_at > work.now - LIFE)
    if (work.db.scalar(lately) or 0) >= MOST_IN_LIFE:
        raise InvitedTooOften(MOST_IN_LIFE)
    if (work.db.scalar(select(func.count()).where(*open_ones)) or 0) >= MOST_OPEN:
        raise TooManyInvitations(MOST_OPEN)


def _waiting(work: Work) -> Select[ProjectInvitation, Project, str, str]:
    person, maker = aliased(Account), aliased(Account)
    query = select(ProjectInvitation, Project, person.username, maker.username)
    query = query.join(Project, Project.id == ProjectInvitation.project_id)
    query = query.join(person, person.id == ProjectInvitation.account_id)
    query = query.outerjoin(maker, maker.id == ProjectInvitation.invited_by)
    still = (ProjectInvitation.ended_at.is_(None), ProjectInvitation.expires_at > work.now)
    return query.where(*still).order_by(Project.normalized, person.username_key)


def _read(work: Work, query: Select[ProjectInvitation, Project, str, str]) -> list[Waiting]:
    rows = work.db.execute(query)
    return [Waiting(row, project, username, by or "") for row, project, username, by in rows]


def _withdraw(work: Work, waiting: Waiting) -> None:
    _end(work, waiting.invitation.id)
    project = waiting.project
    work.record(
        InvitationWithdrawn(account_id=waiting.invitation.account_id, project_id=project.id, project=project.name)
    )


def _end(work: Work, invitation_id: UUID) -> None:
    still = (ProjectInvitation.ended_at.is_(None), ProjectInvitation.expires_at > work.now)
    ended = update(ProjectInvitation).where(ProjectInvitation.id == invitation_id, *still)
    ended = ended.values(ended_at=work.now).execution_options(synchronize_session=False)
    if cast("CursorResult[None]", work.db.execute(ended)).rowcount != 1:
        raise AlreadyUsed
