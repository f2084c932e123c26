"""The base class of everything that can happen.

An event is a frozen dataclass that carries its own translatable sentence. Its fields are its
facts: they are stored as JSON and fill the sentence. A field marked `transient` is seen by the
subscribers of the moment (a ticket for a letter) and never stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from portal.kernel.words import TranslationString, filled

FORGOTTEN = "–"
KINDS: dict[str, type[Event]] = {}


def transient(default: Any = "") -> Any:
    """A dataclass field that subscribers see and the record never keeps."""
    return field(default=default, metadata={"transient": True}, repr=False)


def personal(default: Any = "") -> Any:
    """A dataclass field that is kept only as long as its account: a name that a person gave, a browser."""
    return field(default=default, metadata={"personal": True})


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Subclasses give `kind` ("token.revoked") and `sentence`.

    `account_id` says in whose security history it stands, `project_id` in which project's.
    """

    kind: ClassVar[str]
    sentence: ClassVar[TranslationString]

    account_id: UUID | None = None
    project_id: UUID | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        kind = cls.__dict__["kind"]
        if kind in KINDS and KINDS[kind].__qualname__ != cls.__qualname__:
            raise TypeError(f"two events of kind {kind}")
        KINDS[kind] = cls

    def facts(self) -> dict[str, Any]:
        """What is stored, as JSON: every own field but the transient ones."""
        own = [
            f for f in fields(self) if f.name not in {"account_id", "project_id"} and not f.metadata.get("transient")
        ]
        return {f.name: _plain(getattr(self, f.name)) for f in own}

    def told(self) -> TranslationString:
        """The sentence, filled with the facts; translate it, then show it as text."""
        return tell(self.kind, self.facts())

    @classmethod
    def told_as(cls, facts: dict[str, Any], *, to_project: bool = False) -> TranslationString:
        """The sentence, filled from stored facts. `to_project`: for the owners of its project, not for its person."""
        return filled(cls.sentence, cls.shown(facts))

    @classmethod
    def about(cls, facts: dict[str, Any]) -> str:
        """The user name of the person that it is about, where it stands in the history of a project alone."""
        return ""

    @classmethod
    def shown(cls, facts: dict[str, Any]) -> dict[str, Any]:
        """What fills the sentence, from stored facts; a TranslationString among it is translated as well."""
        return {name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in facts.items()}


def without_personal(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of a stored event after its account has ended. Of a kind that is no more, no text is kept."""
    event = KINDS.get(kind)
    if event is None:
        gone = {name for name, value in facts.items() if isinstance(value, str | list)}
    else:
        gone = {f.name for f in fields(event) if f.metadata.get("personal")}
    return {name: FORGOTTEN if name in gone else value for name, value in facts.items()}


def tell(kind: str, facts: dict[str, Any], *, to_project: bool = False) -> TranslationString:
    """The sentence of a stored event, for its person or (`to_project`) for the owners of its project.

    An event of a kind that is no more is told by its kind.
    """
    event = KINDS.get(kind)
    return TranslationString(kind) if event is None else event.told_as(facts, to_project=to_project)


def about(kind: str, facts: dict[str, Any]) -> str:
    """The user name of the person whom a stored event of a project is about, where it stands in no other history."""
    event = KINDS.get(kind)
    return "" if event is None else event.about(facts)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, UUID):
        return str(value)
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
