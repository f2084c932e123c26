"""Revoke a token that was found, by its text or its id."""

from __future__ import annotations

import argparse

from portal.app import assemble, prepare
from portal.cli.arguments import Failure
from portal.cli.configuration import open_configuration
from portal.cli.token import read_line
from portal.kernel.work import Work
from portal.tokens import known
from portal.tokens.leaks import service as leaks
from portal.tokens.macaroon import PREFIX
from portal.tokens.models import Token

NO_SUCH_ID = (
    "No token of this index has an id that is this, or begins so. Give the token itself, or its id as pages show it: "
    "at least its first 8 characters. Nothing was revoked."
)
NOT_OURS = "This is not a token of this index, or it was cut off or altered. Nothing was revoked."


def run(arguments: argparse.Namespace) -> int:
    """Revoke it in one transaction. Raises Failure."""
    text = (arguments.which or "").strip() or read_line("Token or id: ", "revoke")
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
    told = _told(work, token)
    if not leaks.end_by_operator(work, token):
        raise Failure(f"{told} was revoked before. Nothing has changed.")
    return f"{told} is revoked. A letter to its owner leaves when Doorward runs."


def _meant(work: Work, text: str) -> Token:
    """By its whole text, or by its id or how that begins: who runs this command may end any. Raises Failure."""
    if PREFIX in text:
        if (token := leaks.recognise(work, text)) is None:
            raise Failure(NOT_OURS)
        return token
    found = leaks.with_id(work, text)
    if not found:
        raise Failure(NO_SUCH_ID)
    if len(found) > 1:
        those = "\n".join(f"  {one.id} {_told(work, one)}" for one in found)
        raise Failure(f"More than one id begins so. Nothing was revoked. Give more of it:\n{those}")
    return found[0]


def _told(work: Work, token: Token) -> str:
    """Which token it is, for an operator."""
    found = known.with_owner(work, token.id)
    return f"The token “{token.name}” ({token.start}) of {found.username if found else ''}"
