"""Making a short-lived token for a program.

It is a sign-in that begins no session: what proves the person, and what counts and throttles wrong attempts, is
the sign-in's own. The code is used up whatever follows, so a request that was overheard is worth nothing.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from portal.accounts.models import Account
from portal.factors import service as factors
from portal.kernel.errors import AlreadyUsed, NotFound
from portal.kernel.work import Work
from portal.projects.names import normalize
from portal.signin import service as signin
from portal.signin.errors import StepOver
from portal.signin.holds import HOLDS
from portal.tokens import service
from portal.tokens.errors import AddressNotConfirmed, TooManyTokens
from portal.tokens.limits import Expiration, Limits, ProjectNames
from portal.tokens.minting import errors
from portal.tokens.minting.errors import MintRefused
from portal.tokens.minting.events import MintingRefused, TokenMinted
from portal.tokens.minting.reading import Asked
from portal.tokens.service import Created


def mint(work: Work, asked: Asked) -> Created:
    """A token of one project for some minutes. Enters with no transaction open; the caller commits, also a refusal.

    Raises MintRefused, and Throttled like a sign-in. Whoever had the right password leaves a line in the history.
    """
    account = _prove(work, asked)
    try:
        _check_standing(work, account)
        return _make(work, account, normalize(asked.project), work.now + timedelta(minutes=asked.minutes))
    except MintRefused:
        work.record(MintingRefused(account_id=account.id))
        raise


def _prove(work: Work, asked: Asked) -> Account:
    """Who asks, by password and, where there is a second factor, code. Raises MintRefused and Throttled."""
    try:
        outcome = signin.prove(work, asked.username, asked.password, asked.code)
    except (StepOver, AlreadyUsed) as error:
        raise errors.try_again() from error
    if isinstance(outcome, signin.PasswordWrong):
        raise errors.wrong_password()
    if isinstance(outcome, signin.CodeWanted):
        raise errors.wrong_code(outcome.problem)
    return outcome.account


def _check_standing(work: Work, account: Account) -> None:
    """Raise MintRefused for an account with no second factor, or one that is closed."""
    if not factors.has_factor(work, account.id):
        raise errors.no_second_factor()
    if any(hold.applies(work, account.id) for hold in HOLDS):
        raise errors.held()


def _make(work: Work, account: Account, project: str, until: datetime) -> Created:
    limits = Limits.of([ProjectNames.of([project]), Expiration.until(until)])
    # Several programs may ask in the same second: the name tells them apart.
    name = f"{project} {secrets.token_hex(4)}"
    try:
        service.require_address(work, account.id)
        service.require_uploadable(work, account.id, [project])
        created = service.issue(work, account.id, name, limits, expires_at=until, minted=True)
    except AddressNotConfirmed as error:
        raise errors.no_address() from error
    except NotFound as error:
        raise errors.no_project() from error
    except TooManyTokens as error:
        raise errors.too_many() from error
    token_id = created.token.id
    work.record(TokenMinted(account_id=account.id, token_id=token_id, label=name, project=project, expires_at=until))
    return created
