"""What can happen to recovery codes. No event ever holds one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.audit.events import Event
from portal.kernel.words import TranslationString, _


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesCreated(Event):
    """A list of `count` recovery codes counts from now on; `replaced`: an earlier list no longer does."""

    kind: ClassVar[str] = "recovery_codes.created"
    sentence: ClassVar[TranslationString] = _("New recovery codes made, ${count} in number")

    count: int
    replaced: bool = False


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(Event):
    """A recovery code was accepted in place of a code from an authenticator app; `left` codes are unused."""

    kind: ClassVar[str] = "recovery_code.used"
    sentence: ClassVar[TranslationString] = _("Recovery code used, ${left} left")

    left: int


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesDeleted(Event):
    """The list went with the last authenticator app, because there is nothing left that it could stand in for."""

    kind: ClassVar[str] = "recovery_codes.deleted"
    sentence: ClassVar[TranslationString] = _("Recovery codes deleted with the last authenticator app")
