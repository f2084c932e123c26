"""What can happen to an authenticator app. No event ever holds a key or a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from portal.audit.events import Event, personal
from portal.kernel.words import TranslationString, _


@dataclass(frozen=True, kw_only=True)
class AuthenticatorAdded(Event):
    """An authenticator app was proven and counts from now on; `first`: it turned two-factor authentication on."""

    kind: ClassVar[str] = "authenticator.added"
    sentence: ClassVar[TranslationString] = _("Authenticator app “${name}” added")

    authenticator_id: UUID
    name: str = personal()
    first: bool


@dataclass(frozen=True, kw_only=True)
class AuthenticatorRenamed(Event):
    """An authenticator app has another name from now on."""

    kind: ClassVar[str] = "authenticator.renamed"
    sentence: ClassVar[TranslationString] = _("Authenticator app “${before}” renamed to “${name}”")

    authenticator_id: UUID
    name: str = personal()
    before: str = personal()


@dataclass(frozen=True, kw_only=True)
class AuthenticatorRemoved(Event):
    """An authenticator app no longer counts; `last`: that turned two-factor authentication off."""

    kind: ClassVar[str] = "authenticator.removed"
    sentence: ClassVar[TranslationString] = _("Authenticator app “${name}” removed")

    authenticator_id: UUID
    name: str = personal()
    last: bool
