"""Copies that can do less, made without the index: with our command and with PyPI's own package."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pypitoken
import pytest

from portal.kernel.work import Actor, Instance
from portal.tokens import policy
from portal.tokens.copies import CopyTooLong, NothingLeft, narrowed
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import Expiration, Limit, Networks, NewReleases, OneVersion, ProjectIds, ProjectNames
from portal.tokens.limits.own import network
from portal.tokens.macaroon import READ_LIMIT, Unreadable
from tests.support.clock import NOON, FixedClock
from tests.tokens.made import KEY, TOKEN_ID, basic, issued, minted

SOON = NOON + timedelta(minutes=15)
HERE = Actor(address="192.0.2.7")


def used(instance: Instance, token: str, project: str = "demo", version: str = "1.0", *, actor: Actor = HERE) -> str:
    """What becomes of an upload: "taken", or the code of the refusal."""
    with instance.work(actor) as work:
        try:
            policy.authorize(work, policy.authenticate(work, basic(token)), project, version=version)
        except TokenRefused as refused:
            return refused.code
    return "taken"


def test_a_copy_does_what_is_left_and_its_original_all_it_did(instance: Instance, clock: FixedClock) -> None:
    secret = issued(instance, projects=["demo", "other"]).secret
    copy = narrowed(secret, [ProjectNames.of(["Demo"]), Expiration.until(SOON)], now=NOON)
    assert (used(instance, copy), used(instance, copy, "other")) == ("taken", "other-project")
    clock.advance(timedelta(minutes=15))
    assert (used(instance, copy), used(instance, secret, "other")) == ("expired", "taken")


def test_the_limits_that_only_this_index_knows_hold_too(instance: Instance) -> None:
    secret = issued(instance).secret
    limits = [Networks.of([network("192.0.2.0/24")]), OneVersion.of("2.0"), NewReleases()]
    copy = narrowed(secret, limits, now=NOON)
    assert used(instance, copy, version="2.0.0") == "taken"
    assert used(instance, copy, version="2.1") == "other-version"
    assert used(instance, copy, version="2.0", actor=Actor(address="198.51.100.1")) == "other-network"


def test_a_copy_of_a_copy_can_do_only_what_both_allow(instance: Instance) -> None:
    secret = issued(instance).secret
    copy = narrowed(secret, [ProjectNames.of(["demo", "other"])], now=NOON)
    assert used(instance, narrowed(copy, [ProjectNames.of(["demo"])], now=NOON), "other") == "other-project"


def test_pypis_own_package_reads_and_checks_what_we_narrowed() -> None:
    now = datetime.now(UTC)
    until = Expiration.until(now + timedelta(minutes=10))
    copy = pypitoken.Token.load(narrowed(minted(), [ProjectNames.of(["demo"]), until], now=now))
    copy.check(key=KEY, project_name="demo")
    assert [type(one).__name__ for one in copy.restrictions] == ["ProjectNamesRestriction", "DateRestriction"]
    for wrong in ({"project_name": "other"}, {"project_name": "demo", "now": int(time.time()) + 3600}):
        with pytest.raises(pypitoken.ValidationError):
            copy.check(key=KEY, **wrong)


def test_pypis_own_package_reads_ids_of_projects_as_well() -> None:
    copy = pypitoken.Token.load(narrowed(minted(), [ProjectIds(frozenset([str(TOKEN_ID)]))], now=NOON))
    copy.check(key=KEY, project_name="demo", project_id=str(TOKEN_ID))
    with pytest.raises(pypitoken.ValidationError):
        copy.check(key=KEY, project_name="demo", project_id="another")


def test_what_pypis_own_package_narrowed_works_here_and_is_narrowed_further(instance: Instance) -> None:
    theirs = pypitoken.Token.load(issued(instance).secret).restrict(project_names=["demo", "other"]).dump()
    ours = narrowed(theirs, [ProjectNames.of(["demo"])], now=NOON)
    again = pypitoken.Token.load(ours).restrict(
        not_before=int(NOON.timestamp()) - 1, not_after=int(NOON.timestamp()) + 60
    )
    assert [used(instance, text) for text in (theirs, ours, again.dump())] == ["taken"] * 3
    assert [used(instance, text, "other") for text in (theirs, ours)] == ["taken", "other-project"]


def test_a_token_of_pypi_is_narrowed_like_one_of_ours() -> None:
    token = pypitoken.Token.create(domain="pypi.org", identifier=str(TOKEN_ID), key=KEY)
    copy = pypitoken.Token.load(narrowed(token.dump(), [ProjectNames.of(["demo"])], now=NOON))
    copy.check(key=KEY, project_name="demo")
    assert copy.domain == "pypi.org"


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (ProjectNames.of(["other"]), ProjectNames.of(["demo"])),
        (ProjectIds(frozenset("a")), ProjectIds(frozenset("b"))),
        (Networks.of([network("192.0.2.0/24")]), Networks.of([network("198.51.100.0/24")])),
        (OneVersion.of("1.0"), OneVersion.of("2.0")),
        (Expiration.until(NOON), Expiration.until(SOON)),
        (Expiration.until(SOON), Expiration(int(SOON.timestamp()) + 60, int(SOON.timestamp()))),
    ],
)
def test_a_copy_that_would_be_good_for_nothing_is_not_made(held: Limit, wanted: Limit) -> None:
    with pytest.raises(NothingLeft) as raised:
        narrowed(minted(held.caveat()), [wanted], now=NOON)
    assert raised.value.kind is type(wanted)


@pytest.mark.parametrize("text", ["", "pypi-", "password", minted()[:-6], minted() + "!", "PYPI-" + minted()[5:]])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        narrowed(text, [OneVersion.of("1.0")], now=NOON)


@pytest.mark.parametrize("more", ["=", "==", "A"])
def test_a_token_with_a_sign_too_many_is_narrowed_as_it_is_read(more: str) -> None:
    whole = next(text for text in (minted("[102]" + " " * n) for n in range(3)) if len(text[5:]) % 4 == 0)
    copy = pypitoken.Token.load(narrowed(whole + more, [ProjectNames.of(["demo"])], now=NOON))
    assert copy.dump() == narrowed(whole, [ProjectNames.of(["demo"])], now=NOON)


@pytest.mark.parametrize(
    ("caveats", "limits"),
    [
        (["[0,4102444800,0]"] * 31, [OneVersion.of("1.0"), NewReleases()]),
        ([], [ProjectNames.of([f"a-long-name-of-a-project-{number}" for number in range(130)])]),
    ],
)
def test_a_copy_that_no_index_would_take_is_not_made(caveats: list[str], limits: Collection[Limit]) -> None:
    with pytest.raises(CopyTooLong):
        narrowed(minted(*caveats), limits, now=NOON)


def test_the_longest_copy_that_is_made_is_read_again(instance: Instance) -> None:
    names = [f"name-{number:03}" for number in range(180)]
    copy = narrowed(issued(instance).secret, [ProjectNames.of([*names, "demo"])], now=NOON)
    assert READ_LIMIT - 1500 < len(copy) <= READ_LIMIT
    assert used(instance, copy) == "taken"
