"""Every event tells itself with its own facts."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from portal.audit.events import KINDS, Event
from portal.kernel.words import TranslationString, _, filled
from tests.structure.sources import ROOT, dotted, modules

COMMON = frozenset({"account_id", "project_id"})
KIND = re.compile(r"[a-z_]+(\.[a-z_]+)+")
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
SAMPLES: dict[Any, Any] = {
    str: "Emma",
    int: 3,
    bool: True,
    UUID: UUID(int=7),
    datetime: datetime(2026, 6, 1, 12, tzinfo=UTC),
    list: ["one", "two"],
    tuple: ("one", "two"),
    dict: {"name": "Emma"},
}


def events(registry: Any) -> Iterator[type[Event]]:
    """Every event class of the product; the registry is there so that all packages are imported."""
    for path in modules():
        if path.stem == "events":
            __import__(dotted(path, ROOT))
    return (kind for kind in KINDS.values() if kind.__module__.startswith("portal."))


def sample(hint: Any) -> Any:
    """A value for a field of this type."""
    choices = [hint, typing.get_origin(hint), *typing.get_args(hint)]
    return next(SAMPLES[choice] for choice in choices if choice in SAMPLES)


def example(kind: type[Event]) -> Event:
    """An event of this class with a value in every field."""
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: sample(hints[field.name]) for field in dataclasses.fields(kind)})


def faults(kind: type[Event]) -> Iterator[str]:
    """What is wrong with one event class."""
    if not KIND.fullmatch(kind.kind):
        yield f"{kind.__name__}: its kind {kind.kind!r} is not like token.revoked"
    if not isinstance(kind.sentence, TranslationString):
        yield f"{kind.__name__}: its sentence is not marked for translation"
    text = str(kind.sentence)
    # One sentence alone reads like a headline in the table; only of several each has its full stop.
    if not text[0].isupper() or text.endswith(".") != (". " in text):
        yield f"{kind.__name__}: its sentence does not read like “API token ${{label}} revoked”"
    event = example(kind)
    missing = set(PLACEHOLDER.findall(str(kind.sentence))) - set(kind.shown(event.facts()))
    if missing:
        yield f"{kind.__name__}: its sentence names {', '.join(sorted(missing))}, which is no stored fact"
    for to_project in (False, True):
        told = english(kind.told_as(event.facts(), to_project=to_project))
        if "${" in told:
            yield f"{kind.__name__}: its sentence is not filled: {told}"


def english(sentence: TranslationString) -> str:
    """The sentence filled, with the sentences inside it."""
    inner = {name: part for name, part in (sentence.mapping or {}).items() if isinstance(part, TranslationString)}
    text: str = filled(sentence, {name: english(part) for name, part in inner.items()}).interpolate()
    return text


def test_every_event_tells_itself_with_its_facts(registry: Any) -> None:
    found = list(events(registry))

    assert len(found) > 15
    assert [fault for kind in found for fault in faults(kind)] == []


def test_instants_are_no_part_of_a_sentence_because_each_reader_writes_them_otherwise(registry: Any) -> None:
    found = []
    for kind in events(registry):
        hints = typing.get_type_hints(kind)
        named = PLACEHOLDER.findall(str(kind.sentence))
        found += [
            f"{kind.__name__}.{name}"
            for name in named
            if datetime in (hints.get(name), *typing.get_args(hints.get(name)))
        ]

    assert found == []


def test_secrets_are_never_stored_with_an_event(registry: Any) -> None:
    names = {f"{kind.__name__}.{name}" for kind in events(registry) for name in example(kind).facts()}

    assert [name for name in names if re.search(r"ticket|password|secret|handle|email|key$", name)] == []


def planted(sentence: Any, kind: str = "test.planted") -> type[Event]:
    """An event class with one fact, `title`, and one transient field, `ticket`."""
    namespace = {"kind": kind, "sentence": sentence, "__annotations__": {"title": str, "ticket": str}}
    fields = {"ticket": dataclasses.field(default="", metadata={"transient": True})}
    made = type("Planted", (Event,), {**namespace, **fields})
    del KINDS[kind]
    return dataclasses.dataclass(frozen=True, kw_only=True)(made)


@pytest.mark.parametrize(
    ("sentence", "kind", "fault"),
    [
        (_("Lent ${reader}"), "test.lent", "Planted: its sentence names reader, which is no stored fact"),
        (_("Sent ${ticket}"), "test.sent", "Planted: its sentence names ticket, which is no stored fact"),
        (_("Lent ${title}."), "test.stop", "Planted: its sentence does not read like “API token ${label} revoked”"),
        (_("lent ${title}"), "test.small", "Planted: its sentence does not read like “API token ${label} revoked”"),
        (_("Lent ${title}"), "Lent", "Planted: its kind 'Lent' is not like token.revoked"),
    ],
)
def test_a_wrong_event_is_found(sentence: TranslationString, kind: str, fault: str) -> None:
    assert next(faults(planted(sentence, kind))) == fault


def test_a_sentence_that_is_not_marked_is_found() -> None:
    made = planted("Lent ${title}", "test.plain")

    assert next(faults(made)) == "Planted: its sentence is not marked for translation"
