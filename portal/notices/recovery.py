"""Letters about an account that is being recovered."""

from __future__ import annotations

from portal.accounts import service as accounts
from portal.desk.recovery import conditions
from portal.desk.recovery.events import (
    RecoveryApprovalWanted,
    RecoveryCancelled,
    RecoveryDone,
    RecoveryExpired,
    RecoveryLinkSent,
    RecoveryNotApprovedForOther,
    RecoveryStarted,
)
from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.telling import account_of, tell


def approval_wanted(work: Work, event: RecoveryApprovalWanted) -> None:
    """To an administrator who may approve what another one has started."""
    approve = link(work.settings, "admin.recover", name=event.username)
    tell(work, event, "recovery_approval_wanted", whose=event.username, until=event.until, approve=approve)


def not_approved(work: Work, event: RecoveryNotApprovedForOther) -> None:
    """To the administrator who had started it: nobody approved."""
    again = link(work.settings, "admin.recover", name=event.username)
    tell(work, event, "recovery_not_approved", whose=event.username, again=again)


def recovery_started(work: Work, event: RecoveryStarted) -> None:
    """To every confirmed address; the primary one can stop it with a link."""
    first = conditions.primary(work, account_of(event)).email
    stop = link(work.settings, "desk.stop_recovery", ticket=event.ticket)
    others = [email for email in accounts.letter_addresses(work, account_of(event)) if email != first]
    tell(work, event, "recovery_started", to=[first], until=event.until, stop=stop)
    tell(work, event, "recovery_started", to=others, until=event.until, stop=None)


def recovery_link(work: Work, event: RecoveryLinkSent) -> None:
    """To the primary address only: the link that removes two-factor authentication, and the one that stops it."""
    recover = link(work.settings, "desk.recovery", ticket=event.ticket)
    stop = link(work.settings, "desk.stop_recovery", ticket=event.stop)
    tell(work, event, "recovery_link", to=[event.email], until=event.until, recover=recover, stop=stop)


def recovery_cancelled(work: Work, event: RecoveryCancelled) -> None:
    """To every confirmed address: nothing changes."""
    tell(work, event, "recovery_cancelled")


def recovery_expired(work: Work, event: RecoveryExpired) -> None:
    """To every confirmed address: the link was not used, and nothing has changed."""
    tell(work, event, "recovery_expired")


def recovery_done(work: Work, event: RecoveryDone) -> None:
    """To every confirmed address: the password alone is enough now."""
    tell(work, event, "recovery_done")


SUBSCRIBERS = (
    (RecoveryApprovalWanted, approval_wanted),
    (RecoveryNotApprovedForOther, not_approved),
    (RecoveryStarted, recovery_started),
    (RecoveryLinkSent, recovery_link),
    (RecoveryCancelled, recovery_cancelled),
    (RecoveryExpired, recovery_expired),
    (RecoveryDone, recovery_done),
)
