"""What can happen to an API token. No event ever holds a token or its key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from portal.audit.events import Event, personal, transient
from portal.kernel.words import TranslationString, _


@dataclass(frozen=True, kw_only=True)
class TokenCreated(Event):
    """A token for everything its account may upload to; `scope` is empty."""

    kind: ClassVar[str] = "token.created"
    sentence: ClassVar[TranslationString] = _(
        "API token “${label}” created. It can upload to every project that you can upload to."
    )

    token_id: UUID
    label: str = personal()
    scope: tuple[str, ...] = ()
    expires_at: datetime | None = None
    with_2fa: bool = False


@dataclass(frozen=True, kw_only=True)
class ProjectTokenCreated(TokenCreated):
    """A token for the chosen projects in `scope`, by normalized name."""

    kind: ClassVar[str] = "token.created_for_projects"
    sentence: ClassVar[TranslationString] = _("API token “${label}” created. It can upload to: ${scope}.")


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """A token was ended by its owner; `with_others`: together with all others, by something that tells it itself."""

    kind: ClassVar[str] = "token.revoked"
    sentence: ClassVar[TranslationString] = _("API token “${label}” revoked")

    token_id: UUID
    label: str = personal()
    with_others: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class RevokedTokenTried(Event):
    """Somebody used a token after its end by its owner. Recorded at most once an hour a token."""

    kind: ClassVar[str] = "token.tried_revoked"
    sentence: ClassVar[TranslationString] = _("Somebody tried to use the revoked API token “${label}”. It was refused.")

    token_id: UUID
    label: str = personal()


@dataclass(frozen=True, kw_only=True)
class ExpiredTokenTried(Event):
    """Somebody used a token after its time. Recorded at most once an hour a token."""

    kind: ClassVar[str] = "token.tried_expired"
    sentence: ClassVar[TranslationString] = _("Somebody tried to use the expired API token “${label}”. It was refused.")

    token_id: UUID
    label: str = personal()
