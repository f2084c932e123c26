"""The ways in whose attempts are counted, and how they are opened again.

A place is the network and the browser of an attempt. One from which this account has signed in before counts
for itself, so that a stranger can't lock the owner out; networks count beside.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.accounts import names
from portal.accounts import service as accounts
from portal.accounts.events import PasswordReset
from portal.accounts.models import Account
from portal.audit.models import Entry
from portal.kernel.work import Work
from portal.signin.models import Session
from portal.throttle.service import Bucket, Kind, has_begun_to_wait, lift, network_of

NOBODY = UUID(int=0)
"""The id of no account."""
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def password_buckets(work: Work, login: str, account: Account | None) -> list[Bucket]:
    """Where a password for this name, or confirmed address, is counted."""
    typed = names.email_key(login) if "@" in login else names.username_key(login)
    subject = network_of(work.actor.address)
    networks = [Bucket(Kind.NETWORK, subject), Bucket(Kind.LOAD, subject)]
    # Asked for nobody as well: the query takes time.
    known = is_known_place(work, account.id if account else NOBODY)
    if account is not None and known:
        # Name and addresses apart, as for strangers: else a wait would tell whose an address is.
        return [Bucket(Kind.KNOWN_PLACE, f"{account.id} password {typed} {_place(work)}"), *networks]
    return [Bucket(Kind.STRANGER, f"{typed} password"), *networks]


def code_bucket(work: Work, account_id: UUID) -> Bucket:
    """Where a code after a right password is counted."""
    if is_known_place(work, account_id):
        return Bucket(Kind.KNOWN_PLACE, f"{account_id} code {_place(work)}")
    return Bucket(Kind.STRANGER, f"{account_id} code")


def codes_wait(work: Work, account: Account) -> bool:
    """Whether so many codes were wrong, somewhere, that whoever types the next one there may have to wait."""
    return has_begun_to_wait(work, _ways_of_codes(work, account))


def open_again(work: Work, account: Account, *, codes: bool) -> None:
    """Forget all wrong passwords, and codes if wanted, that were tried for the account, wherever that was."""
    keys = [names.username_key(account.username)]
    keys += [address.email_key for address in accounts.addresses(work, account.id)]
    passwords = [Bucket(Kind.STRANGER, f"{key} password") for key in keys]
    places = _places_of(work, account.id)
    passwords += [Bucket(Kind.KNOWN_PLACE, f"{account.id} password {key} {place}") for key in keys for place in places]
    # In one go: whoever counts takes these rows in the same order.
    lift(work, passwords + (_ways_of_codes(work, account) if codes else []))


def known_since(work: Work, account_id: UUID) -> datetime:
    """From when on sign-ins make places of the account known ones: the last time a link chose its password."""
    reset = (Entry.account_id == account_id, Entry.kind == PasswordReset.kind)
    return work.db.scalar(select(func.max(Entry.at)).where(*reset)) or EVER


def is_known_place(work: Work, account_id: UUID) -> bool:
    """Whether this account has signed in from the actor's network and browser since places count."""
    own = (Session.account_id == account_id, Session.created_at >= known_since(work, account_id))
    found = select(Session.address).where(*own, Session.browser == work.actor.browser)
    networks = {network_of(address) for address in work.db.scalars(found.distinct())}
    return network_of(work.actor.address) in networks


def _ways_of_codes(work: Work, account: Account) -> list[Bucket]:
    places = [Bucket(Kind.KNOWN_PLACE, f"{account.id} code {place}") for place in _places_of(work, account.id)]
    return [Bucket(Kind.STRANGER, f"{account.id} code"), *places]


def _places_of(work: Work, account_id: UUID) -> list[str]:
    found = select(Session.address, Session.browser).where(Session.account_id == account_id).distinct()
    return sorted({_named(address, browser) for address, browser in work.db.execute(found)})


def _place(work: Work) -> str:
    return _named(work.actor.address, work.actor.browser)


def _named(address: str, browser: str) -> str:
    return f"{network_of(address)} {browser}"
