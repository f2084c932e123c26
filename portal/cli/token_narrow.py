"""Make a copy of a token that can do less. No index is asked."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from datetime import UTC, datetime

from packaging.version import InvalidVersion

from portal.cli.arguments import Failure
from portal.cli.token import read_line
from portal.projects.names import valid
from portal.tokens import copies
from portal.tokens.copies import CopyTooLong, NothingLeft, ReadsNothing
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
from portal.tokens.macaroon import Unreadable

LATEST = 253402300799
UNREADABLE = "This is no API token. A token begins with pypi- and is one line: copy the whole of it."
NO_NAME = (
    "{} can’t be the name of a project. Such a name has ASCII letters, digits, “.”, “_” and “-”, and begins and ends "
    "with a letter or digit."
)
READS_NOTHING = (
    "This token is for downloads. Limited to projects, a version or new releases, the copy would read nothing: "
    "limit it in time, or to networks."
)
LEAVES_NOTHING = {
    ProjectNames: "The token is for other projects: the copy could not be used for anything.",
    ProjectIds: "The token is for projects with other ids: the copy could not be used for anything.",
    Networks: "The token is for other networks: the copy could not be used for anything.",
    OneVersion: "The token is for another version: the copy could not be used for anything.",
}


def run(arguments: argparse.Namespace) -> int:
    """Print the copy. Raises Failure."""
    print(narrow(arguments, datetime.now(UTC)))
    return 0


def narrow(arguments: argparse.Namespace, now: datetime) -> str:
    """The narrower copy. Raises Failure."""
    limits = _limits(arguments, now)
    if not limits:
        raise Failure("Say what the copy is for, for example: doorward token narrow --project NAME --minutes 15")
    try:
        return copies.narrowed(read_line("Token: ", "narrow"), limits, now=now)
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
