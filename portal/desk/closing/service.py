"""Closing an account: refused to the only owner of a project, at once for tokens and sessions, for good after days.

The person comes back by signing in, which the closed account still allows, for nothing but to keep it.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.accounts import leaving
from portal.accounts import service as accounts
from portal.audit.service import forget_places
from portal.desk.closing.errors import SoleOwner
from portal.desk.closing.events import AccountClosed, AccountEmptied, AccountKept, ClosingCalledOff
from portal.factors import removal
from portal.kernel.errors import AlreadyUsed
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.members import invitations
from portal.projects.models import Project
from portal.signin import others, sessions
from portal.tokens import service as tokens

log = logging.getLogger("doorward.closing")


@dataclass(frozen=True)
class Consequences:
    """What closing would do: `sole` keep the account open, `shared` go on without it."""

    sole: list[Project]
    shared: list[Project]
    last_administrator: bool

    @property
    def possible(self) -> bool:
        """Whether the account can be closed."""
        return not self.sole and not self.last_administrator


def consequences(work: Work, account_id: UUID) -> Consequences:
    """What stands in the way, and what happens to the projects."""
    sole = projects.sole_owned(work, account_id)
    blocked = {project.id for project in sole}
    shared = [project for project, _role in projects.owned(work, account_id) if project.id not in blocked]
    return Consequences(sole, shared, leaving.is_last_administrator(work, account_id))


def close(work: Work, account_id: UUID) -> datetime:
    """Close the account: tokens are revoked and sessions end at once; the instant of its end.

    Raises SoleOwner, LastAdministrator, and AlreadyUsed for the second of two.
    """
    # First the invitations: one that is being accepted at this instant makes an owner, or nobody.
    invitations.hold_all(work, account_id)
    projects.hold_all(work, account_id)
    if sole := projects.sole_owned(work, account_id):
        raise SoleOwner(sole)
    until = leaving.close(work, account_id)
    invitations.withdraw_all(work, account_id)
    invitations.withdraw_made(work, account_id)
    tokens.revoke_all(work, account_id)
    others.end_all(work, account_id)
    work.record(AccountClosed(account_id=account_id, until=until))
    return until


def keep(work: Work, account_id: UUID) -> None:
    """Let the account go on; its tokens stay revoked. Raises AlreadyUsed where it is not closed."""
    leaving.reopen(work, account_id)
    work.record(AccountKept(account_id=account_id))


def end_all_due(instance: Instance) -> int:
    """End every account whose days are over; how many ended. Called by the worker.

    One that fails keeps nobody waiting: it is logged, and tried again in the next round.
    """
    with instance.work(write=False) as work:
        waiting = leaving.due(work)
    return sum(_try_to_end(instance, account_id) for account_id in waiting)


def _try_to_end(instance: Instance, account_id: UUID) -> bool:
    try:
        return end(instance, account_id)
    except Exception as error:
        log.exception("account %s could not be ended: %s", account_id, type(error).__name__)
        return False


def end(instance: Instance, account_id: UUID) -> bool:
    """End one account, or call it off where it has become the only owner of a project; whether it ended."""
    with suppress(AlreadyUsed), instance.work() as work:
        projects.hold_all(work, account_id)
        if sole := projects.sole_owned(work, account_id):
            leaving.reopen(work, account_id)
            names = tuple(project.name for project in sole)
            work.record(ClosingCalledOff(account_id=account_id, projects=names))
            return False
        _empty(work, account_id)
        return True
    return False


def _empty(work: Work, account_id: UUID) -> None:
    # The letter first: it needs the addresses. What follows finds none, so nothing more is written to anybody.
    work.record(AccountEmptied(account_id=account_id, username=accounts.find(work, account_id).username))
    leaving.empty(work, account_id)
    removal.remove_all(work, account_id)
    projects.leave_all(work, account_id)
    invitations.forget_all(work, account_id)
    tokens.forget_all(work, account_id)
    sessions.forget_all(work, account_id)
    work.db.flush()
    forget_places(work, account_id)
    log.info("account %s ended", account_id)
