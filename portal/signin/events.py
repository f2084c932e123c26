"""What can happen around signing in."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event, personal, transient
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
    sentence = _("Signed in without cookies, in limited mode")


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
    sentence = _("An action was refused: the password or the code was wrong")


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
class AskedElsewhere(Event):
    """Somebody elsewhere opened the address of a session in limited mode. They saw nothing."""

    kind = "session.asked_elsewhere"
    sentence = _("A page of your session in limited mode was asked for from elsewhere, and not shown")


@dataclass(frozen=True, kw_only=True)
class SessionPassedOn(Event):
    """The address of a session in limited mode was in two browsers at the same time."""

    kind = "session.ended.passed_on"
    sentence = _("A session in limited mode was ended because its address had been opened in another browser")


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

    browser: str = personal()


@dataclass(frozen=True, kw_only=True)
class WayClosed(Event):
    """Somebody gave wrong passwords so often that they have to wait. Its letter carries a link that lifts the wait."""

    kind = "session.way_closed"
    sentence = _("Signing in paused after many wrong passwords")

    ticket: str = transient()


@dataclass(frozen=True, kw_only=True)
class CodeWayClosed(WayClosed):
    """The same for codes: somebody knows the password."""

    kind = "session.way_closed.code"
    sentence = _("Signing in paused after many wrong codes with the right password")


@dataclass(frozen=True, kw_only=True)
class WaitLifted(Event):
    """The link of the letter was used: strangers and the owner may try again at once."""

    kind = "session.wait_lifted"
    sentence = _("Pause of signing in lifted with a link sent by e-mail")


@dataclass(frozen=True, kw_only=True)
class NewPlace(Event):
    """A sign-in came from a network and browser from which this account had never been signed in to."""

    kind = "session.new_place"
    sentence = _("First sign-in from this network with this browser")

    ticket: str = transient()
