"""Places: the network and the browser of a sign-in, and the letter about one that was never seen before.

A place is as coarse as what limited mode shows of it (IPv4 /16, IPv6 /32, browser and system), because
addresses of honest people change. The letter asks for nothing and keeps nobody out.

What was known is known no more once the password was chosen anew with a link: who had the old one may have
been a thief, and comes back from a place of theirs.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.tickets import Purpose
from portal.audit.models import Entry
from portal.kernel.work import Work
from portal.signin.events import NewPlace, SignedIn, SignedInLimited
from portal.signin.ways import known_since
from portal.web.masking import mask_network

LIFE = timedelta(days=7)
KINDS = (SignedIn.kind, SignedInLimited.kind)


def is_new(work: Work, account_id: UUID) -> bool:
    """Whether the account was signed in to before, and never from the actor's place since places count."""
    own = (Entry.account_id == account_id, Entry.kind.in_(KINDS))
    if work.db.scalar(select(Entry.id).where(*own).limit(1)) is None:
        return False
    counting = (*own, Entry.at >= known_since(work, account_id))
    seen = work.db.execute(select(Entry.address, Entry.browser).where(*counting).distinct())
    here = (mask_network(work.actor.address), work.actor.browser)
    return here not in {(mask_network(address), browser) for address, browser in seen}


def note(work: Work, account_id: UUID) -> None:
    """Write down that this place is new; its letter holds a link for somebody who was not there."""
    ticket = ""
    if accounts.letter_addresses(work, account_id):
        ticket = tickets.issue(work, Purpose.NOT_ME, account_id, None, life=LIFE)
        work.db.flush()
    work.record(NewPlace(account_id=account_id, ticket=ticket))
