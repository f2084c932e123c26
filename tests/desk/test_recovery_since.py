"""From when on a recovery is possible: what led to the first confirmed address is no change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts import service, tickets
from portal.accounts.events import Registered
from portal.accounts.models import Account
from portal.accounts.tickets import Purpose
from portal.desk.recovery import conditions, errors
from portal.desk.recovery.words import reason
from portal.factors.totp import service as totp
from portal.factors.totp.models import Authenticator
from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from tests.support.clock import FixedClock
from tests.support.people import set_up


def confirm(work: Work, account: Account, email: str) -> None:
    """Confirm an address of the account."""
    [row] = [one for one in service.addresses(work, account.id) if one.email == email]
    text = tickets.issue(work, Purpose.CONFIRM_ADDRESS, account.id, row.id, life=timedelta(hours=1))
    work.db.flush()
    service.confirm_address(work, tickets.find(work, Purpose.CONFIRM_ADDRESS, text))


def newcomer(instance: Instance) -> Account:
    """Somebody who has registered, confirmed the address and set up an app, all just now."""
    with instance.work() as work:
        set_up(work)
        account = service.register(
            work, username="grace", email="grace@example.org", password_hash="x", event=Registered
        )
        confirm(work, account, "grace@example.org")
        app = new_id()
        key = work.vault.seal(bytes(range(20)), purpose=totp.purpose_of(app))
        work.db.add(
            Authenticator(id=app, account_id=account.id, name="Phone", key=key, last_step=0, created_at=work.now)
        )
    return account


def test_somebody_who_has_just_registered_and_changed_nothing_can_be_recovered(instance: Instance) -> None:
    account = newcomer(instance)
    with instance.work() as work:
        conditions.require_possible(work, account, by=None)


def test_a_further_address_is_a_change_and_the_day_from_which_it_is_possible_is_told(
    instance: Instance, clock: FixedClock
) -> None:
    account = newcomer(instance)
    clock.advance(timedelta(hours=1))
    with instance.work() as work:
        service.insert_address(work, account.id, "second@example.org", primary=False)
        confirm(work, account, "second@example.org")
    with instance.work() as work, pytest.raises(errors.ChangedLately) as refused:
        conditions.require_possible(work, account, by=None)
    assert "A recovery is possible from 2026-06-08, 13:00 UTC." in reason(refused.value).interpolate()
