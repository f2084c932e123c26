"""A forgotten password: a letter with a link, and the new password behind the link.

What was asked is written down as it was typed, and the worker looks up who is meant. So the answer to
the person who asked can't differ, not even in time, by whether there is such an account.

The link goes to a confirmed address only. It works for an hour, once, and dies with any sign-in or change of
the password. It never signs in and leaves second factors as they are.
"""

from __future__ import annotations

from datetime import timedelta

from portal.accounts import addresses, names, new_password, service, tickets
from portal.accounts.events import PasswordReset, ResetRequested
from portal.accounts.models import Account, Address, PendingReset, Ticket
from portal.accounts.tickets import Purpose
from portal.kernel.deferred import deal_with_all, defer
from portal.kernel.work import Instance, Work
from portal.throttle import service as throttle
from portal.throttle.service import Bucket, Kind

LIFE = timedelta(hours=1)


def ask(work: Work, login: str) -> None:
    """Write down that somebody wants a letter for the account of this user name or confirmed address."""
    defer(work, PendingReset, login=login)


def answer_all(instance: Instance) -> int:
    """Send the letters that were asked for; how many there were. Called by the worker."""
    return deal_with_all(instance, PendingReset, _send)


def _send(work: Work, *, login: str) -> bool:
    address = _meant(work, login)
    if address is None or not throttle.spend(work, Bucket(Kind.RESET, str(address.account_id))):
        return False
    ticket = tickets.issue(work, Purpose.RESET_PASSWORD, address.account_id, address.id, life=LIFE)
    work.db.flush()
    work.record(ResetRequested(account_id=address.account_id, email=address.email, ticket=ticket))
    return True


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
