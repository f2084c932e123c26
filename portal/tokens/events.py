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
    """A token for everything its account may upload to; `scope` is empty. `further`: its other limits, as sentences."""

    kind: ClassVar[str] = "token.created"
    sentence: ClassVar[TranslationString] = _(
        "API token “${label}” created. It can upload to every project that you can upload to."
    )

    token_id: UUID
    label: str = personal()
    scope: tuple[str, ...] = ()
    expires_at: datetime | None = None
    with_2fa: bool = False
    further: tuple[TranslationString, ...] = transient(default=())


@dataclass(frozen=True, kw_only=True)
class ProjectTokenCreated(TokenCreated):
    """A token for the chosen projects in `scope`, as they are written."""

    kind: ClassVar[str] = "token.created_for_projects"
    sentence: ClassVar[TranslationString] = _("API token “${label}” created. It can upload to: ${scope}.")


@dataclass(frozen=True, kw_only=True)
class NewProjectTokenCreated(TokenCreated):
    """A token for one project that is yet to be created; its name is in `scope`, as it was typed."""

    kind: ClassVar[str] = "token.created_for_new_project"
    sentence: ClassVar[TranslationString] = _(
        "API token “${label}” created. It can create the project ${scope} and upload to it."
    )


@dataclass(frozen=True, kw_only=True)
class DownloadTokenCreated(TokenCreated):
    """A token for downloads from an index that only members read."""

    kind: ClassVar[str] = "token.created_for_downloads"
    sentence: ClassVar[TranslationString] = _(
        "API token “${label}” created. It can download everything from this index, and nothing else."
    )


@dataclass(frozen=True, kw_only=True)
class TokenReplaced(Event):
    """A new token with the same name and limits took the place of `token_id`, which ended at once.

    `old_ends_at` is when it ends, if it goes on.
    """

    kind: ClassVar[str] = "token.replaced"
    sentence: ClassVar[TranslationString] = _("API token “${label}” replaced. The old one ended at once.")

    token_id: UUID
    new_token_id: UUID
    label: str = personal()
    hours: int = 0
    old_ends_at: datetime | None = transient(default=None)  # noqa: RUF009 - a field


@dataclass(frozen=True, kw_only=True)
class TokenReplacedLater(TokenReplaced):
    """The same, but the old one goes on for some hours."""

    kind: ClassVar[str] = "token.replaced_later"
    sentence: ClassVar[TranslationString] = _("API token “${label}” replaced. Hours until the old one ends: ${hours}.")


@dataclass(frozen=True, kw_only=True)
class TokenNarrowed(Event):
    """Its owner took something from what a token may do; `caveats` are the limits that were added."""

    kind: ClassVar[str] = "token.narrowed"
    sentence: ClassVar[TranslationString] = _("API token “${label}” can do less now")

    token_id: UUID
    label: str = personal()
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TokenRenamed(Event):
    """A token has another name."""

    kind: ClassVar[str] = "token.renamed"
    sentence: ClassVar[TranslationString] = _("API token “${before}” renamed to “${label}”")

    token_id: UUID
    label: str = personal()
    before: str = personal()


@dataclass(frozen=True, kw_only=True)
class TokenFirstUsed(Event):
    """A token was used for the first time; `quietly`: no letter. `downloads`: it is for them, not for uploads."""

    kind: ClassVar[str] = "token.first_used"
    sentence: ClassVar[TranslationString] = _("API token “${label}” used for the first time")

    token_id: UUID
    label: str = personal()
    downloads: bool = transient(default=False)
    quietly: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class TokenUsedElsewhere(Event):
    """A token was used from a network (IPv4 /16, IPv6 /32) for the first time; `quietly`: no letter this time.

    `downloads`: it is for them, not for uploads.
    """

    kind: ClassVar[str] = "token.used_elsewhere"
    sentence: ClassVar[TranslationString] = _("API token “${label}” used from a new network")

    token_id: UUID
    label: str = personal()
    downloads: bool = transient(default=False)
    quietly: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class TokenEndsSoon(Event):
    """A token expires within so many days."""

    kind: ClassVar[str] = "token.ends_soon"
    sentence: ClassVar[TranslationString] = _("API token “${label}” expires soon")

    token_id: UUID
    label: str = personal()
    days: int
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """A token was ended by its owner; `with_others`: together with all others, by something that tells it itself."""

    kind: ClassVar[str] = "token.revoked"
    sentence: ClassVar[TranslationString] = _("API token “${label}” revoked")

    token_id: UUID
    label: str = personal()
    with_others: bool = transient(default=False)


@dataclass(frozen=True, kw_only=True)
class TokensRevoked(Event):
    """Several tokens were ended together by their owner."""

    kind: ClassVar[str] = "token.revoked_together"
    sentence: ClassVar[TranslationString] = _("API tokens revoked together: ${labels}")

    labels: tuple[str, ...] = personal(())
