"""Setting up an authenticator app, in steps of which only the last one changes anything.

Name, key and recovery codes travel sealed in the forms, bound to the account: two windows do not
disturb each other, a reload makes nothing, and a crash leaves no half-made factor. The first app of
an account comes with ten recovery codes, which must have been kept before the key is shown.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from portal.accounts.service import confirmed_address
from portal.factors.errors import AddressNeeded, NameTaken, SetupOutdated, TooMany, WrongCode
from portal.factors.recovery import service as recovery
from portal.factors.recovery.codes import Code, names_one_of, new_codes, read_codes
from portal.factors.recovery.service import HashedCode
from portal.factors.totp import service as totp
from portal.factors.totp.codes import fitting_steps, minutes_off, new_key
from portal.factors.totp.service import Proven
from portal.factors.typed import fold, is_totp_code
from portal.kernel.ids import new_id
from portal.kernel.once import refuse_used, take_once
from portal.kernel.vault import Unsealable
from portal.kernel.work import Work
from portal.throttle.service import Bucket, Kind, reserve

LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class Setup:
    """A set-up under way. `codes` is empty for a further app; `kept`: the person has shown that they have the codes."""

    once: str
    name: str
    key: bytes
    codes: tuple[Code, ...]
    kept: bool

    @property
    def first(self) -> bool:
        """Whether finishing it turns two-factor authentication on."""
        return bool(self.codes)


def begin(work: Work, account_id: UUID, name: str) -> Setup:
    """A new set-up; nothing is stored. Raises AddressNeeded, TooMany and NameTaken."""
    require_address(work, account_id)
    held = totp.authenticators_of(work, account_id)
    if len(held) >= totp.LIMIT:
        raise TooMany
    if any(row.name.casefold() == name.casefold() for row in held):
        raise NameTaken
    codes = () if held else tuple(new_codes())
    return Setup(secrets.token_urlsafe(16), name, new_key(), codes, kept=not codes)


def require_address(work: Work, account_id: UUID) -> None:
    """Raise AddressNeeded unless the account has a confirmed address."""
    if confirmed_address(work, account_id) is None:
        raise AddressNeeded


def seal(work: Work, account_id: UUID, setup: Setup) -> str:
    """The set-up for a hidden field, to be opened within an hour, for this account only."""
    facts = {
        "once": setup.once,
        "name": setup.name,
        "key": setup.key.hex(),
        "codes": [code.text for code in setup.codes],
        "kept": setup.kept,
    }
    return work.vault.seal_field(facts, purpose=_purpose(account_id), until=work.now + LIFE)


def reopen(work: Work, account_id: UUID, sealed: str) -> Setup:
    """The set-up of a hidden field. Raises Unsealable."""
    facts = work.vault.open_field(sealed, purpose=_purpose(account_id), now=work.now)
    codes = tuple(read_codes(facts["codes"]))
    return Setup(facts["once"], facts["name"], bytes.fromhex(facts["key"]), codes, kept=facts["kept"])


def show_codes_kept(setup: Setup, text: str) -> Setup | None:
    """The set-up a step further, if one of its recovery codes stands in the text; none of them is used up."""
    return replace(setup, kept=True) if names_one_of(text, setup.codes) else None


def finish(work: Work, account_id: UUID, sealed: str, text: str) -> Setup:
    """Make recovery codes and authenticator app count, both or neither, if the code fits the key.

    Slow; enters without a transaction open, the caller commits. Raises Unsealable, WrongCode,
    AlreadyUsed for a set-up that was finished before, AddressNeeded, SetupOutdated, and Throttled.
    """
    work.require_settled()
    setup = reopen(work, account_id, sealed)
    if not setup.kept:
        raise Unsealable
    step = _fitting_step(work, setup.key, fold(text))
    has_place = _has_place(work, account_id, setup)
    refuse_used(work, sealed, purpose=_purpose(account_id))
    if not has_place:
        raise SetupOutdated
    hashed = _hashed(work, account_id, setup.codes)
    take_once(work, sealed, purpose=_purpose(account_id), life=LIFE)
    totp.hold(work, account_id)
    require_address(work, account_id)
    if not _has_place(work, account_id, setup):
        raise SetupOutdated
    if setup.first:
        recovery.create(work, account_id, hashed)
    totp.add(work, account_id, Proven(new_id(), setup.name, setup.key, step), first=setup.first)
    return setup


def _hashed(work: Work, account_id: UUID, codes: tuple[Code, ...]) -> list[HashedCode]:
    """The recovery codes of a first app, hashed: so often in an hour and no more. Raises Throttled."""
    work.settle()
    if codes:
        reserve(work, [Bucket(Kind.CODE_LIST, str(account_id))])
    return recovery.hash_codes(work, codes)


def _has_place(work: Work, account_id: UUID, setup: Setup) -> bool:
    """Whether the app can still be added as it was begun: as the first or not, under its name, as one of so many."""
    held = totp.authenticators_of(work, account_id)
    names = {row.name.casefold() for row in held}
    return setup.first != bool(held) and len(held) < totp.LIMIT and setup.name.casefold() not in names


def _fitting_step(work: Work, key: bytes, code: str) -> int:
    if not is_totp_code(code):
        raise WrongCode(None)
    steps = fitting_steps(key, code, work.now)
    if not steps:
        raise WrongCode(minutes_off(key, code, work.now))
    return max(steps)


def _purpose(account_id: UUID) -> str:
    return f"totp-setup:{account_id}"
