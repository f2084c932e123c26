"""A token that a program asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from portal.audit.events import Event
from portal.kernel.words import TranslationString, _


@dataclass(frozen=True, kw_only=True)
class TokenMinted(Event):
    """Somebody who has user name, password and code got a token for one project, for minutes."""

    kind: ClassVar[str] = "token.minted"
    sentence: ClassVar[TranslationString] = _(
        "A program created the API token “${label}” with your password and a code. It can upload to ${project}."
    )

    token_id: UUID
    label: str
    project: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class MintingRefused(Event):
    """The password was right, and the code where there is one; but no token was made."""

    kind: ClassVar[str] = "token.minting_refused"
    sentence: ClassVar[TranslationString] = _("A program with your password asked for an API token and got none")
