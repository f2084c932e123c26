"""What happens to a recovery by itself, or because of something else that happened to the account."""

from __future__ import annotations

import logging

from portal.accounts.events import AdministratorMade, AdministratorRemoved
from portal.audit.events import Event
from portal.desk.closing.events import AccountClosed
from portal.desk.recovery import events, service
from portal.kernel.work import Instance, Work

log = logging.getLogger("doorward.recovery")


def go_on_all(instance: Instance) -> int:
    """Take each recovery that is due its next step, each in a transaction of its own. Called by the worker.

    One that fails keeps nobody waiting: it is logged, and tried again in the next round.
    """
    with instance.work(write=False) as work:
        waiting = service.due(work)
    for row in waiting:
        try:
            with instance.work() as work:
                service.go_on(work, row)
        except Exception as error:
            log.exception("recovery %s could not go on: %s", row.id, type(error).__name__)
    return len(waiting)


def stop_at_sign_in(work: Work, event: Event) -> None:
    """Whoever signed in has given a valid factor, because the account has one."""
    _stop(work, event, events.RecoveryCancelledBySignIn)


def stop_at_change(work: Work, event: Event) -> None:
    """A password or an address that changed during the day may have been changed by a thief."""
    _stop(work, event, events.RecoveryCancelledByChange)


def stop_at_closing(work: Work, event: Event) -> None:
    """Who closes the account has given a valid factor."""
    _stop(work, event, events.RecoveryCancelled)


def stop_at_new_right(work: Work, event: AdministratorMade) -> None:
    """What one administrator has started for a person like others is not enough for an administrator."""
    _stop(work, event, events.RecoveryCancelledByRights)


def stop_at_lost_right(work: Work, event: AdministratorRemoved | AccountClosed) -> None:
    """What somebody has started or approved does not outlast the right to do so."""
    if event.account_id is not None:
        service.cancel_of(work, event.account_id)


def _stop(work: Work, event: Event, told: type[events.RecoveryCancelled]) -> None:
    if event.account_id is not None:
        service.cancel(work, event.account_id, told)
