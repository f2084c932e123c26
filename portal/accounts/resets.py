"""A forgotten password: a letter with a link, and the new password behind the link.

What was asked is written down as it was typed, and the worker looks up who is meant. So the answer to
the person who asked can't differ, not even in time, by whether there is such an account.

The link goes to a confirmed address only. It works for an hour, once, and dies with any sign-in or change of
the password. It never signs in and leaves second factors as they are.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, select

from portal.accounts import addresses, names, new_password, service, tickets
from portal.accounts.events import PasswordReset, ResetRequested
from portal.accounts.models import Account, Address, PendingReset, Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.ids import new_id
from portal.kernel.vault import Unsealable
from portal.kernel.work import Actor, Instance, Work
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind

LIFE = timedelta(hours=1)
PURPOSE = "pending-reset"
BATCH = 100

log = logging.getLogger("doorward.resets")


def ask(work: Work, login: str) -> None:
    """Write down that somebody wants a letter for the account of this user name or confirmed address."""
    actor = work.actor
    facts = {"login": login, "address": actor.address, "browser": actor.browser, "locale": actor.locale}
    body = work.vault.seal(json.dumps(facts).encode(), purpose=PURPOSE)
    work.db.add(PendingReset(id=new_id(), body=body, created_at=work.now))


def answer_all(instance: Instance) -> int:
    """Send the letters that were asked for; how many there were. Called by the worker."""
    with instance.work(write=False) as work:
        waiting = list(work.db.scalars(select(PendingReset.id).order_by(PendingReset.created_at).limit(BATCH)))
    return sum(answer(instance, pending_id) for pending_id in waiting)


def answer(instance: Instance, pending_id: UUID) -> bool:
    """Send the letter of one request; whether there was one to send.

    The request is taken in the transaction that writes the letter: a process that dies leaves both or neither.
    One that fails is taken all the same: it is asked for again by the person, not for ever by us.
    """
    with instance.work(write=False) as work:
        body = work.db.scalar(select(PendingReset.body).where(PendingReset.id == pending_id))
    if body is None:
        return False
    try:
        facts: dict[str, Any] = json.loads(instance.vault.open(body, purpose=PURPOSE))
        actor = Actor(address=facts["address"], browser=facts["browser"], locale=facts["locale"])
        with instance.work(actor) as work:
            return _take(work, pending_id) and _send(work, facts["login"])
    except Exception as error:
        with instance.work() as work:
            _take(work, pending_id)
        if not isinstance(error, Unsealable):
            raise
        log.warning("a request for a new password could not be read")
        return False


def _send(work: Work, login: str) -> bool:
    address = _meant(work, login)
    if address is None or not throttle.spend(work, Bucket(Kind.RESET, str(address.account_id))):
        return False
    ticket = tickets.issue(work, Purpose.RESET_PASSWORD, address.account_id, address.id, life=LIFE)
    work.db.flush()
    work.record(ResetRequested(account_id=address.account_id, email=address.email, ticket=ticket))
    return True


def _take(work: Work, pending_id: UUID) -> bool:
    """Whether the request was still there; of two takers one wins."""
    taken = work.db.execute(delete(PendingReset).where(PendingReset.id == pending_id))
    return cast("CursorResult[None]", taken).rowcount == 1


def _meant(work: Work, login: str) -> Address | None:
    """The confirmed address that the letter goes to: the one that was typed, or the primary one of a user name."""
    account = service.by_login(work, login)
    if account is None:
        return None
    if "@" not in login:
        return service.confirmed_address(work, account.id)
    own = service.addresses(work, account.id)
    return next(row for row in own if row.confirmed_at and row.email_key == names.email_key(login))


def reset(work: Work, ticket: Ticket, account: Account, password_hash: str, *, revoke_tokens: bool) -> None:
    """Use the link up and keep the hash of the new password: both or neither. Every session ends.

    Addresses that were never confirmed are dropped: whoever was in the account may have added them.
    Raises AlreadyUsed, and CredentialsChanged where the password is not what it was when `account` was read.
    """
    with work.db.begin_nested():
        tickets.take(work, ticket)
        new_password.replace(work, account, password_hash)
    addresses.drop_unconfirmed(work, account.id)
    work.record(PasswordReset(account_id=account.id, end_sessions=True, revoke_tokens=revoke_tokens))
