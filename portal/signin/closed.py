"""A way in that was closed: the letter to the owner, and the link in it that lifts the wait.

Strangers close the way of all new places. A neighbour, in the same network and with the same kind of browser,
closes that of a known place, where the owner sits.

Whether a name belongs to anybody must not be seen in the time that an answer takes. So what was typed
is written down for any name, and the worker looks up who is meant. At most one letter a day. The link
works once, for a day, and does not sign in.

Wrong codes come from somebody who knows the password. Once a hundred have closed a way for good, each
further attempt with the right password asks for a letter, and a new password opens the way as well: at
the price of the letter of that day, or of its link. So codes are forgotten at most once a day whatever
is combined, and who is waiting always has a link, or gets one, or has had the way opened that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.deferred import deal_with_all, defer
from portal.kernel.work import Instance, Work
from portal.signin import ways
from portal.signin.events import CodeWayClosed, WaitLifted, WayClosed
from portal.signin.models import ClosedWay
from portal.throttle.limits import Kind
from portal.throttle.service import Bucket, spend

LIFE = timedelta(hours=24)
WAYS = {Kind.STRANGER, Kind.KNOWN_PLACE}


def note(work: Work, login: str, closed: Iterable[Bucket], *, password_known: bool = False) -> None:
    """Write down that a failed attempt for this name closed a way in, if it did."""
    if any(bucket.kind in WAYS for bucket in closed):
        _note(work, login, password_known=password_known)


def note_exhausted(work: Work, login: str) -> None:
    """Write down that somebody with the right password finds the way of codes closed for good."""
    _note(work, login, password_known=True)


def _note(work: Work, login: str, *, password_known: bool) -> None:
    defer(work, ClosedWay, login=login, password_known=password_known)


def tell_all(instance: Instance) -> int:
    """Write the letters that are due; how many there were. Called by the worker."""
    return deal_with_all(instance, ClosedWay, _tell)


def _tell(work: Work, *, login: str, password_known: bool) -> bool:
    account = accounts.by_login(work, login)
    if account is None or not spend(work, Bucket(Kind.CLOSED, str(account.id))):
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
