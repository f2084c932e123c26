"""Shutting everybody out of an account, and a new password, at the word of somebody who reads its mail.

That is what the link of a letter for a forgotten password can do as well, and what it can't do this can't: it never
signs in and leaves second factors as they are. Whoever is in the account is out with the same press of a button.
"""

from __future__ import annotations

from portal.accounts import addresses, new_password, tickets
from portal.accounts import service as accounts
from portal.accounts.events import PasswordReset
from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.desk.events import EverythingEnded
from portal.kernel.work import Work


def shut_out(work: Work, ticket: Ticket, password_hash: str) -> None:
    """Keep the hash of a new password, end every session, revoke every token, void older links; all or nothing.

    It rests on the link alone: whoever signs in or changes the password at the same instant does not stop it.
    Addresses that were never confirmed are dropped. Raises AlreadyUsed.
    """
    account_id = ticket.account_id
    with work.db.begin_nested():
        tickets.take(work, ticket)
        accounts.hold(work, account_id)
        account = accounts.find(work, account_id)
        work.db.refresh(account)
        new_password.replace(work, account, password_hash)
    tickets.void(work, Purpose.NOT_ME, account_id)
    addresses.drop_unconfirmed(work, account_id)
    work.record(PasswordReset(account_id=account_id, end_sessions=True, revoke_tokens=True, told_apart=True))
    work.record(EverythingEnded(account_id=account_id))
