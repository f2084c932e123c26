"""What happens to a recovery by itself, or because of something else that happened to the account."""

from __future__ import annotations

from portal.audit.events import Event
from portal.desk.recovery import events, service
from portal.kernel.work import Instance, Work


def go_on_all(instance: Instance) -> int:
    """Take each recovery that is due its next step, each in a transaction of its own. Called by the worker."""
    with instance.work(write=False) as work:
        waiting = service.due(work)
    for row in waiting:
        with instance.work() as work:
            service.go_on(work, row)
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


def _stop(work: Work, event: Event, told: type[events.RecoveryCancelled]) -> None:
    if event.account_id is not None:
        service.cancel(work, event.account_id, told)
