"""How much each kind of attempt may be made.

Two shapes. *Growing waits* belong to a secret that somebody may be guessing: some attempts are
free, then each costs a longer wait, and after ten times the free ones that way in stays closed
until it is lifted or another factor is used (NIST SP 800-63B §3.2.2: at most 100 failures in a
row). *Windows* belong to a resource: so many in so much time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.kernel.settings import Settings

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
CEILING_FACTOR = 10


class Kind(StrEnum):
    """What is counted. In brackets: what the subject of such a bucket names."""

    STRANGER = "stranger"
    """Signing in from a place this account has not signed in from (account or name, method)."""
    KNOWN_PLACE = "known-place"
    """Signing in from a network and browser it has signed in from (account, method, name as typed, place)."""
    CONFIRMATION = "confirmation"
    """Confirming that it is you inside a live session (session, method)."""
    TICKET = "ticket"
    """The password asked beside an e-mailed link (ticket)."""
    NETWORK = "network"
    """Secrets of any account tried from one network (network)."""
    LOAD = "load"
    """Passwords compared for one network or account, right ones too: what they cost (network, or account)."""
    CODE_LIST = "code-list"
    """Lists of recovery codes hashed for an account, which costs ten times as much (account)."""
    REGISTRATION = "registration"
    """Accounts made from one network (network)."""
    TOKEN = "token"  # noqa: S105 - the name of a kind
    """API tokens that were none of this index, sent from one network (network)."""
    LETTER = "letter"
    """Letters that a person asks for (account), or anybody for an address (address)."""
    CLOSED = "closed"
    """Letters about somebody who has to wait (account)."""
    RESET = "reset"
    """Letters with a link to choose a new password (account)."""
    RESET_NETWORK = "reset-network"
    """Such letters asked for from one network (network)."""
    NEW_PROJECT = "new-project"
    """Projects made by uploading (account)."""
    NEW_PROJECT_NETWORK = "new-project-network"
    """Projects made by uploading from one network (network)."""
    FOUND = "found"
    """Texts with tokens that somebody has found, pasted from one network (network)."""
    SEARCH = "search"
    """Searches of projects by words, from one network (network)."""


@dataclass(frozen=True)
class GrowingWaits:
    """`free` attempts without a wait, then 30 s doubling to 1 h, none after `ceiling` until reset."""

    free: int
    ceiling: int

    def until(self, count: int, *, since: datetime, now: datetime) -> datetime:
        """When the next attempt may be made, `count` having been made by now."""
        if count < self.free:
            return now
        doublings = min(count - self.free, 30)
        wait: timedelta = FIRST_WAIT * 2**doublings
        return now + min(wait, LONGEST_WAIT)


@dataclass(frozen=True)
class Window:
    """`ceiling` attempts within `length`, counted from the first of them.

    `gives_back`: a right one does not count. Otherwise it does: what is counted is the work, not the guesses.
    """

    ceiling: int
    length: timedelta
    gives_back: bool = True

    def until(self, count: int, *, since: datetime, now: datetime) -> datetime:
        """When the next attempt may be made, `count` having been made by now."""
        return now if count < self.ceiling else since + self.length


Limit = GrowingWaits | Window


def limit_of(kind: Kind, settings: Settings) -> Limit:
    """The limit of a kind. Everything but letters grows with the setting `throttle_free`."""
    free, hour = settings.throttle_free, timedelta(hours=1)
    windows = {
        Kind.NETWORK: Window(free * 30, hour),
        Kind.TOKEN: Window(free * 30, hour),
        # A whole company may sit behind one address, and sign in within the same hour.
        Kind.LOAD: Window(free * 100, hour, gives_back=False),
        Kind.CODE_LIST: Window(free * 3, hour, gives_back=False),
        Kind.REGISTRATION: Window(free * 5, hour),
        Kind.RESET_NETWORK: Window(free * 5, hour),
        Kind.FOUND: Window(free * 2, hour),
        Kind.SEARCH: Window(free * 12, timedelta(minutes=1), gives_back=False),
        Kind.NEW_PROJECT: Window(free * 2, hour),
        Kind.NEW_PROJECT_NETWORK: Window(free * 4, hour),
        Kind.LETTER: Window(3, timedelta(hours=6)),
        Kind.CLOSED: Window(1, timedelta(days=1)),
        # As long as such a link works: whoever is refused one has another in the mailbox. Nobody can be kept out.
        Kind.RESET: Window(3, hour),
    }
    return windows.get(kind) or GrowingWaits(free, free * CEILING_FACTOR)
