"""What can happen between people and projects.

The first half stands in the history of the person concerned and of the project; `by` is the user name of whoever
did it. The second half tells the same in the history of that one, if it is somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.audit.events import Event, transient
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    """`account_id` may become a maintainer until `until`."""

    kind = "project.maintainer_invited"
    sentence = _("Invited to become a maintainer of the project ${project}")

    project: str
    by: str = ""
    until: datetime | None = None
    invitation_id: UUID | None = transient(default=None)  # noqa: RUF009 - a field, made by our own helper


@dataclass(frozen=True, kw_only=True)
class OwnerInvited(MemberInvited):
    """`account_id` may become an owner until `until`."""

    kind = "project.owner_invited"
    sentence = _("Invited to become an owner of the project ${project}")


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Event):
    """An invitation can't be accepted any more."""

    kind = "project.invitation_withdrawn"
    sentence = _("Invitation to the project ${project} withdrawn")

    project: str


@dataclass(frozen=True, kw_only=True)
class InvitationDeclined(Event):
    """The person does not want to."""

    kind = "project.invitation_declined"
    sentence = _("Invitation to the project ${project} declined")

    project: str
    invited_by: UUID | None = transient(default=None)  # noqa: RUF009 - a field, made by our own helper


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    """The person accepted an invitation and is a maintainer from now on."""

    kind = "project.maintainer_joined"
    sentence = _("Accepted the invitation and became a maintainer of the project ${project}")

    project: str


@dataclass(frozen=True, kw_only=True)
class OwnerJoined(MemberJoined):
    """The person accepted an invitation and is an owner from now on."""

    kind = "project.owner_joined"
    sentence = _("Accepted the invitation and became an owner of the project ${project}")


@dataclass(frozen=True, kw_only=True)
class RoleRaised(Event):
    """A maintainer is an owner from now on."""

    kind = "project.maintainer_to_owner"
    sentence = _("Role in the project ${project} changed from maintainer to owner")

    project: str
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class RoleLowered(Event):
    """An owner is a maintainer from now on."""

    kind = "project.owner_to_maintainer"
    sentence = _("Role in the project ${project} changed from owner to maintainer")

    project: str
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class MemberRemoved(Event):
    """`account_id` has no role in the project any more, because an owner took it away."""

    kind = "project.member_removed"
    sentence = _("Removed from the project ${project}")

    project: str
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class RemovedMember(Event):
    """They removed somebody."""

    kind = "project.for_other.removed"
    sentence = _("Removed ${username} from the project ${project}")

    project: str
    username: str


@dataclass(frozen=True, kw_only=True)
class InvitedAsOwner(Event):
    """They invited somebody."""

    kind = "project.for_other.owner_invited"
    sentence = _("Invited ${username} to become an owner of the project ${project}")

    project: str
    username: str


@dataclass(frozen=True, kw_only=True)
class InvitedAsMaintainer(Event):
    """They invited somebody."""

    kind = "project.for_other.maintainer_invited"
    sentence = _("Invited ${username} to become a maintainer of the project ${project}")

    project: str
    username: str


@dataclass(frozen=True, kw_only=True)
class WithdrewInvitation(Event):
    """They changed their mind."""

    kind = "project.for_other.invitation_withdrawn"
    sentence = _("Withdrew the invitation of ${username} to the project ${project}")

    project: str
    username: str


@dataclass(frozen=True, kw_only=True)
class MadeOwner(Event):
    """They gave a maintainer all rights."""

    kind = "project.for_other.made_owner"
    sentence = _("Made ${username} an owner of the project ${project}")

    project: str
    username: str


@dataclass(frozen=True, kw_only=True)
class MadeMaintainer(Event):
    """They took an owner's rights, but for uploading."""

    kind = "project.for_other.made_maintainer"
    sentence = _("Made ${username} a maintainer of the project ${project}")

    project: str
    username: str
