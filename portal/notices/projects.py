"""Letters about who works on a project. They tell nobody from where somebody else came."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.audit.events import Event
from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.telling import account_of, tell
from portal.projects import names
from portal.projects.events import MemberLeft
from portal.projects.members import service
from portal.projects.members.events import (
    InvitationDeclined,
    MemberInvited,
    MemberJoined,
    MemberRemoved,
    OwnerInvited,
    OwnerJoined,
    RoleLowered,
    RoleRaised,
)


class Change(StrEnum):
    """What a letter tells. No text of people's, so a template compares it."""

    OWNER = "owner"
    MAINTAINER = "maintainer"
    RAISED = "raised"
    LOWERED = "lowered"
    REMOVED = "removed"
    LEFT = "left"


CHANGES: dict[type[Event], Change] = {
    OwnerJoined: Change.OWNER,
    MemberJoined: Change.MAINTAINER,
    RoleRaised: Change.RAISED,
    RoleLowered: Change.LOWERED,
    MemberRemoved: Change.REMOVED,
    MemberLeft: Change.LEFT,
}
RoleChange = MemberJoined | RoleRaised | RoleLowered | MemberRemoved | MemberLeft


def invited(work: Work, event: MemberInvited) -> None:
    """To the person: by whom, to what, and where to answer."""
    answer = link(work.settings, "projects.invitation", id=event.invitation_id)
    owner = isinstance(event, OwnerInvited)
    tell(
        work,
        event,
        "project_invitation",
        project=event.project,
        by=event.by,
        owner=owner,
        answer=answer,
        until=event.until,
    )


def declined(work: Work, event: InvitationDeclined) -> None:
    """To whoever had invited them: they do not want to."""
    if event.invited_by is None:
        return
    who = service.usernames(work, [event.account_id])[event.account_id]
    people = link(work.settings, "projects.collaborators", name=names.normalize(event.project))
    theirs = replace(event, account_id=event.invited_by)
    tell(work, theirs, "project_declined", project=event.project, who=who, people=people)


def role_changed(work: Work, event: RoleChange) -> None:
    """To the person, and to all owners that there were or are beside them."""
    who = service.usernames(work, [event.account_id])[event.account_id]
    by = getattr(event, "by", who)
    facts: dict[str, Any] = {"project": event.project, "change": CHANGES[type(event)], "by": by, "own": by == who}
    tell(work, event, "project_role", **facts)
    people = link(work.settings, "projects.collaborators", name=names.normalize(event.project))
    for owner_id in _owners(work, event):
        theirs: Event = replace(event, account_id=owner_id)
        tell(work, theirs, "project_people", **facts, who=who, people=people)


def _owners(work: Work, event: RoleChange) -> list[UUID]:
    if event.project_id is None:
        return []
    return [owner_id for owner_id in service.owners(work, event.project_id) if owner_id != account_of(event)]


SUBSCRIBERS = (
    (MemberInvited, invited),
    (InvitationDeclined, declined),
    (MemberJoined, role_changed),
    (RoleRaised, role_changed),
    (RoleLowered, role_changed),
    (MemberRemoved, role_changed),
    (MemberLeft, role_changed),
)
