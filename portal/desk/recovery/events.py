"""What can happen to an account that is being recovered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.audit.events import Event, transient
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class RecoveryAsked(Event):
    """An administrator's account: nothing happens before another administrator approves."""

    kind = "recovery.asked"
    sentence = _("Recovery of the account asked for. A second administrator has to approve it.")


@dataclass(frozen=True, kw_only=True)
class RecoveryAskedAnew(Event):
    """The operator asks instead of an administrator, whose request has ended."""

    kind = "recovery.asked_anew"
    sentence = _("Recovery of the account asked for anew by the people who run the server. The earlier request ended.")


@dataclass(frozen=True, kw_only=True)
class RecoveryAskedForOther(Event):
    """An administrator asked; it stands in the history of that one."""

    kind = "recovery.asked_for_other"
    sentence = _("Recovery of the account ${username} asked for. A second administrator has to approve it.")

    username: str


@dataclass(frozen=True, kw_only=True)
class RecoveryRefusedForOther(Event):
    """An administrator wanted to start or approve what can't be, or not by them."""

    kind = "recovery.refused_for_other"
    sentence = _("Recovery of the account ${username} refused. Nothing was started or approved.")

    username: str


@dataclass(frozen=True, kw_only=True)
class RecoveryApprovalWanted(Event):
    """The same, in the history of each administrator who may approve it, until `until`."""

    kind = "recovery.approval_wanted"
    sentence = _("Recovery of the account ${username} waits for the approval of another administrator")

    username: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RecoveryStarted(Event):
    """The day begins in which the person can stop it. `ticket` is the link that does."""

    kind = "recovery.started"
    sentence = _("Recovery of the account started by the people who run this index")

    until: datetime | None = None
    ticket: str = transient()


@dataclass(frozen=True, kw_only=True)
class RecoveryStartedForOther(Event):
    """The same, in the history of the administrator who did it."""

    kind = "recovery.started_for_other"
    sentence = _("Recovery of the account ${username} started")

    username: str


@dataclass(frozen=True, kw_only=True)
class RecoveryApprovedForOther(Event):
    """A second administrator agreed; it stands in the history of that one."""

    kind = "recovery.approved_for_other"
    sentence = _("Recovery of the account ${username} approved")

    username: str


@dataclass(frozen=True, kw_only=True)
class RecoveryLinkSent(Event):
    """The day is over; the link goes to the primary address. `stop` is the one that cancels."""

    kind = "recovery.link_sent"
    sentence = _("Link to remove two-factor authentication sent to the primary e-mail address")

    until: datetime | None = None
    email: str = transient()
    ticket: str = transient()
    stop: str = transient()


@dataclass(frozen=True, kw_only=True)
class RecoveryPasswordRefused(Event):
    """Somebody who has the link gave a wrong password."""

    kind = "recovery.password_refused"
    sentence = _("Recovery of the account refused: the password was wrong")


@dataclass(frozen=True, kw_only=True)
class RecoveryDone(Event):
    """Second factors and recovery codes are gone, sessions have ended."""

    kind = "recovery.done"
    sentence = _("Account recovered: two-factor authentication and recovery codes removed, sessions ended")


@dataclass(frozen=True, kw_only=True)
class RecoveryExpired(Event):
    """The link was not used in its time."""

    kind = "recovery.expired"
    sentence = _("Recovery of the account not finished in time")


@dataclass(frozen=True, kw_only=True)
class RecoveryNotApproved(Event):
    """No second administrator approved in time. The person was never asked anything."""

    kind = "recovery.not_approved"
    sentence = _("Recovery of the account ended, because no second administrator approved it")


@dataclass(frozen=True, kw_only=True)
class RecoveryNotApprovedForOther(Event):
    """The same, in the history of the administrator who had started it."""

    kind = "recovery.not_approved_for_other"
    sentence = _("Recovery of the account ${username} ended, because no second administrator approved it")

    username: str


@dataclass(frozen=True, kw_only=True)
class RecoveryCancelled(Event):
    """Somebody signed in to the account stopped it."""

    kind = "recovery.cancelled"
    sentence = _("Recovery of the account cancelled")


@dataclass(frozen=True, kw_only=True)
class RecoveryCancelledByLink(RecoveryCancelled):
    """Somebody who reads the mail of the primary address stopped it."""

    kind = "recovery.cancelled.link"
    sentence = _("Recovery of the account cancelled with a link sent by e-mail")


@dataclass(frozen=True, kw_only=True)
class RecoveryCancelledBySignIn(RecoveryCancelled):
    """Somebody signed in with a second factor, so it is not lost."""

    kind = "recovery.cancelled.sign_in"
    sentence = _("Recovery of the account cancelled by a sign-in")


@dataclass(frozen=True, kw_only=True)
class RecoveryCancelledByChange(RecoveryCancelled):
    """What the recovery rests on is not what it was when it was started."""

    kind = "recovery.cancelled.change"
    sentence = _("Recovery of the account cancelled, because the password or an e-mail address was changed")


@dataclass(frozen=True, kw_only=True)
class RecoveryCancelledByRights(RecoveryCancelled):
    """The account became an administrator's, or an administrator who stood behind the recovery is none any more."""

    kind = "recovery.cancelled.rights"
    sentence = _("Recovery of the account cancelled, because there was a change among the administrators")
