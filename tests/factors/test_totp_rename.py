"""Another name for an authenticator app."""

from __future__ import annotations

from sqlalchemy import select

from portal.factors.totp.models import Authenticator
from portal.kernel.work import Instance
from tests.factors.pages import BOTH_MODES, OVERVIEW, browser_of, history, problems, send
from tests.factors.people import add_app
from tests.support.people import make_person
from tests.support.site import Site


def names(instance: Instance) -> list[str]:
    with instance.work() as work:
        return sorted(work.db.scalars(select(Authenticator.name)))


def path_of(instance: Instance, name: str = "my phone") -> str:
    with instance.work() as work:
        row = work.db.scalars(select(Authenticator.id).where(Authenticator.name == name)).one()
    return f"{OVERVIEW}totp/{row}/rename/"


@BOTH_MODES
def test_the_new_name_is_taken_with_password_and_code(instance: Instance, site: Site, limited: bool) -> None:
    person = make_person(instance)
    app = add_app(instance, person.account_id)
    browser, start = browser_of(site, person, limited=limited, code=app.code(instance))
    page = browser.get(start + OVERVIEW).click("Rename")
    assert page.html.find(id="name")["value"] == "my phone"
    answer = send(page, name="old phone", confirm_password=person.password, confirm_code=app.code(instance, 1))
    assert answer.follow().html.title.text.strip().startswith("Authenticator app renamed to old phone")
    assert names(instance) == ["old phone"]
    assert history(instance, person.account_id)[-1] == "authenticator.renamed"


def test_the_password_alone_is_not_enough(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    app = add_app(instance, person.account_id)
    browser_of(site, person, limited=False, code=app.code(instance))
    page = send(site.get(path_of(instance)), name="old phone", confirm_password=person.password)
    assert "Enter the code" in problems(page)
    assert names(instance) == ["my phone"]


def test_two_apps_cannot_have_one_name(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    app = add_app(instance, person.account_id)
    add_app(instance, person.account_id, "tablet")
    browser_of(site, person, limited=False, code=app.code(instance))
    page = site.get(path_of(instance, "tablet"))
    answer = send(page, name="MY phone", confirm_password=person.password, confirm_code=app.code(instance, 1))
    assert "has this name already" in problems(answer)
    assert names(instance) == ["my phone", "tablet"]


def test_the_same_name_again_changes_nothing(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    app = add_app(instance, person.account_id)
    browser_of(site, person, limited=False, code=app.code(instance))
    page = site.get(path_of(instance))
    send(page, name="my phone", confirm_password=person.password, confirm_code=app.code(instance, 1))
    assert "authenticator.renamed" not in history(instance, person.account_id)


def test_somebody_else_s_app_is_not_found(instance: Instance, site: Site) -> None:
    add_app(instance, make_person(instance, "bob").account_id)
    browser_of(site, make_person(instance), limited=False)
    assert site.get(path_of(instance), expect_errors=True).status_int == 404
    assert site.get(f"{OVERVIEW}totp/nonsense/rename/", expect_errors=True).status_int == 404
