"""Making somebody an administrator, and taking that back."""

from __future__ import annotations

import argparse

from portal.accounts import administrators
from portal.accounts import service as accounts
from portal.accounts.errors import AlreadyAdministrator, LastAdministrator, NoAdministrator, NotOpen
from portal.accounts.models import Account
from portal.cli.arguments import Failure
from portal.kernel.work import Work

TOLD = "All administrators get a letter when Doorward runs."


def make(work: Work, arguments: argparse.Namespace) -> str:
    """Let somebody administer this index from now on."""
    account = _account(work, arguments.name)
    try:
        administrators.make(work, account)
    except AlreadyAdministrator as error:
        raise Failure(f"{account.username} is an administrator already.") from error
    except NotOpen as error:
        raise Failure(f"The account {account.username} is closed. Nothing was changed.") from error
    return f"{account.username} is an administrator from now on. {TOLD}"


def remove(work: Work, arguments: argparse.Namespace) -> str:
    """Take an administrator's rights away; the last one keeps them."""
    account = _account(work, arguments.name)
    try:
        administrators.remove(work, account)
    except NoAdministrator as error:
        raise Failure(f"{account.username} is no administrator. Nothing was changed.") from error
    except LastAdministrator as error:
        advice = "First make somebody else one with: doorward user make-admin NAME"
        raise Failure(f"{account.username} is the only administrator. {advice}") from error
    return f"{account.username} is no administrator any more. {TOLD}"


def _account(work: Work, name: str) -> Account:
    account = accounts.by_username_or_none(work, name)
    if account is None:
        raise Failure(f"Nobody has the user name {name}. Nothing was changed.")
    return account
