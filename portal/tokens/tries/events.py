"""Somebody used a token of ours, or a narrowed copy of it, that is not good for that now. Told at most once an hour a
token, whatever was tried: whoever found one could fill the history else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from portal.audit.events import Event, personal
from portal.kernel.words import TranslationString, _, filled

WITH_UPLOAD = _("${tried} What was to be uploaded: ${upload}.")


@dataclass(frozen=True, kw_only=True)
class TokenTried(Event):
    """A copy holds limits that nobody can meet. `upload` is the file that was sent, where that is known."""

    kind: ClassVar[str] = "token.tried_useless_copy"
    sentence: ClassVar[TranslationString] = _(
        "Somebody tried to use a copy of the API token “${label}” that is good for nothing. It was refused."
    )

    token_id: UUID
    label: str = personal()
    upload: str = ""

    @classmethod
    def told_as(cls, facts: dict[str, Any], *, to_project: bool = False) -> TranslationString:
        """The sentence, and what was to be uploaded."""
        tried = filled(cls.sentence, cls.shown(facts))
        if not facts.get("upload"):
            return tried
        return filled(WITH_UPLOAD, {"tried": tried, "upload": facts["upload"]})


@dataclass(frozen=True, kw_only=True)
class RevokedTokenTried(TokenTried):
    """It was ended by its owner."""

    kind: ClassVar[str] = "token.tried_revoked"
    sentence: ClassVar[TranslationString] = _("Somebody tried to use the revoked API token “${label}”. It was refused.")


@dataclass(frozen=True, kw_only=True)
class ExpiredTokenTried(TokenTried):
    """Its time is over."""

    kind: ClassVar[str] = "token.tried_expired"
    sentence: ClassVar[TranslationString] = _("Somebody tried to use the expired API token “${label}”. It was refused.")


@dataclass(frozen=True, kw_only=True)
class EarlyTokenTried(TokenTried):
    """Its time has not come."""

    kind: ClassVar[str] = "token.tried_early"
    sentence: ClassVar[TranslationString] = _(
        "Somebody tried to use the API token “${label}” before its time. It was refused."
    )


@dataclass(frozen=True, kw_only=True)
class TokenTriedElsewhere(TokenTried):
    """It is not for the network."""

    kind: ClassVar[str] = "token.tried_elsewhere"
    sentence: ClassVar[TranslationString] = _(
        "Somebody tried to use the API token “${label}” from a network that it is not for. It was refused."
    )


@dataclass(frozen=True, kw_only=True)
class ExpiredCopyTried(TokenTried):
    """The time that its holder gave the copy is over."""

    kind: ClassVar[str] = "token.tried_expired_copy"
    sentence: ClassVar[TranslationString] = _(
        "Somebody tried to use an expired copy of the API token “${label}”. It was refused."
    )


@dataclass(frozen=True, kw_only=True)
class EarlyCopyTried(TokenTried):
    """The time that its holder gave the copy has not come."""

    kind: ClassVar[str] = "token.tried_early_copy"
    sentence: ClassVar[TranslationString] = _(
        "Somebody tried to use a copy of the API token “${label}” before the time of the copy. It was refused."
    )


@dataclass(frozen=True, kw_only=True)
class CopyTriedElsewhere(TokenTried):
    """The copy is not for the network."""

    kind: ClassVar[str] = "token.tried_copy_elsewhere"
    sentence: ClassVar[TranslationString] = _(
        "Somebody tried to use a copy of the API token “${label}” from a network that the copy is not for. "
        "It was refused."
    )
