"""Look after people: invite somebody, recover an account, make somebody an administrator."""

from __future__ import annotations

import argparse

from portal.accounts import invitations, names
from portal.accounts import service as accounts
from portal.accounts.errors import AddressTaken, RegistrationClosed
from portal.cli import administrators
from portal.cli.actions import add_actions, carry_out
from portal.cli.arguments import Failure
from portal.desk.recovery import service as recovery
from portal.desk.recovery.errors import NotRecoverable, UnderWay
from portal.desk.recovery.models import State
from portal.desk.recovery.words import reason
from portal.kernel.errors import Unavailable
from portal.kernel.work import Work
from portal.language.offer import locale_of, offered, suggested
from portal.notices.transport import FOLDER


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and for whom."""
    for name, one in add_actions(parser, ACTIONS):
        operand, meaning = OPERANDS[name]
        one.add_argument(operand, metavar=operand.upper(), help=meaning)
        if ACTIONS[name] is invite:
            one.add_argument("--language", default="", help="the language of the letter, for example pt-BR")


def run(arguments: argparse.Namespace) -> int:
    """Do it in one transaction. Raises Failure."""
    return carry_out(arguments, ACTIONS)


def invite(work: Work, arguments: argparse.Namespace) -> str:
    """Send somebody a letter with a link to register, unless registration is closed."""
    address: str = arguments.address
    if not names.is_email(address):
        raise Failure(f"{address} is no e-mail address that letters can be sent to.")
    locale = locale_of(arguments.language) if arguments.language else ""
    if locale is None:
        known = ", ".join(suggested(offered()))
        raise Failure(f"There are no letters in {arguments.language}. Write one of: {known}. No letter was written.")
    try:
        invitations.invite(work, address, locale=locale)
    except AddressTaken as error:
        raise Failure(f"{address} has an account already. No letter was written.") from error
    except RegistrationClosed as error:
        advice = "Set doorward.registration to invite, start Doorward again, then invite."
        raise Failure(f"This Doorward takes no new accounts. {advice} No letter was written.") from error
    except Unavailable as error:
        raise Failure("This Doorward has no administrator yet. Use the link for the first one, then invite.") from error
    days = invitations.LIFE.days
    way = "leaves" if work.settings.mail_server else f"is put into {work.settings.data / FOLDER}"
    return f"The invitation to {address} {way} when Doorward runs. Its link works once, for {days} days."


def recover(work: Work, arguments: argparse.Namespace) -> str:
    """Start the recovery of an account whose owner has lost every second factor; for a day it can be cancelled."""
    name: str = arguments.name
    account = accounts.by_username_or_none(work, name)
    if account is None:
        raise Failure(f"Nobody has the user name {name}. Nothing was started.")
    try:
        state = recovery.start(work, account, by=None)
    except (NotRecoverable, UnderWay) as error:
        raise Failure(f"{reason(error).interpolate()} Nothing was started.") from error
    if state is State.ASKED:
        return f"{account.username} is an administrator. Another one has to approve this on the web, within 7 days."
    return f"The recovery of {account.username} has begun. In 24 hours a link leaves for the primary address."


ACTIONS = {
    "invite": invite,
    "recover": recover,
    "make-admin": administrators.make,
    "remove-admin": administrators.remove,
}
NAME = ("name", "the user name")
OPERANDS = {"invite": ("address", "the e-mail address"), "recover": NAME, "make-admin": NAME, "remove-admin": NAME}
