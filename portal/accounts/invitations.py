"""Invitations: a letter with a link behind which its reader registers, with that address already confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select, update

from portal.accounts import names, service
from portal.accounts.errors import AddressTaken, RegistrationClosed, TicketExpired, TicketUsed
from portal.accounts.events import InvitationSent, RegisteredByInvitation
from portal.accounts.models import Account, Invitation
from portal.accounts.tickets import KEPT, TEXT_LIMIT
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.ids import digest, new_id, new_secret
from portal.kernel.work import Work

LIFE = timedelta(days=7)


def invite(work: Work, email: str, *, locale: str = "") -> None:
    """Send an invitation, in the language `locale` or that of the instance.

    Those sent to this address before are void. Raises AddressTaken and Unavailable, and RegistrationClosed where
    nobody registers, not even with an invitation.
    """
    service.require_ready(work)
    if work.settings.registers == "closed":
        raise RegistrationClosed
    if service.by_login(work, email) is not None:
        raise AddressTaken
    key, secret, until = names.email_key(email), new_secret(), work.now + LIFE
    work.db.execute(delete(Invitation).where(Invitation.email_key == key, Invitation.used_at.is_(None)))
    work.db.add(
        Invitation(
            id=new_id(),
            email=email,
            email_key=key,
            secret_hash=digest(secret),
            created_at=work.now,
            expires_at=until,
        )
    )
    work.record(InvitationSent(email=email, ticket=secret, until=until, locale=locale))


def find(work: Work, text: str) -> Invitation:
    """The invitation of a link that still works. Raises NotFound, TicketUsed and TicketExpired."""
    found = None
    if len(text) <= TEXT_LIMIT:
        found = work.db.scalars(select(Invitation).where(Invitation.secret_hash == digest(text))).one_or_none()
    if found is None:
        raise NotFound
    if found.used_at is not None:
        raise TicketUsed
    if found.expires_at <= work.now:
        raise TicketExpired
    return found


def accept(work: Work, invitation: Invitation, *, username: str, password_hash: str) -> Account:
    """Use the link up and make the account, with its address confirmed: all or nothing; of two takers one wins.

    Raises AlreadyUsed, UsernameTaken, and AddressTaken where an account has confirmed the address meanwhile.
    """
    unused = update(Invitation).where(
        Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.expires_at > work.now
    )
    with work.db.begin_nested():
        taken = cast("CursorResult[None]", work.db.execute(unused.values(used_at=work.now)))
        if taken.rowcount != 1:
            raise AlreadyUsed
        account = service.insert_account(work, username, password_hash)
        service.insert_address(work, account.id, invitation.email, primary=True, proven=True)
    work.record(RegisteredByInvitation(account_id=account.id, username=account.username))
    return account


def forget_old(work: Work) -> None:
    """Drop invitations whose time was over a month ago; until then their page can say so."""
    work.db.execute(delete(Invitation).where(Invitation.expires_at < work.now - KEPT))
