"""Where the policy asks for a second factor, somebody without one can set one up and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from portal.kernel.work import Instance
from tests.factors.pages import ADD, OVERVIEW, browser_of, code_for, send, to_the_key
from tests.factors.people import add_app
from tests.structure.mirror import views
from tests.support.instances import Bed
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site

OPEN = {
    "accounts.emails",
    "accounts.language",
    "accounts.password",
    "accounts.primary_email",
    "accounts.remove_email",
    "accounts.resend_email",
    "desk.cancel_recovery",
    "desk.keep",
    "factors.totp_add",
    "factors.two_factor",
    "signin.confirm",
    "signin.end_session",
    "signin.logout",
    "signin.sessions",
}


@pytest.fixture
def strict(bed: Bed) -> Site:
    """The site of an index that requires two-factor authentication."""
    return Site(bed.assemble(two_factor="required"))


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody without a second factor."""
    return make_person(instance)


@pytest.mark.parametrize("limited", [False, True], ids=["cookies", "limited"])
def test_every_other_page_leads_to_the_set_up(strict: Site, person: Someone, limited: bool) -> None:
    browser, start = browser_of(strict, person, limited=limited)
    for path in ("/manage/account/", "/manage/account/tokens/add/", "/manage/account/history/", "/manage/projects/"):
        answer = browser.get(start + path)
        assert answer.status_int == 303
        assert answer.headers["Location"].endswith(start + ADD)
    page = browser.get(start + ADD)
    assert "This index requires two-factor authentication" in page.text


def test_no_form_of_another_page_acts(strict: Site, site: Site, person: Someone) -> None:
    sign_in(site, person)
    form = last_form(site.get("/manage/account/tokens/add/"))
    strict.cookiejar = site.cookiejar
    form["name"] = "laptop"
    fields = dict(form.submit_fields())
    answer = strict.post("/manage/account/tokens/add/", fields)
    assert (answer.status_int, answer.headers["Location"]) == (303, "http://localhost" + ADD)


def test_after_the_set_up_every_page_opens(strict: Site, instance: Instance, person: Someone) -> None:
    sign_in(strict, person)
    page = to_the_key(strict, person)
    assert send(page, code=code_for(instance, page)).status_int == 303
    assert strict.get("/manage/account/").status_int == 200


def test_somebody_with_a_factor_notices_nothing(strict: Site, instance: Instance, person: Someone) -> None:
    app = add_app(instance, person.account_id)
    sign_in(strict, person, code=app.code(instance))
    assert strict.get("/manage/account/").status_int == 200


def test_the_ways_out_and_to_a_confirmed_address_stay_open(strict: Site, instance: Instance) -> None:
    sign_in(strict, make_person(instance, "bob", confirmed=False))
    assert "Confirm your e-mail address first" in strict.get(ADD).text
    for path in ("/manage/account/emails/", OVERVIEW, "/manage/account/sessions/", "/account/logout/", "/"):
        assert strict.get(path).status_int == 200


def test_by_default_nobody_is_led_anywhere(site: Site, person: Someone) -> None:
    sign_in(site, person)
    assert site.get("/manage/account/").status_int == 200


def test_only_these_pages_are_open_before(bed: Bed) -> None:
    registry: Any = bed.application.wsgi.registry
    found = {route for route, view in views(registry).items() if view.get("before_factor")}
    assert found <= OPEN
    assert {"factors.totp_add", "accounts.emails", "signin.logout"} <= found
