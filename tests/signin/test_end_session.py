"""Ending one session from another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.kernel.work import Instance
from portal.signin import others
from portal.signin.models import Session
from tests.signin.test_sessions import PAGE, kinds, live, person, phone
from tests.support.clock import FixedClock
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.races import at_once
from tests.support.site import Site

END = "/manage/account/sessions/end/"
__all__ = ["person", "phone"]


def end_form(page: Any) -> Any:
    """The form of the button in the table."""
    return next(form for form in page.forms.values() if form.action == END)


def test_the_button_of_a_row_ends_that_session_at_once(
    instance: Instance, site: Site, phone: Site, person: Someone
) -> None:
    sign_in(site, person)
    answer = end_form(site.get(PAGE)).submit().follow()
    assert answer.html.title.text.strip().startswith("Session ended")
    assert live(instance) == ["Firefox on Linux"]
    assert kinds(instance) == ["session.ended.elsewhere"]
    assert phone.get(PAGE).status_int == 303


def test_pressed_twice_it_is_recorded_once(instance: Instance, site: Site, phone: Site, person: Someone) -> None:
    sign_in(site, person)
    form = end_form(site.get(PAGE))
    form.submit()
    assert "This session has ended already." in form.submit().follow().text
    assert len(kinds(instance)) == 1


def test_a_handle_ends_one_too(instance: Instance, site: Site, phone: Site, person: Someone) -> None:
    bare = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(bare, person)
    end_form(bare.get(f"/~{handle}{PAGE}")).submit()
    assert live(instance) == ["Firefox on Linux"]


def test_a_list_from_yesterday_lets_choose_again(
    instance: Instance, site: Site, phone: Site, person: Someone, clock: FixedClock
) -> None:
    sign_in(site, person)
    form = end_form(site.get(PAGE))
    with instance.work() as work:
        [mine, _other] = others.live_sessions(work, person.account_id)
        form["session"] = work.vault.seal_field({"session": str(mine.id)}, purpose="other", until=work.now)
    page = form.submit(expect_errors=True)
    assert page.status_int == 422
    assert "Choose the session again." in page.text
    again = last_form(page)
    again["session"] = again.fields["session"][0].options[0][0]
    assert again.submit().status_int == 303
    assert live(instance) == ["Firefox on Linux"]


def test_by_itself_the_page_names_every_other_session(site: Site, phone: Site, person: Someone) -> None:
    sign_in(site, person)
    page = site.get(END)
    labels = [label.text.strip() for label in page.html.select(".choice label")]
    assert labels == ["Firefox on Android, network 198.51.100.77, signed in 1 June 2026, 12:00 UTC"]
    assert "Choose the session that is to end." in last_form(page).submit(expect_errors=True).text


def test_the_name_of_somebody_else_s_session_ends_nothing(instance: Instance, site: Site, phone: Site) -> None:
    bob = make_person(instance, "bob")
    sign_in(site, bob)
    with instance.work() as work:
        [stolen] = others.live_sessions(work, next(iter(work.db.scalars(_owner_of_phone()))))
        name = others.name_of(work, stolen)
        moved = work.vault.seal_field(
            {"session": str(stolen.id)}, purpose=f"session-name:{bob.account_id}", until=work.now + timedelta(hours=1)
        )
    for tried in (name, moved):
        form = last_form(site.get(PAGE))
        token = form["_token"].value
        site.post(END, {"_token": token, "session": tried}, expect_errors=True)
    assert len(live(instance)) == 2


def _owner_of_phone() -> Any:
    return select(Session.account_id).where(Session.browser == "Firefox on Android")


def test_of_many_at_once_one_ends_it(instance: Instance, phone: Site, person: Someone) -> None:
    with instance.work() as work:
        [session] = others.live_sessions(work, person.account_id)

    def end() -> bool:
        with instance.work() as work:
            return others.end_one(work, person.account_id, session.id)

    assert sum(at_once(end, 10)) == 1
    assert len(kinds(instance)) == 1
