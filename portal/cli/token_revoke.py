"""Revoke a token that was found, by its text or its id."""

from __future__ import annotations

import argparse
from uuid import UUID

from portal.app import assemble, prepare
from portal.cli.arguments import Failure
from portal.cli.configuration import open_configuration
from portal.cli.token import read_line
from portal.kernel.work import Work
from portal.tokens import known
from portal.tokens.leaks import service as leaks
from portal.tokens.macaroon import PREFIX
from portal.tokens.models import Token

NOT_OURS = "This is not a token of this index, or it was cut off or altered. Nothing was revoked."


def run(arguments: argparse.Namespace) -> int:
    """Revoke it in one transaction. Raises Failure."""
    text = (arguments.which or read_line("Token or id: ")).strip()
    settings = open_configuration(arguments.data, create=False).settings
    prepare(settings)
    instance = assemble(settings).instance
    try:
        with instance.work() as work:
            print(revoke(work, text))
    finally:
        instance.database.close()
    return 0


def revoke(work: Work, text: str) -> str:
    """End the token of this text or id, and say whose it was. Raises Failure."""
    token = _meant(work, text)
    if token is None:
        raise Failure(NOT_OURS)
    found = known.with_owner(work, token.id)
    owner = found.username if found else ""
    if not leaks.end_by_operator(work, token):
        raise Failure(f"The token “{token.name}” of {owner} was revoked before. Nothing has changed.")
    return f"The token “{token.name}” of {owner} is revoked. A letter to its owner leaves when Doorward runs."


def _meant(work: Work, text: str) -> Token | None:
    """By its whole text, or by its id: who runs this command may end any."""
    if PREFIX in text:
        return leaks.recognise(work, text)
    try:
        found = known.with_owner(work, UUID(text))
    except ValueError:
        return None
    return None if found is None else found.token
