"""What can happen around signing in."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """Password, and the code where there is one, were right."""

    kind = "session.started"
    sentence = _("Signed in")


@dataclass(frozen=True, kw_only=True)
class SignedInLimited(Event):
    """The same, in a browser that takes no cookies."""

    kind = "session.started.limited"
    sentence = _("Signed in in limited mode, without cookies")


@dataclass(frozen=True, kw_only=True)
class PasswordRefused(Event):
    """A sign-in with a wrong password, or for an account that does not exist (then in nobody's history)."""

    kind = "session.refused.password"
    sentence = _("Sign-in refused: the password was wrong")


@dataclass(frozen=True, kw_only=True)
class CodeRefused(Event):
    """The password was right and the code was not."""

    kind = "session.refused.code"
    sentence = _("Sign-in refused: the password was right, the code was wrong")


@dataclass(frozen=True, kw_only=True)
class CodeUsedAgain(Event):
    """The password was right and the code had been used before."""

    kind = "session.refused.used"
    sentence = _("Sign-in refused: the password was right, the code had been used already")


@dataclass(frozen=True, kw_only=True)
class ConfirmationRefused(Event):
    """Somebody in a live session could not show that it is them."""

    kind = "session.confirmation.refused"
    sentence = _("An action was refused: password or code were wrong")


@dataclass(frozen=True, kw_only=True)
class SignedOut(Event):
    """The person ended the session."""

    kind = "session.ended"
    sentence = _("Signed out")


@dataclass(frozen=True, kw_only=True)
class SessionEndedByFailures(Event):
    """Five confirmations in a row failed under one handle."""

    kind = "session.ended.failures"
    sentence = _("A session in limited mode was ended after too many wrong passwords or codes")


@dataclass(frozen=True, kw_only=True)
class SessionDisplaced(Event):
    """A sixth session in limited mode ended the oldest, or a cookie session took its place."""

    kind = "session.ended.displaced"
    sentence = _("A session in limited mode was ended because a newer session took its place")


@dataclass(frozen=True, kw_only=True)
class SessionEndedElsewhere(Event):
    """A session was ended by its person from another one, or by a link of a letter. `browser` is its own."""

    kind = "session.ended.elsewhere"
    sentence = _("Session ended from elsewhere, browser: ${browser}")

    browser: str
