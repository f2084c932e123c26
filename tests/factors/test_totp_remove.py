"""Removing an authenticator app, and what follows from removing the last one."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.factors import removal
from portal.factors.errors import LastFactor
from portal.factors.recovery.models import RecoveryCode, RecoverySet
from portal.factors.service import has_factor
from portal.factors.totp.models import Authenticator
from portal.kernel.errors import NotFound
from portal.kernel.work import Instance
from tests.factors.pages import BOTH_MODES, OVERVIEW, apps, browser_of, history, problems, send
from tests.factors.people import App, add_app
from tests.support.instances import READER, Bed
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with an account."""
    return make_person(instance)


@pytest.fixture
def app(instance: Instance, person: Someone) -> App:
    """The person's only authenticator app."""
    return add_app(instance, person.account_id)


def ids(instance: Instance) -> list[UUID]:
    with instance.work() as work:
        return list(work.db.scalars(select(Authenticator.id).order_by(Authenticator.created_at)))


def path_of(instance: Instance) -> str:
    return f"{OVERVIEW}totp/{ids(instance)[0]}/remove/"


def codes_left(instance: Instance) -> int:
    with instance.work() as work:
        rows = [work.db.scalar(select(func.count()).select_from(table)) or 0 for table in (RecoveryCode, RecoverySet)]
    return sum(rows)


@BOTH_MODES
def test_the_last_one_turns_it_off_and_takes_the_recovery_codes_along(
    instance: Instance, site: Site, person: Someone, app: App, limited: bool
) -> None:
    browser, start = browser_of(site, person, limited=limited, code=app.code(instance))
    page = browser.get(start + OVERVIEW).click("Remove")
    assert "two-factor authentication is off" in page.text
    assert "Your recovery codes are deleted." in page.text
    done = send(page, confirm_password=person.password, confirm_code=app.code(instance, 1)).follow()
    assert done.html.title.text.strip().startswith("Authenticator app my phone removed – Two-factor authentication is")
    assert "end other sessions" in done.text
    assert (apps(instance, person.account_id), codes_left(instance)) == (0, 0)
    assert history(instance, person.account_id)[-2:] == ["authenticator.removed", "recovery_codes.deleted"]


def test_afterwards_the_password_is_enough(instance: Instance, site: Site, person: Someone, app: App) -> None:
    with instance.work(READER) as work:
        assert removal.remove(work, person.account_id, ids(instance)[0])
    assert sign_in(site, person).status_int == 303


def test_another_one_leaves_the_recovery_codes_alone(instance: Instance, site: Site, person: Someone, app: App) -> None:
    add_app(instance, person.account_id, "tablet")
    browser_of(site, person, limited=False, code=app.code(instance))
    page = site.get(path_of(instance))
    assert "Your other authenticator apps and your recovery codes go on working." in page.text
    send(page, confirm_password=person.password, confirm_code=app.code(instance, 1))
    assert (apps(instance, person.account_id), codes_left(instance)) == (1, 11)
    assert "recovery_codes.deleted" not in history(instance, person.account_id)


def test_a_recovery_code_removes_the_app_of_a_lost_phone(
    instance: Instance, site: Site, person: Someone, app: App
) -> None:
    sign_in(site, person, code=app.codes[0].text)
    page = site.get(path_of(instance))
    send(page, confirm_password=person.password, confirm_code=app.codes[1].text)
    assert apps(instance, person.account_id) == 0


def test_password_and_code_are_both_needed(instance: Instance, site: Site, person: Someone, app: App) -> None:
    browser_of(site, person, limited=False, code=app.code(instance))
    page = send(site.get(path_of(instance)), confirm_password=person.password)
    assert "Enter the code" in problems(page)
    page = send(site.get(path_of(instance)), confirm_code=app.code(instance, 1))
    assert "Enter your password." in problems(page)
    assert apps(instance, person.account_id) == 1


def test_where_2fa_is_required_the_last_one_stays_and_the_page_says_how_to_go_on(
    bed: Bed, instance: Instance, person: Someone, app: App
) -> None:
    strict = Site(bed.assemble(two_factor="required"))
    sign_in(strict, person, code=app.code(instance))
    page = strict.get(path_of(instance))
    assert "This index requires two-factor authentication" in page.text
    assert not page.html.select("main form")
    token = last_form(page)["_token"].value
    fields = {"confirm-password": person.password, "confirm-code": app.code(instance, 1)}
    answer = strict.post(path_of(instance), {"_token": token, **fields}, expect_errors=True)
    assert answer.status_int == 403
    assert (apps(instance, person.account_id), codes_left(instance)) == (1, 11)


def test_of_two_apps_removed_at_once_one_stays_where_2fa_is_required(bed: Bed, person: Someone, app: App) -> None:
    strict = bed.assemble(two_factor="required").instance
    add_app(strict, person.account_id, "tablet")
    waiting = ids(strict) * 5

    def remove() -> object:
        with strict.work(READER) as work:
            return removal.remove(work, person.account_id, waiting.pop())

    came = Counter(type(result) for result in at_once(remove, 10))
    assert came[bool] == 1
    assert set(came) <= {bool, LastFactor, NotFound}
    assert apps(strict, person.account_id) == 1


def test_a_second_app_set_up_while_the_first_is_removed_never_stands_without_recovery_codes(
    instance: Instance, person: Someone, app: App
) -> None:
    [first] = ids(instance)

    def remove() -> None:
        with instance.work(READER) as work:
            removal.remove(work, person.account_id, first)

    def one() -> None:
        jobs.pop()()

    jobs = [remove, lambda: add_app(instance, person.account_id, "tablet")]
    at_once(one, 2)
    left = codes_left(instance)
    with instance.work() as work:
        assert has_factor(work, person.account_id) == (left > 0)


def test_somebody_else_s_app_is_not_found(instance: Instance, site: Site, person: Someone, app: App) -> None:
    bob = make_person(instance, "bob")
    sign_in(site, bob)
    assert site.get(path_of(instance), expect_errors=True).status_int == 404
    with instance.work(READER) as work, pytest.raises(NotFound):
        removal.remove(work, bob.account_id, ids(instance)[0])
    assert apps(instance, person.account_id) == 1
