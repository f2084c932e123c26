"""Why a program gets no token: one code, one status and one sentence a cause."""

from __future__ import annotations

from portal.kernel.errors import Refused
from portal.kernel.words import TranslationString, _


class MintRefused(Refused):
    """No token is made. `code` is for programs, `sentence` for people."""

    def __init__(self, status: int, code: str, sentence: TranslationString) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence


def browser() -> MintRefused:
    """A browser sends this."""
    return MintRefused(403, "browser", _("This address is for programs. Create the token on the page “API tokens”."))


def too_large() -> MintRefused:
    """More bytes than any request needs."""
    return MintRefused(413, "too-large", _("The request is too long."))


def not_json() -> MintRefused:
    """Another kind of content."""
    return MintRefused(415, "not-json", _("Send the request as application/json."))


def malformed() -> MintRefused:
    """Not exactly the fields that are asked for."""
    sentence = _(
        "Send one JSON object with username, password, code and project as texts, and if you like minutes as a whole"
        " number from 1 to 15. Nothing else may be in it."
    )
    return MintRefused(400, "malformed", sentence)


def wrong_password() -> MintRefused:
    """Name or password; nobody is told which."""
    return MintRefused(403, "wrong-password", _("User name or password is wrong."))


def wrong_code(problem: TranslationString | None) -> MintRefused:
    """The password was right and the code was not."""
    return MintRefused(403, "wrong-code", problem or _("The code is wrong."))


def try_again() -> MintRefused:
    """The account has changed in the meantime, or somebody else has used the code at the same instant."""
    return MintRefused(403, "try-again", _("That did not work this time. Wait for the next code and try again."))


def no_second_factor() -> MintRefused:
    """The account is protected by its password alone."""
    sentence = _("This works only for accounts with two-factor authentication. Set it up in your account.")
    return MintRefused(403, "no-2fa", sentence)


def held() -> MintRefused:
    """The account is closed, or has to do something else first."""
    return MintRefused(403, "held", _("Your account can’t do this now. Sign in on the web to see why."))


def no_address() -> MintRefused:
    """Its owner can't be written to."""
    return MintRefused(403, "no-address", _("Your account has no confirmed e-mail address. Confirm one first."))


def no_project() -> MintRefused:
    """There is no such project, or not for this account."""
    return MintRefused(403, "no-project", _("You can’t upload to a project of this name."))


def too_many() -> MintRefused:
    """The account has as many working tokens as it can have."""
    return MintRefused(409, "too-many", _("You have too many working API tokens. Wait until some have ended."))
