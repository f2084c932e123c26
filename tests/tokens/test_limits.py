"""Caveats: what they allow, that they only narrow, and that what can't be read allows nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.tokens.limits import Limits, account, expiration, instant, project_names, read_limits

PROJECT_ID = UUID("0190b9d8-5c2f-4a5e-8f00-1234567890ab")


def test_a_token_without_caveats_is_not_limited() -> None:
    assert read_limits([]) == Limits()
    assert Limits().allow_project("anything", None)


def test_our_caveats_have_the_form_that_other_tools_know() -> None:
    assert expiration(datetime(2026, 6, 1, tzinfo=UTC)) == "[0,1780272000,0]"
    assert project_names({"beta", "alpha"}) == '[1,["alpha","beta"]]'
    assert account(PROJECT_ID) == f'[3,"{PROJECT_ID}"]'


def test_several_caveats_of_a_kind_narrow_each_other() -> None:
    caveats = [b"[0, 50, 10]", b"[0, 90, 20]", b'[1, ["a", "b"]]', b'[1, ["b", "c"]]', b'[3, "x"]', b'[3, "y"]']
    found = read_limits(caveats)
    assert (found.not_before, found.expires) == (20, 50)
    assert found.projects == {"b"}
    assert found.accounts == frozenset()


def test_project_names_are_compared_in_their_normalized_form() -> None:
    assert read_limits([b'[1, ["Some_Project"]]']).allow_project("some-project", None)


def test_a_limit_to_project_ids_allows_no_project_that_is_yet_to_be_created() -> None:
    found = read_limits([f'[2, ["{PROJECT_ID}"]]'.encode()])
    assert found.allow_project("anything", PROJECT_ID)
    assert not found.allow_project("anything", UUID(int=1))
    assert not found.allow_project("anything", None)


def test_an_empty_list_of_projects_allows_none() -> None:
    assert not read_limits([b"[1, []]"]).allow_project("a", None)


@pytest.mark.parametrize(
    "caveat",
    [
        b"",
        b"x",
        b"{}",
        b"[]",
        b"null",
        b"[99]",
        b"[100, 1]",
        b'[4, "publisher", {}]',
        b"[0]",
        b"[0, 50]",
        b"[0, 50, 10, 1]",
        b'[0, "50", 10]',
        b"[0, 50.5, 10]",
        b"[0, NaN, 10]",
        b"[0, true, 10]",
        b"[false, 50, 10]",
        b"[-0.0, 50, 10]",
        b'[1, "alpha"]',
        b"[1, [1]]",
        b"[1, [null]]",
        b'[true, ["alpha"]]',
        b"[2, [[]]]",
        b"[3, 7]",
        b'[3, "x", "y"]',
        b'["0", 50, 10]',
        b'{"version": 1, "permissions": "user"}',
        b'{"nbf": 1, "exp": 2}',
        b"\xff\xfe",
        b"[" * 3000,
        b"[0, " + b"9" * 3000 + b"9" * 3000 + b", 0]",
    ],
)
def test_a_caveat_that_nothing_here_can_check_is_unknown(caveat: bytes) -> None:
    assert read_limits([b"[0, 50, 10]", caveat]).unknown


def test_an_instant_outside_the_calendar_is_shown_as_its_edge() -> None:
    assert instant(10**30).year == 9999
    assert instant(-(10**30)).year == 1970


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40))
def test_any_caveat_can_be_read_and_never_widens(caveat: bytes) -> None:
    found = read_limits([b'[1, ["a"]]', caveat])
    assert found.unknown or not found.allow_project("b", None)
