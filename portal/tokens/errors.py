"""How a token is refused (`portal.tokens.causes` says why), and what its owner can't do with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from portal.kernel.causes import CauseRefused, ascii_reason
from portal.kernel.errors import Conflict, Invalid, Refused
from portal.tokens import causes

__all__ = ["ascii_reason"]

NAME_SHOWN = 40
NAMES_SHOWN = 2
CHALLENGE = 'Basic realm="API token", charset="UTF-8"'


class TokenRefused(CauseRefused):
    """An upload can't go on with what was sent as its token.

    `status` is 401 where nothing readable was sent (answer with `WWW-Authenticate: CHALLENGE`), else 403.
    """


class NameTaken(Conflict):
    """Another working token of the account has this name."""


class TooManyTokens(Conflict):
    """The account has as many working tokens as it can have; `limit` says how many."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TokenTooLong(Invalid):
    """The chosen projects have names too long for one token."""


class EndsTooLate(Invalid):
    """The token would live longer than this index allows."""


class AddressNotConfirmed(Refused):
    """Tokens need a confirmed e-mail address, so that its owner can be written to."""


class AlreadyRevoked(Conflict):
    """The token was revoked before."""


class AlreadyReplaced(Conflict):
    """The token was replaced before, or has ended."""


class Wider(Invalid):
    """What was asked for would allow more than the token does; `kind` is the class of the limit."""

    def __init__(self, kind: type) -> None:
        super().__init__(kind)
        self.kind = kind


class NothingNarrower(Invalid):
    """What was asked for is what the token allows already."""


def missing() -> TokenRefused:
    """Nothing was sent."""
    return TokenRefused(causes.MISSING)


def ill_formed() -> TokenRefused:
    """The header can't be read."""
    return TokenRefused(causes.ILL_FORMED)


def other_purpose(wanted: str) -> TokenRefused:
    """The token is good, but for something else; `wanted` is what it was used for, "upload" or "download"."""
    return TokenRefused(causes.CANNOT_UPLOAD if wanted == "upload" else causes.CANNOT_DOWNLOAD)


def no_download_token() -> TokenRefused:
    """Nothing was sent to an index that only members read."""
    return TokenRefused(causes.DOWNLOAD_TOKEN)


def narrowed_reader() -> TokenRefused:
    """A token for downloads that somebody narrowed by what is uploaded."""
    return TokenRefused(causes.NARROWED_READER)


def user_name(given: str) -> TokenRefused:
    """Another user name than `__token__`."""
    return TokenRefused(causes.USER_NAME, name=given[:NAME_SHOWN])


def not_ours(location: str | None, host: str) -> TokenRefused:
    """No token of this index: unreadable, unknown, altered or made elsewhere. `location` is what the token claims."""
    if location is None or location == host:
        return TokenRefused(causes.NOT_OURS)
    return TokenRefused(causes.ELSEWHERE, location=location)


def revoked() -> TokenRefused:
    """Ended by its owner."""
    return TokenRefused(causes.REVOKED)


def expired(at: datetime) -> TokenRefused:
    """Its time is over."""
    return TokenRefused(causes.EXPIRED, time=_utc(at))


def not_yet_valid(at: datetime) -> TokenRefused:
    """Its time has not come."""
    return TokenRefused(causes.NOT_YET, time=_utc(at))


def other_project(project: str, allowed: Collection[str] | None) -> TokenRefused:
    """Not a token for this project; `allowed` are those it names, None where it names none."""
    if not allowed:
        return TokenRefused(causes.OTHER_PROJECT, project=project[:NAME_SHOWN])
    return TokenRefused(causes.OTHER_PROJECT_THAN, project=project[:NAME_SHOWN], allowed=_some(allowed))


def other_account() -> TokenRefused:
    """Narrowed to somebody else than its owner."""
    return TokenRefused(causes.OTHER_ACCOUNT)


def unknown_limit() -> TokenRefused:
    """It holds a limit that this index can't check."""
    return TokenRefused(causes.UNKNOWN_LIMIT)


def other_network(address: str) -> TokenRefused:
    """Used from elsewhere. The address is that of whoever reads this."""
    return TokenRefused(causes.OTHER_NETWORK, address=address)


def other_version(version: str, allowed: Collection[str]) -> TokenRefused:
    """Not a token for this version."""
    return TokenRefused(causes.OTHER_VERSION, version=version[:NAME_SHOWN], allowed=_some(allowed))


def old_release(version: str) -> TokenRefused:
    """The release was made by somebody else, or more than 24 hours ago."""
    return TokenRefused(causes.OLD_RELEASE, version=version[:NAME_SHOWN])


def used_up() -> TokenRefused:
    """All its uploads are made."""
    return TokenRefused(causes.USED_UP)


def project_exists(project: str) -> TokenRefused:
    """It was to create a project that is there already."""
    return TokenRefused(causes.PROJECT_EXISTS, project=project[:NAME_SHOWN])


def no_role(project: str) -> TokenRefused:
    """Its owner may not, or no longer, upload to this project."""
    return TokenRefused(causes.NO_ROLE, project=project[:NAME_SHOWN])


def no_second_factor() -> TokenRefused:
    """The policy takes uploads only from accounts with a second factor."""
    return TokenRefused(causes.NO_SECOND_FACTOR)


def wrong_password() -> TokenRefused:
    """A user name and a password that do not fit; nobody is told which is wrong."""
    return TokenRefused(causes.WRONG_PASSWORD)


def password_with_factor() -> TokenRefused:
    """The password was right, but with a second factor it is not enough."""
    return TokenRefused(causes.PASSWORD_WITH_FACTOR)


def account_closed() -> TokenRefused:
    """The password was right, but its person has closed the account."""
    return TokenRefused(causes.ACCOUNT_CLOSED)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _some(names: Collection[str]) -> str:
    shown = [name[:NAME_SHOWN] for name in sorted(names)[:NAMES_SHOWN]]
    return ", ".join(shown + ["…"] * (len(names) > NAMES_SHOWN))
