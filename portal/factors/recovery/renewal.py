"""Putting a new list of recovery codes in the place of the old one, which works until the new one is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from portal.factors.errors import SetupOutdated
from portal.factors.recovery import service
from portal.factors.recovery.codes import Code, names_one_of, new_codes, read_codes
from portal.kernel.once import refuse_used, take_once
from portal.kernel.work import Work
from portal.throttle.service import Bucket, Kind, reserve

LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class Renewal:
    """A new list that does not count yet; `old` is the list that it will replace."""

    once: str
    old: UUID
    codes: tuple[Code, ...]


def begin(work: Work, account_id: UUID) -> Renewal:
    """A new list; nothing is stored. Raises SetupOutdated where there is no list to replace."""
    state = service.state_of(work, account_id)
    if state is None:
        raise SetupOutdated
    return Renewal(secrets.token_urlsafe(16), state.set_id, tuple(new_codes()))


def seal(work: Work, account_id: UUID, renewal: Renewal) -> str:
    """The list for a hidden field, to be opened within an hour, for this account only."""
    facts = {"once": renewal.once, "old": str(renewal.old), "codes": [code.text for code in renewal.codes]}
    return work.vault.seal_field(facts, purpose=_purpose(account_id), until=work.now + LIFE)


def reopen(work: Work, account_id: UUID, sealed: str) -> Renewal:
    """The list of a hidden field. Raises Unsealable."""
    facts = work.vault.open_field(sealed, purpose=_purpose(account_id), now=work.now)
    return Renewal(facts["once"], UUID(facts["old"]), tuple(read_codes(facts["codes"])))


def finish(work: Work, account_id: UUID, sealed: str, text: str) -> bool:
    """Replace the old list, if a code of the new one stands in the text; it is not used up by that.

    Slow; enters without a transaction open, the caller commits. Raises Unsealable, AlreadyUsed for a
    list that was put in place before, SetupOutdated where another one was, and Throttled.
    """
    work.require_settled()
    renewal = reopen(work, account_id, sealed)
    if not names_one_of(text, renewal.codes):
        return False
    state = service.state_of(work, account_id)
    refuse_used(work, sealed, purpose=_purpose(account_id))
    if state is None or state.set_id != renewal.old:
        raise SetupOutdated
    work.settle()
    reserve(work, [Bucket(Kind.CODE_LIST, str(account_id))])
    hashed = service.hash_codes(work, renewal.codes)
    take_once(work, sealed, purpose=_purpose(account_id), life=LIFE)
    service.replace(work, account_id, hashed, old=renewal.old)
    return True


def _purpose(account_id: UUID) -> str:
    return f"recovery-renewal:{account_id}"
