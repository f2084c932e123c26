"""What can happen to an upload; a file that was taken is `portal.projects.events.FileUploaded`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.audit.events import FORGOTTEN, Event, personal
from portal.kernel.words import DOMAIN, TranslationString, _, filled

UNNAMED = "–"
"""What stands in the place of a file's name where none was sent."""
NAMED = _("Upload of “${filename}” with the API token “${token}” refused: ${reason}")
NAMELESS = _("Upload with the API token “${token}” refused: ${reason}")
NOTHING = _("Upload refused: ${reason}")


@dataclass(frozen=True, kw_only=True)
class UploadRefused(Event):
    """An upload with a valid token was not taken. `code` is the catalogue's (`portal.uploads.errors`).

    `reason` is the sentence that was told, not translated yet, and `values` what filled it. `token` is the name of the
    API token, and empty without one.
    """

    kind = "upload.refused"
    sentence = _("Upload of “${filename}” refused: ${reason}")

    filename: str
    code: str
    reason: str = ""
    values: dict[str, str] = personal(default=None)  # noqa: RUF009 - a field, made by our own helper
    token: str = personal()

    @classmethod
    def told_as(cls, facts: dict[str, Any], *, to_project: bool = False) -> TranslationString:
        """Also with which token, and without a file's name where none was sent."""
        named, token = facts["filename"] != UNNAMED, facts.get("token", "").strip(FORGOTTEN)
        sentence = (NAMED if token else cls.sentence) if named else (NAMELESS if token else NOTHING)
        return filled(sentence, {**cls.shown(facts), "token": token})

    @classmethod
    def shown(cls, facts: dict[str, Any]) -> dict[str, Any]:
        """The reason as a sentence; where what filled it is gone, the code stands for it."""
        values, reason = facts.get("values"), facts.get("reason")
        if not reason or not isinstance(values, dict):
            return {"filename": facts["filename"], "reason": facts["code"]}
        return {"filename": facts["filename"], "reason": TranslationString(reason, domain=DOMAIN, mapping=values)}


def refused(
    account_id: UUID, filename: str, code: str, sentence: TranslationString, *, token: str = ""
) -> UploadRefused:
    """The event of a refusal with this sentence."""
    values = {name: str(value) for name, value in (sentence.mapping or {}).items()}
    reason = str.__str__(sentence)
    return UploadRefused(account_id=account_id, filename=filename, code=code, reason=reason, values=values, token=token)


@dataclass(frozen=True, kw_only=True)
class UploadChecked(Event):
    """A dry run found nothing wrong; nothing was stored. `token` is the name of the one that was used."""

    kind = "upload.checked"
    sentence = _("Upload of “${filename}” checked, nothing stored")

    filename: str
    token: str
