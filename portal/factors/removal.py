"""Removing an authenticator app: never the last one where the policy asks for a second factor."""

from __future__ import annotations

from uuid import UUID

from portal.factors.errors import LastFactor
from portal.factors.policy import may_turn_off
from portal.factors.recovery import service as recovery
from portal.factors.totp import service as totp
from portal.kernel.work import Work


def is_last(work: Work, account_id: UUID) -> bool:
    """Whether the account has no more than one authenticator app."""
    return len(totp.authenticators_of(work, account_id)) <= 1


def remove_all(work: Work, account_id: UUID) -> None:
    """Remove every authenticator app and the recovery codes, whatever the policy asks for."""
    totp.hold(work, account_id)
    apps = totp.authenticators_of(work, account_id)
    for left, app in zip(range(len(apps) - 1, -1, -1), apps, strict=True):
        totp.remove(work, account_id, app.id, last=left == 0)
    recovery.forget(work, account_id)


def remove(work: Work, account_id: UUID, authenticator_id: UUID) -> bool:
    """Remove an authenticator app, with the last one the recovery codes; whether it was the last.

    Two that are removed at the same instant wait for each other, so that both can't take the other
    for the one that stays. Raises NotFound and LastFactor.
    """
    totp.hold(work, account_id)
    last = is_last(work, account_id)
    if last and not may_turn_off(work.settings):
        raise LastFactor
    totp.remove(work, account_id, authenticator_id, last=last)
    if last:
        recovery.forget(work, account_id)
    return last
