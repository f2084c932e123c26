"""How a token is refused: one code, one status and one sentence a cause.

The sentence is for people, in their language; `reason` is the same sentence in English, as a
reason phrase can carry it (upload tools show nothing else).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from portal.kernel.errors import Conflict, Invalid, Refused
from portal.kernel.words import TranslationString, _

REASON_LIMIT = 200
NAME_SHOWN = 40
NAMES_SHOWN = 2
TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "…": "..."})
CHALLENGE = 'Basic realm="API token", charset="UTF-8"'


def ascii_reason(sentence: TranslationString) -> str:
    """The sentence in English as printable ASCII of at most 200 characters; other characters are escaped."""
    text = sentence.interpolate().translate(TYPOGRAPHY)
    escaped = text.encode("ascii", "backslashreplace").decode("ascii")
    return "".join(char if " " <= char <= "~" else " " for char in escaped)[:REASON_LIMIT]


class TokenRefused(Refused):
    """An upload can't go on with what was sent as its token.

    `status` is 401 where nothing readable was sent (answer with `WWW-Authenticate: CHALLENGE`), else 403.
    `token_ends` is when a good token ends, if that is soon.
    """

    token_ends: datetime | None = None

    def __init__(self, code: str, sentence: TranslationString, *, status: int = 403) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.sentence = sentence
        self.reason = ascii_reason(sentence)


class NameTaken(Conflict):
    """Another working token of the account has this name."""


class TooManyTokens(Conflict):
    """The account has as many working tokens as it can have; `limit` says how many."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TokenTooLong(Invalid):
    """The chosen projects have names too long for one token."""


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
    sentence = _("This needs an API token. Use the user name __token__ and the token as the password.")
    return TokenRefused("missing", sentence, status=401)


def ill_formed() -> TokenRefused:
    """The header can't be read."""
    sentence = _("The credentials can’t be read. Use the user name __token__ and an API token as the password.")
    return TokenRefused("ill-formed", sentence, status=401)


def user_name(given: str) -> TokenRefused:
    """Another user name than `__token__`."""
    return TokenRefused(
        "user-name",
        _(
            "The user name “${name}” can’t be used here. Use __token__ as user name and an API token as password.",
            mapping={"name": given[:NAME_SHOWN]},
        ),
    )


def not_ours(location: str | None, host: str) -> TokenRefused:
    """No token of this index: unreadable, unknown, altered or made elsewhere. `location` is what the token claims."""
    if location is None or location == host:
        sentence = _("This is not a token of this index. It may be cut off or altered: copy the whole token again.")
    else:
        sentence = _(
            "This is not a token of this index. It may be cut off, or belong to the index at ${location}.",
            mapping={"location": location},
        )
    return TokenRefused("not-ours", sentence)


def revoked() -> TokenRefused:
    """Ended by its owner."""
    return TokenRefused("revoked", _("This API token was revoked. Create a new one in your account."))


def expired(at: datetime) -> TokenRefused:
    """Its time is over."""
    sentence = _("This API token expired at ${time}. Create a new one in your account.", mapping={"time": _utc(at)})
    return TokenRefused("expired", sentence)


def not_yet_valid(at: datetime) -> TokenRefused:
    """Its time has not come."""
    sentence = _("This API token works from ${time} on, not before.", mapping={"time": _utc(at)})
    return TokenRefused("not-yet-valid", sentence)


def other_project(project: str, allowed: Collection[str] | None) -> TokenRefused:
    """Not a token for this project; `allowed` are those it names, None where it names none."""
    if not allowed:
        sentence = _("This API token is not for the project “${project}”.", mapping={"project": project[:NAME_SHOWN]})
        return TokenRefused("other-project", sentence)
    sentence = _(
        "This API token is not for the project “${project}”. It is for: ${allowed}.",
        mapping={"project": project[:NAME_SHOWN], "allowed": _some(allowed)},
    )
    return TokenRefused("other-project", sentence)


def other_account() -> TokenRefused:
    """Narrowed to somebody else than its owner."""
    return TokenRefused("other-account", _("This API token was limited to another account than its owner’s."))


def unknown_limit() -> TokenRefused:
    """It holds a limit that this index can't check."""
    sentence = _("This API token holds a limit that this index does not know, so it can’t be used here.")
    return TokenRefused("unknown-limit", sentence)


def other_network(address: str) -> TokenRefused:
    """Used from elsewhere. The address is that of whoever reads this."""
    sentence = _("This API token does not work from your network address, ${address}.", mapping={"address": address})
    return TokenRefused("other-network", sentence)


def other_version(version: str, allowed: Collection[str]) -> TokenRefused:
    """Not a token for this version."""
    sentence = _(
        "This API token is not for version ${version}. It is for: ${allowed}.",
        mapping={"version": version[:NAME_SHOWN], "allowed": _some(allowed)},
    )
    return TokenRefused("other-version", sentence)


def old_release(version: str) -> TokenRefused:
    """The release was made by somebody else, or more than 24 hours ago."""
    sentence = _(
        "This API token is only for releases that it makes itself, for 24 hours each. Version ${version} is none.",
        mapping={"version": version[:NAME_SHOWN]},
    )
    return TokenRefused("old-release", sentence)


def used_up() -> TokenRefused:
    """All its uploads are made."""
    return TokenRefused("used-up", _("This API token has no uploads left. Create a new one in your account."))


def project_exists(project: str) -> TokenRefused:
    """It was to create a project that is there already."""
    sentence = _(
        "This API token is for creating the project “${project}”, but somebody else has created it, or another token.",
        mapping={"project": project[:NAME_SHOWN]},
    )
    return TokenRefused("project-exists", sentence)


def no_role(project: str) -> TokenRefused:
    """Its owner may not, or no longer, upload to this project."""
    sentence = _(
        "The owner of this API token may not upload to the project “${project}”. Ask an owner of it for a role.",
        mapping={"project": project[:NAME_SHOWN]},
    )
    return TokenRefused("no-role", sentence)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _some(names: Collection[str]) -> str:
    shown = [name[:NAME_SHOWN] for name in sorted(names)[:NAMES_SHOWN]]
    return ", ".join(shown + ["…"] * (len(names) > NAMES_SHOWN))


def no_second_factor() -> TokenRefused:
    """The policy takes uploads only from accounts with a second factor."""
    return TokenRefused(
        "no-2fa",
        _("This index takes uploads only from accounts with two-factor authentication. Set it up in your account."),
    )


def wrong_password() -> TokenRefused:
    """A user name and a password that do not fit; nobody is told which is wrong."""
    return TokenRefused("wrong-password", _("User name or password is wrong. An API token works as well."))


def password_with_factor() -> TokenRefused:
    """The password was right, but with a second factor it is not enough."""
    return TokenRefused(
        "password-with-2fa",
        _(
            "Your account has two-factor authentication, so a password is not enough here. Use __token__ as user name"
            " and an API token as password."
        ),
    )


def account_closed() -> TokenRefused:
    """The password was right, but its person has closed the account."""
    return TokenRefused("account-closed", _("This account is closed. Sign in on the web if you want to keep it."))
