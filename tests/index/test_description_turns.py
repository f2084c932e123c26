"""Descriptions are rendered in turns: whoever has many, or slow ones, keeps nobody waiting for all of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from portal.index.descriptions import service
from portal.index.descriptions.service import render_next, render_waiting
from portal.kernel.settings import Settings
from portal.kernel.work import Instance
from tests.index.shelf import add_file
from tests.support.clock import FixedClock
from tests.support.people import make_person


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The descriptions that were rendered, in their order."""
    found: list[str] = []

    def note(_settings: Settings, text: str, _content_type: str) -> str:
        found.append(text)
        return text

    monkeypatch.setattr(service, "render", note)
    return found


def waiting(instance: Instance, clock: FixedClock, text: str, by: UUID | None, project: str) -> None:
    """A release of a project, uploaded by an account, whose description waits."""
    clock.advance(timedelta(seconds=1))
    version = f"{len(text)}.{ord(text[0])}"
    add_file(instance, project, version, description=text, description_waits=True, uploaded_by=by)


def test_accounts_take_turns_and_each_has_its_oldest_rendered(
    instance: Instance, clock: FixedClock, rendered: list[str]
) -> None:
    busy, other, third = (make_person(instance, name).account_id for name in ("busy", "other", "third"))
    for text in ("a", "aa", "aaa", "aaaa"):
        waiting(instance, clock, text, busy, f"busy-{text}")
    waiting(instance, clock, "b", other, "other")
    waiting(instance, clock, "bb", other, "other")
    waiting(instance, clock, "c", third, "third")
    render_waiting(instance)
    assert rendered == ["a", "b", "c", "aa", "bb", "aaa", "aaaa"]


def test_a_turn_counts_in_the_next_round_too(instance: Instance, clock: FixedClock, rendered: list[str]) -> None:
    busy, other = (make_person(instance, name).account_id for name in ("busy", "other"))
    for text in ("a", "aa", "aaa"):
        waiting(instance, clock, text, busy, "busy")
    assert render_next(instance)
    waiting(instance, clock, "b", other, "other")
    assert render_next(instance)
    assert rendered == ["a", "b"]


def test_a_turn_counts_even_where_rendering_fails(
    instance: Instance, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, other = (make_person(instance, name).account_id for name in ("busy", "other"))
    waiting(instance, clock, "a", busy, "busy")
    waiting(instance, clock, "b", other, "other")
    tried: list[str] = []

    def broken(_settings: Settings, text: str, _content_type: str) -> str:
        tried.append(text)
        raise RuntimeError

    monkeypatch.setattr(service, "render", broken)
    for _round in range(2):
        with pytest.raises(RuntimeError):
            render_next(instance)
    assert tried == ["a", "b"]


def test_where_the_account_is_no_more_the_project_has_the_turn(
    instance: Instance, clock: FixedClock, rendered: list[str]
) -> None:
    for text, project in (("a", "one"), ("aa", "one"), ("b", "two")):
        waiting(instance, clock, text, None, project)
    render_waiting(instance)
    assert rendered == ["a", "b", "aa"]
    assert not render_next(instance)
