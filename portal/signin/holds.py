"""What keeps somebody who is signed in on one page until they have dealt with it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from portal.accounts.leaving import is_closing
from portal.factors.policy import must_set_up
from portal.kernel.work import Work


@dataclass(frozen=True)
class Hold:
    """While `applies`, every view leads to `route`, except those with the view option `option=True`."""

    option: str
    applies: Callable[[Work, UUID], bool]
    route: str


HOLDS = (
    Hold("while_closing", is_closing, "desk.keep"),
    Hold("before_factor", must_set_up, "factors.totp_add"),
)
"""In the order in which they are dealt with."""


def held_by(work: Work, account_id: UUID, *, but: Collection[str] = ()) -> Hold | None:
    """The first hold that applies to the account, leaving out those with the options `but`."""
    return next((hold for hold in HOLDS if hold.option not in but and hold.applies(work, account_id)), None)
