"""Tokens that were ended by somebody else than their owner. No event holds what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from portal.audit.events import Event, personal
from portal.kernel.words import TranslationString, _


@dataclass(frozen=True, kw_only=True)
class TokenLeaked(Event):
    """Somebody who was not its owner had the whole token, or a narrowed copy; `url`: where, if a scanner says so."""

    kind: ClassVar[str] = "token.leaked"
    sentence: ClassVar[TranslationString] = _("API token “${label}” revoked, because it was found by somebody else")

    token_id: UUID
    label: str = personal()
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class TokenEndedByOperator(Event):
    """Somebody with a shell on the machine ended a token."""

    kind: ClassVar[str] = "token.ended_by_operator"
    sentence: ClassVar[TranslationString] = _("API token “${label}” revoked by the people who run this index")

    token_id: UUID
    label: str = personal()
