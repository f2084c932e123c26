"""A way in that strangers have closed: the letter to the owner, and the link in it that lifts the wait.

Whether a name belongs to anybody must not be seen in the time that an answer takes. So what was typed
is written down for any name, and the worker looks up who is meant. At most one letter a day. The link
works once, for a day, and does not sign in.

Wrong codes come from somebody who knows the password. Once a hundred have closed a way for good, each
further attempt with the right password asks for a letter, and a new password opens the way as well: at
the price of the letter of that day, or of its link. So codes are forgotten at most once a day whatever
is combined, and who is waiting always has a link, or gets one, or has had the way opened that day.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.models import Account, Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.errors import Throttled
from portal.kernel.ids import new_id
from portal.kernel.vault import Unsealable
from portal.kernel.work import Actor, Instance, Work
from portal.signin import ways
from portal.signin.events import CodeWayClosed, WaitLifted, WayClosed
from portal.signin.models import ClosedWay
from portal.throttle.limits import Kind
from portal.throttle.service import Bucket, reserve, spend

LIFE = timedelta(hours=24)
PURPOSE = "closed-way"
BATCH = 100

log = logging.getLogger("doorward.signin")


def note(work: Work, login: str, closed: Iterable[Bucket], *, password_known: bool = False) -> None:
    """Write down that a failed attempt for this name closed a way of strangers, if it did."""
    if any(bucket.kind is Kind.STRANGER for bucket in closed):
        _note(work, login, password_known=password_known)


def note_exhausted(work: Work, login: str) -> None:
    """Write down that somebody with the right password finds the way of codes closed for good."""
    _note(work, login, password_known=True)


def _note(work: Work, login: str, *, password_known: bool) -> None:
    facts = {
        "login": login,
        "address": work.actor.address,
        "browser": work.actor.browser,
        "password_known": password_known,
    }
    body = work.vault.seal(json.dumps(facts).encode(), purpose=PURPOSE)
    work.db.add(ClosedWay(id=new_id(), body=body, created_at=work.now))


def tell_all(instance: Instance) -> int:
    """Write the letters that are due; how many there were. Called by the worker."""
    with instance.work(write=False) as work:
        waiting = list(work.db.scalars(select(ClosedWay.id).order_by(ClosedWay.created_at).limit(BATCH)))
    return sum(_tell(instance, row_id) for row_id in waiting)


def _tell(instance: Instance, row_id: UUID) -> bool:
    with instance.work() as work:
        body = work.db.scalar(delete(ClosedWay).where(ClosedWay.id == row_id).returning(ClosedWay.body))
    if body is None:
        return False
    try:
        facts: dict[str, Any] = json.loads(instance.vault.open(body, purpose=PURPOSE))
    except Unsealable:
        log.warning("a note about a closed way could not be read")
        return False
    with instance.work(Actor(address=facts["address"], browser=facts["browser"])) as work:
        account = accounts.by_login(work, facts["login"])
        work.settle()
        return account is not None and _write(work, account, password_known=facts["password_known"])


def _write(work: Work, account: Account, *, password_known: bool) -> bool:
    try:
        reserve(work, [Bucket(Kind.CLOSED, str(account.id))])
    except Throttled:
        return False
    ticket = tickets.issue(work, Purpose.LIFT_WAIT, account.id, None, life=LIFE)
    work.db.flush()
    kind = CodeWayClosed if password_known else WayClosed
    work.record(kind(account_id=account.id, ticket=ticket))
    return True


def lift_with_link(work: Work, ticket: Ticket) -> None:
    """Use the link up, and forget all wrong passwords and codes. Raises AlreadyUsed."""
    tickets.take(work, ticket)
    work.record(WaitLifted(account_id=ticket.account_id))
    ways.open_again(work, accounts.find(work, ticket.account_id), codes=True)


def lift_with_reset(work: Work, account_id: UUID) -> None:
    """After a new password: forget the wrong ones, and the wrong codes, unless that was done today already."""
    account = accounts.find(work, account_id)
    ways.open_again(work, account, codes=ways.codes_wait(work, account) and _pay(work, account_id))


def _pay(work: Work, account_id: UUID) -> bool:
    """Whether this day's link was still unused, or this day's letter not yet written; now it is."""
    used_link = tickets.take_any(work, Purpose.LIFT_WAIT, account_id)
    return used_link or spend(work, Bucket(Kind.CLOSED, str(account_id)))
