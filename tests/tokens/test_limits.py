"""Limits: what they allow, that they only narrow, and that what can't be read allows nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.words import TranslationString
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import (
    ORDER,
    DownloadsOnly,
    Expiration,
    Limit,
    Limits,
    Networks,
    NewProject,
    NewReleases,
    OneVersion,
    Owner,
    ProjectIds,
    ProjectNames,
    Target,
    Unknown,
    UploadsLeft,
    Use,
    instant,
    read,
)
from portal.tokens.limits.own import network
from tests.support.clock import NOON

PROJECT_ID = UUID("0190b9d8-5c2f-4a5e-8f00-1234567890ab")
OWNER_ID, TOKEN_ID = UUID(int=1), UUID(int=2)
HOUR = timedelta(hours=1)
SAMPLES: list[Limit] = [
    Unknown(),
    Owner.of(OWNER_ID),
    DownloadsOnly(),
    Expiration.until(NOON),
    Networks.of([network("192.0.2.0/24")]),
    NewProject("Fresh"),
    ProjectNames.of(["alpha"]),
    ProjectIds(frozenset([str(PROJECT_ID)])),
    OneVersion.of("1.0"),
    NewReleases(),
    UploadsLeft(3),
]


def use(address: str = "192.0.2.7", **target: Any) -> Use:
    """A use at noon by the owner; on the project alpha, unless something else is said."""
    return Use(NOON, address, OWNER_ID, TOKEN_ID, Target(**{"project": "alpha", **target}))


def test_networks_of_both_kinds_are_kept_however_they_are_given() -> None:
    given = ["2001:db8::/48", "192.0.2.0/24"]
    assert Networks.of(map(network, given)).facts() == [["192.0.2.0/24", "2001:db8::/48"]]


def test_a_project_that_is_yet_to_be_made_has_no_id() -> None:
    named = Limits.of([ProjectIds(frozenset(["None", str(PROJECT_ID)]))])
    assert refusal(named, use()) == "other-project"
    assert refusal(named, use(project_id=PROJECT_ID)) is None


def refusal(limits: Limits, use: Use) -> str | None:
    """The code of the refusal; None where the use is allowed."""
    try:
        limits.check(use)
    except TokenRefused as refused:
        return refused.code
    return None


def test_a_token_without_caveats_is_not_limited() -> None:
    assert read([]) == Limits()
    assert refusal(Limits(), use("", project="anything")) is None


def test_our_caveats_have_the_form_that_other_tools_know() -> None:
    assert Expiration.until(datetime(2026, 6, 1, tzinfo=UTC)).caveat() == "[0,1780272000,0]"
    assert ProjectNames.of({"Beta", "alpha"}).caveat() == '[1,["alpha","beta"]]'
    assert Owner.of(PROJECT_ID).caveat() == f'[3,"{PROJECT_ID}"]'


def test_caveats_of_our_own_have_tags_from_a_hundred() -> None:
    assert Networks.of([network("192.0.2.7"), network("2001:db8::/32")]).caveat() == (
        '[100,["192.0.2.7/32","2001:db8::/32"]]'
    )
    assert OneVersion.of("1.0").caveat() == '[101,"1.0"]'
    assert NewReleases().caveat() == "[102]"


@pytest.mark.parametrize("limit", [limit for limit in SAMPLES if limit.tag is not None])
def test_each_limit_is_read_back_from_its_caveat(limit: Limit) -> None:
    assert read([limit.caveat().encode()]).held == (limit,)


@pytest.mark.parametrize("limit", SAMPLES)
def test_each_limit_is_within_itself_and_tells_itself(limit: Limit) -> None:
    assert limit.within(limit)
    sentence = limit.sentence(str)
    assert isinstance(sentence, TranslationString)
    assert sentence.interpolate().endswith(".")
    assert "${" not in sentence.interpolate()


def test_every_kind_of_limit_is_among_the_samples() -> None:
    assert [type(limit) for limit in SAMPLES] == list(ORDER)


def test_one_for_downloads_uploads_nothing_and_says_so_nowhere_else() -> None:
    held = read([b"[103]"])
    assert refusal(held, use(project="alpha")) == "cannot-upload"
    assert refusal(held, Use(NOON, "192.0.2.7", OWNER_ID, TOKEN_ID)) is None
    assert held.sentences(str) == []


def test_several_caveats_of_a_kind_narrow_each_other() -> None:
    caveats = [b"[0, 50, 10]", b"[0, 90, 20]", b'[1, ["a", "b"]]', b'[1, ["b", "c"]]', b'[3, "x"]', b'[3, "y"]']
    found = read(caveats)
    assert found.get(Expiration) == Expiration(50, 20)
    assert found.get(ProjectNames) == ProjectNames(frozenset("b"))
    assert found.get(Owner) == Owner(frozenset())


def test_project_names_are_compared_in_their_normalized_form() -> None:
    assert refusal(read([b'[1, ["Some_Project"]]']), use(project="some-project")) is None


def test_a_limit_to_project_ids_allows_no_project_that_is_yet_to_be_created() -> None:
    found = read([f'[2, ["{PROJECT_ID}"]]'.encode()])
    assert refusal(found, use(project_id=PROJECT_ID)) is None
    assert refusal(found, use(project_id=UUID(int=1))) == "other-project"
    assert refusal(found, use()) == "other-project"


def test_an_empty_list_of_projects_allows_none() -> None:
    assert refusal(read([b"[1, []]"]), use()) == "other-project"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("192.0.2.7", None),
        ("::ffff:192.0.2.7", None),
        ("192.0.3.7", "other-network"),
        ("2001:db8::1", None),
        ("2001:db9::1", "other-network"),
        ("", "other-network"),
        ("unix", "other-network"),
    ],
)
def test_a_network_holds_its_addresses_and_no_others(address: str, code: str | None) -> None:
    limits = read([b'[100, ["192.0.2.0/24", "2001:db8::/32"]]'])
    assert refusal(limits, use(address)) == code
    assert refusal(limits, Use(NOON, address, OWNER_ID, TOKEN_ID)) == code


def test_ipv4_written_as_ipv6_is_ipv4_again() -> None:
    limits = read([b'[100, ["::ffff:192.0.2.0/120", "::ffff:198.51.100.7"]]'])
    assert limits.held == (Networks.of([network("192.0.2.0/24"), network("198.51.100.7")]),)
    for address in ("192.0.2.7", "::ffff:192.0.2.7", "198.51.100.7"):
        assert refusal(limits, use(address)) is None
    assert refusal(limits, use("192.0.3.7")) == "other-network"
    assert refusal(read([b'[100, ["::ffff:0:0/96"]]']), use("192.0.2.7")) is None


def test_networks_join_to_what_lies_in_both() -> None:
    joined = read([b'[100, ["192.0.2.0/24", "198.51.100.0/24"]]', b'[100, ["192.0.0.0/16", "198.51.100.8/29"]]'])
    assert joined.held == (Networks.of([network("192.0.2.0/24"), network("198.51.100.8/29")]),)
    assert read([b'[100, ["192.0.2.0/24"]]', b'[100, ["2001:db8::/32"]]']).held == (Networks(()),)


def test_a_network_is_within_a_larger_one_only() -> None:
    small, large = Networks.of([network("192.0.2.0/28")]), Networks.of([network("192.0.2.0/24")])
    assert small.within(large)
    assert not large.within(small)
    halves = Networks.of([network("192.0.2.0/25"), network("192.0.2.128/25")])
    assert halves == large


@pytest.mark.parametrize(("version", "code"), [("1", None), ("1.1", "other-version"), ("", "other-version")])
def test_one_version_is_compared_as_pep_440_does(version: str, code: str | None) -> None:
    assert refusal(read([b'[101, "1.0.0"]']), use(version=version)) == code


def test_two_versions_are_none() -> None:
    assert refusal(read([b'[101, "1.0"]', b'[101, "2.0"]']), use(version="1")) == "other-version"
    assert refusal(read([b'[101, "1.0"]', b'[101, "1.0.0"]']), use(version="1")) is None


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({}, None),
        ({"made_by": TOKEN_ID, "made_at": NOON}, None),
        ({"made_by": TOKEN_ID, "made_at": NOON - 24 * HOUR + timedelta(seconds=1)}, None),
        ({"made_by": TOKEN_ID, "made_at": NOON - 24 * HOUR}, "old-release"),
        ({"made_by": OWNER_ID, "made_at": NOON}, "old-release"),
        ({"made_by": None, "made_at": NOON}, "old-release"),
    ],
)
def test_new_releases_are_this_tokens_own_for_a_day(made: dict[str, Any], code: str | None) -> None:
    assert refusal(read([b"[102]"]), use(project_id=PROJECT_ID, version="1", **made)) == code


@pytest.mark.parametrize(("count", "code"), [(1, None), (0, "used-up")])
def test_uploads_are_refused_when_none_is_left(count: int, code: str | None) -> None:
    limits = Limits.of([UploadsLeft(count)])
    assert refusal(limits, use()) == code
    assert refusal(limits, Use(NOON, "", OWNER_ID)) == code


@pytest.mark.parametrize(
    ("bound", "target", "code"),
    [
        (None, {"project": "fresh-one"}, None),
        (None, {"project": "alpha"}, "other-project"),
        (None, {"project": "fresh-one", "project_id": PROJECT_ID}, "project-exists"),
        (PROJECT_ID, {"project": "fresh-one", "project_id": PROJECT_ID}, None),
        (PROJECT_ID, {"project": "fresh-one"}, None),
        (PROJECT_ID, {"project": "fresh-one", "project_id": UUID(int=9)}, "project-exists"),
        (PROJECT_ID, {"project": "alpha", "project_id": PROJECT_ID}, "other-project"),
    ],
)
def test_a_new_project_is_the_tokens_own_once_it_is_there(
    bound: UUID | None, target: dict[str, Any], code: str | None
) -> None:
    assert refusal(Limits.of([NewProject("Fresh_One", bound)]), use(**target)) == code


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
        b"[100]",
        b'[100, ["300.1.1.1"]]',
        b'[100, ["192.0.2.0/255.255.255.0"]]',
        b'[100, [""]]',
        b'[100, ["fe80::%eth0/10"]]',
        '[100, ["192.0.2.0/\u0662\u0664"]]'.encode(),
        '[100, ["\uff11\uff19\uff12.0.2.0/24"]]'.encode(),
        b"[100, [7]]",
        b"[101]",
        b"[101, 1]",
        b'[101, "not a version"]',
        b"[101, " + b'"' + b"1" * 200 + b'"]',
        b"[102, 1]",
        b"[104]",
        b"[103, 1]",
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
    found = read([b"[0, 50, 10]", caveat])
    assert found.get(Unknown) == Unknown()
    assert refusal(found, use()) == "unknown-limit"


def test_an_instant_outside_the_calendar_is_shown_as_its_edge() -> None:
    assert instant(10**30).year == 9999
    assert instant(-(10**30)).year == 1970


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40) | st.from_regex(rb"\[(0|1|2|3|100|101|102), ?.{0,30}\]", fullmatch=True))
def test_any_caveat_can_be_read_and_never_widens(caveat: bytes) -> None:
    found = read([b'[1, ["a"]]', b'[100, ["192.0.2.0/24"]]', caveat])
    assert refusal(found, use("192.0.2.7", project="b")) is not None
    assert refusal(found, use("198.51.100.1", project="a")) is not None
