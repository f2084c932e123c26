"""The first administrator: a link for one person, valid an hour, only while no administrator ever existed.

The server gives it out at start. Until it has been used, nobody registers and nothing is uploaded,
so that nobody can come first.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import cast

from sqlalchemy import CursorResult, select, update

from portal.accounts import service
from portal.accounts.errors import TicketExpired, TicketUsed
from portal.accounts.events import FirstAdministratorRegistered
from portal.accounts.models import Account, Setup
from portal.accounts.tickets import TEXT_LIMIT
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.ids import digest, new_secret
from portal.kernel.work import Work

LIFE = timedelta(hours=1)


class Standing(Enum):
    """Whether the instance has its administrator, waits for one, or has lost its database."""

    DONE = "done"
    WAITING = "waiting"
    DATABASE_LOST = "database lost"


def standing(work: Work, *, remains: bool) -> Standing:
    """How the instance stands. `remains`: keys or files existed before this start.

    Files without a single row mean that the database was lost or another one is configured. Then
    whoever reads the server's output must not become the owner of what is there.
    """
    setup = work.db.get(Setup, service.SETUP_ID)
    if setup is None:
        return Standing.DATABASE_LOST if remains else Standing.WAITING
    return Standing.WAITING if setup.used_at is None else Standing.DONE


def issue(work: Work, *, remains: bool = False) -> str | None:
    """A new link's secret text, valid for `LIFE`; the one before it is void. None unless it is due."""
    if standing(work, remains=remains) is not Standing.WAITING:
        return None
    if work.db.scalars(select(Account.id).where(Account.is_admin)).first() is not None:
        return None
    secret = new_secret()
    setup = work.db.get(Setup, service.SETUP_ID) or Setup(id=service.SETUP_ID)
    setup.secret_hash, setup.expires_at = digest(secret), work.now + LIFE
    work.db.add(setup)
    work.db.flush()
    return secret


def check(work: Work, text: str) -> None:
    """Return if the link works. Raises NotFound, TicketUsed and TicketExpired."""
    setup = work.db.get(Setup, service.SETUP_ID)
    if setup is None or len(text) > TEXT_LIMIT or setup.secret_hash != digest(text):
        raise NotFound
    if setup.used_at is not None:
        raise TicketUsed
    if setup.expires_at is None or setup.expires_at <= work.now:
        raise TicketExpired


def register(work: Work, text: str, *, username: str, email: str, password_hash: str) -> Account:
    """Use the link up and make the administrator's account; both or neither; of two takers one wins.

    The address has to be confirmed like anybody's. Raises AlreadyUsed and UsernameTaken.
    """
    unused = update(Setup).where(
        Setup.id == service.SETUP_ID,
        Setup.used_at.is_(None),
        Setup.secret_hash == digest(text),
        Setup.expires_at > work.now,
    )
    with work.db.begin_nested():
        taken = cast("CursorResult[None]", work.db.execute(unused.values(used_at=work.now)))
        if taken.rowcount != 1:
            raise AlreadyUsed
        return service.register(
            work,
            username=username,
            email=email,
            password_hash=password_hash,
            as_admin=True,
            event=FirstAdministratorRegistered,
        )
