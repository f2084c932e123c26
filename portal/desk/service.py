"""Shutting everybody out of an account at the word of somebody who reads its mail.

Mail proves little, so this takes only away. It never signs in, sets no password and leaves second factors as
they are. A letter with a link to choose a new password follows, under the rules of every such letter.
"""

from __future__ import annotations

from portal.accounts import resets, tickets
from portal.accounts import service as accounts
from portal.accounts.models import Ticket
from portal.accounts.tickets import Purpose
from portal.desk.events import EverythingEnded
from portal.factors.totp import service as totp
from portal.kernel.work import Work
from portal.signin import others
from portal.tokens import service as tokens

MOST_LETTERS = 3


def shut_out(work: Work, ticket: Ticket) -> None:
    """End every session, revoke every token, void half-made sign-ins, and have letters sent; all or nothing.

    The letters go to the addresses that were confirmed first: a thief may have added one. Raises AlreadyUsed.
    """
    account_id = ticket.account_id
    tickets.take(work, ticket)
    tickets.void(work, Purpose.NOT_ME, account_id)
    totp.hold(work, account_id)
    others.end_all(work, account_id)
    tokens.revoke_all(work, account_id)
    proven = [(row.confirmed_at, row.email) for row in accounts.addresses(work, account_id) if row.confirmed_at]
    for _since, email in sorted(proven)[:MOST_LETTERS]:
        resets.ask(work, email)
    work.record(EverythingEnded(account_id=account_id))
