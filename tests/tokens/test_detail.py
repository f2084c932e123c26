"""The page of one token."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from portal.tokens import service
from tests.support.clock import NOON
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site
from tests.tokens.made import add_project


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody signed in with cookies."""
    person = make_person(instance)
    sign_in(site, person)
    return person


def facts(site: Site, token_id: object) -> dict[str, str]:
    """The list of facts on the page."""
    listed = site.get(f"/manage/account/tokens/{token_id}/").html.find("dl")
    texts = [" ".join(part.text.split()) for part in listed.find_all(["dt", "dd"])]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def test_everything_about_a_token_is_told_but_the_token(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        add_project(work, person.account_id, "alpha")
        created = service.create(
            work, person.account_id, name="ci", projects=["alpha"], expires_at=NOON + timedelta(days=1)
        )
    assert facts(site, created.token.id) == {
        "State": "Works",
        "Allows": "Uploads to: alpha",
        "Created": "1 June 2026, 12:00 UTC",
        "Expires": "2 June 2026, 12:00 UTC",
        "Last used": "Not used yet",
        "Unique ID": str(created.token.id),
        "Two-factor authentication": "Was off when the token was created",
    }
    page = site.get(f"/manage/account/tokens/{created.token.id}/")
    assert page.html.title.text.startswith("API token “ci”")
    assert created.secret[-20:] not in page.text


def test_a_revoked_token_says_when_and_offers_nothing_more(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        token = service.create(work, person.account_id, name="ci", projects=None, expires_at=None).token
        service.revoke(work, person.account_id, token.id)
    found = facts(site, token.id)
    assert found["State"] == "Revoked on 1 June 2026, 12:00 UTC"
    assert "Expires" not in found
    assert "Revoke this token" not in site.get(f"/manage/account/tokens/{token.id}/").text


@pytest.mark.usefixtures("person")
def test_what_is_not_ones_own_is_not_found(instance: Instance, site: Site) -> None:
    other = make_person(instance, "noa")
    with instance.work() as work:
        theirs = service.create(work, other.account_id, name="x", projects=None, expires_at=None).token
    for token_id in (theirs.id, new_id(), "x", "0", "%C3%A9", "a" * 300):
        assert site.get(f"/manage/account/tokens/{token_id}/", expect_errors=True).status_int == 404
