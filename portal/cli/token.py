"""Look after API tokens: make a narrower copy of one, or revoke one that was found."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from getpass import getpass

from packaging.version import InvalidVersion

from portal.app import assemble, prepare
from portal.cli.configuration import Failure, add_data, open_configuration
from portal.kernel.work import Work
from portal.projects.names import valid
from portal.tokens import copies, known
from portal.tokens.copies import CopyTooLong, NothingLeft, ReadsNothing
from portal.tokens.leaks import service as leaks
from portal.tokens.limits import (
    Expiration,
    Limit,
    Limits,
    Networks,
    NewReleases,
    OneVersion,
    ProjectIds,
    ProjectNames,
    instant,
)
from portal.tokens.limits.own import network
from portal.tokens.macaroon import PREFIX, Unreadable
from portal.tokens.models import Token

SENT_LIMIT = 8 * 1024
LATEST = 253402300799
UNREADABLE = "This is no API token. A token begins with pypi- and is one line: copy the whole of it."
NOTHING_CAME = "Nothing came on standard input. Put the token there, for example: doorward token {} < token.txt"
NO_NAME = (
    "{} can’t be the name of a project. Such a name has ASCII letters, digits, “.”, “_” and “-”, and begins and ends "
    "with a letter or digit."
)
READS_NOTHING = (
    "This token is for downloads. Limited to projects, a version or new releases, the copy would read nothing: "
    "limit it in time, or to networks."
)
NO_SUCH_ID = (
    "No token of this index has an id that is this, or begins so. Give the token itself, or its id as pages show it: "
    "at least its first 8 characters. Nothing was revoked."
)
NOT_OURS = "This is not a token of this index, or it was cut off or altered. Nothing was revoked."
LEAVES_NOTHING = {
    ProjectNames: "The token is for other projects: the copy could not be used for anything.",
    ProjectIds: "The token is for projects with other ids: the copy could not be used for anything.",
    Networks: "The token is for other networks: the copy could not be used for anything.",
    OneVersion: "The token is for another version: the copy could not be used for anything.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which token."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", title="actions")
    narrow_help = "Print a copy of a token that can do less. The token is read from standard input; no index is asked."
    asks = "On a terminal the command asks for it, and what is typed there does not appear."
    narrow_parser = actions.add_parser("narrow", help=narrow_help, description=f"{narrow_help} {asks}")
    _add_limits(narrow_parser)
    revoke_help = "Revoke a token and write to its owner."
    revoke_parser = actions.add_parser("revoke", help=revoke_help, description=f"{revoke_help} {asks}")
    add_data(revoke_parser, default=argparse.SUPPRESS)
    revoke_parser.add_argument(
        "which",
        nargs="?",
        metavar="TOKEN-OR-ID",
        help="the token, its id, or how its id begins (8 characters or more); a token better on standard input, where "
        "no history keeps it",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--project", action="append", default=[], metavar="NAME", help="only for this project; can be given again")
    add("--project-id", action="append", default=[], metavar="ID", help="the same, by the id that PyPI knows it by")
    add("--minutes", type=int, metavar="N", help="ends after so many minutes")
    add("--until", metavar="TIME", help="ends at this time, for example 2030-12-31T18:00Z")
    add("--not-before", metavar="TIME", help="begins at this time; needs an end")
    add("--network", action="append", default=[], metavar="CIDR", help="only from this network (Doorward only)")
    add("--release", metavar="VERSION", help="only for this version (Doorward only)")
    add("--new-releases", action="store_true", help="only for releases that it makes itself (Doorward only)")


def run(arguments: argparse.Namespace) -> int:
    """Do it. Raises Failure."""
    if arguments.action == "narrow":
        print(narrow(arguments, datetime.now(UTC)))
        return 0
    text = (arguments.which or "").strip() or _read("Token or id: ", "revoke")
    settings = open_configuration(arguments.data, create=False).settings
    prepare(settings)
    instance = assemble(settings).instance
    try:
        with instance.work() as work:
            print(revoke(work, text))
    finally:
        instance.database.close()
    return 0


def narrow(arguments: argparse.Namespace, now: datetime) -> str:
    """The narrower copy. Raises Failure."""
    limits = _limits(arguments, now)
    if not limits:
        raise Failure("Say what the copy is for, for example: doorward token narrow --project NAME --minutes 15")
    try:
        return copies.narrowed(_read("Token: ", "narrow"), limits, now=now)
    except ReadsNothing as error:
        raise Failure(READS_NOTHING) from error
    except Unreadable as error:
        raise Failure(UNREADABLE) from error
    except NothingLeft as error:
        held = error.held if isinstance(error.held, Expiration) else None
        raise Failure(LEAVES_NOTHING.get(error.kind) or _no_time(held, limits, now)) from error
    except CopyTooLong as error:
        raise Failure("The copy would be too long for any index. Give fewer limits.") from error


def _no_time(held: Expiration | None, limits: Collection[Limit], now: datetime) -> str:
    """Why no time is left for a copy: because of the token, or of what was asked for."""
    asked = Limits.of(limits).get(Expiration) or Expiration(LATEST)
    if held is not None and held.expires <= now.timestamp():
        return f"The token itself expired at {_written(held.expires)}: no copy of it can be used."
    if asked.expires <= now.timestamp():
        return f"The end that you gave, {_written(asked.expires)}, is past."
    if asked.expires <= asked.not_before:
        return "The copy would end before it begins: give an end that is later than the beginning."
    if held is not None and held.expires <= asked.not_before:
        return f"The token itself ends at {_written(held.expires)}, before the copy would begin."
    return "The token itself does not work before the end that you gave."


def _written(seconds: int) -> str:
    return instant(seconds).strftime("%Y-%m-%d %H:%M UTC")


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


def _limits(arguments: argparse.Namespace, now: datetime) -> list[Limit]:
    """What was asked for. Raises Failure."""
    found: list[Limit] = []
    for name in arguments.project:
        if not valid(name):
            raise Failure(NO_NAME.format(name or "An empty name"))
    if arguments.project:
        found.append(ProjectNames.of(arguments.project))
    if arguments.project_id:
        found.append(ProjectIds(frozenset(arguments.project_id)))
    found += _times(arguments, now)
    try:
        if arguments.network:
            found.append(Networks.of(network(text) for text in arguments.network))
        if arguments.release:
            found.append(OneVersion.of(arguments.release))
    except InvalidVersion as error:
        raise Failure(f"{arguments.release} is no version, such as 1.0 or 2.0rc1 (PEP 440).") from error
    except ValueError as error:
        raise Failure("A network is written like 192.0.2.0/24, 2001:db8::/32 or 192.0.2.7.") from error
    return found + [NewReleases()] * arguments.new_releases


def _times(arguments: argparse.Namespace, now: datetime) -> list[Limit]:
    if arguments.minutes is not None and arguments.minutes < 1:
        raise Failure("Give the minutes as a whole number, 1 or more.")
    ends = [int(now.timestamp()) + 60 * arguments.minutes] if arguments.minutes else []
    ends += [_instant(arguments.until)] if arguments.until else []
    begins = _instant(arguments.not_before) if arguments.not_before else 0
    if not ends:
        if begins:
            raise Failure("Give the end as well, with --minutes or --until.")
        return []
    return [Expiration(min(*ends, LATEST), begins)]


def _instant(text: str) -> int:
    """Seconds since 1970; without a zone, UTC is meant."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Failure(f"{text} is no time, such as 2030-12-31T18:00Z.") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def _read(prompt: str, action: str) -> str:
    """What is on standard input; what is typed in a terminal does not appear there. Raises Failure for nothing."""
    if sys.stdin.isatty():
        return getpass(prompt).strip()
    text = sys.stdin.read(SENT_LIMIT).strip()
    if not text:
        raise Failure(NOTHING_CAME.format(action))
    return text
