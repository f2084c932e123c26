"""Limited mode: a session whose secret stands in the address, for browsers that take no cookies."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.ids import digest
from portal.kernel.work import Instance
from portal.signin.models import Session
from tests.support.clock import FixedClock
from tests.support.people import HANDLE, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

HISTORY = "/manage/account/history/"
NAME = re.compile(r"\bada\b")  # a handle is random letters, among them these three now and then


@pytest.fixture
def blocked(site: Site) -> Site:
    """A browser that takes no cookies."""
    return Site(site.application, takes_cookies=False)


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody with a second factor."""
    return make_person(instance, authenticator=True)


@pytest.fixture
def handle(blocked: Site, person: Someone, clock: FixedClock) -> str:
    """The handle of a session in limited mode."""
    return sign_in_limited(blocked, person, code=person.code(clock.now()))


def live(instance: Instance) -> list[Session]:
    """The sessions that were not ended."""
    with instance.work() as work:
        return list(work.db.scalars(select(Session).where(Session.ended_at.is_(None))))


def confirm(answer: Any, **fields: str) -> Any:
    """Fill the confirm fields of the last form of a page and send it."""
    form = last_form(answer)
    for name, value in fields.items():
        form[f"confirm-{name}"] = value
    return form.submit(expect_errors=True)


def test_without_the_probe_cookie_limited_mode_is_offered_and_nothing_is_open_yet(
    instance: Instance, blocked: Site, person: Someone, clock: FixedClock
) -> None:
    offer = sign_in(blocked, person, code=person.code(clock.now()))
    assert offer.status_int == 200
    assert "Continue in limited mode" in offer.text
    assert not live(instance)


def test_the_ticket_opens_one_session_and_no_second(
    instance: Instance, blocked: Site, person: Someone, clock: FixedClock
) -> None:
    form = last_form(sign_in(blocked, person, code=person.code(clock.now())))
    assert HANDLE.search(form.submit().headers["Location"])
    assert form.submit(expect_errors=True).status_int == 409
    assert len(live(instance)) == 1


def test_an_old_ticket_asks_for_the_password_again(
    instance: Instance, blocked: Site, person: Someone, clock: FixedClock
) -> None:
    form = last_form(sign_in(blocked, person, code=person.code(clock.now())))
    clock.advance(timedelta(minutes=10))
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "Enter your password again" in answer.text
    assert not live(instance)


def test_if_the_probe_comes_back_after_all_cookies_are_used(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    form = last_form(site.get("/account/login/"))
    site.reset()
    form["username"], form["password"], form["code"] = person.username, person.password, person.code(clock.now())
    offer = form.submit()
    assert "Continue in limited mode" in offer.text
    answer = last_form(offer).submit()
    assert not HANDLE.search(answer.headers["Location"])
    assert [session.mode for session in live(instance)] == ["cookie"]


def test_only_the_hash_of_the_handle_is_stored(instance: Instance, handle: str) -> None:
    (row,) = live(instance)
    assert row.secret_hash == digest(handle)


def test_links_keep_the_handle_and_forms_leave_it_out_of_their_address(blocked: Site, handle: str) -> None:
    page = blocked.get(f"/~{handle}{HISTORY}")
    assert page.status_int == 200
    assert f'href="/~{handle}/help/"' in page.text
    acting = [form for form in page.forms.values() if form.method.upper() == "POST"]
    assert acting
    assert all(HANDLE.search(form.action) is None for form in acting)
    assert all(form["_handle"].value == handle for form in page.forms.values() if "_token" in form.fields)
    assert HANDLE.search(" ".join(link["href"] for link in page.html.find_all("link"))) is None


def test_answers_below_a_handle_are_not_stored_and_not_indexed(blocked: Site, handle: str) -> None:
    headers = blocked.get(f"/~{handle}{HISTORY}").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "strict-origin"
    assert "noindex" in headers["X-Robots-Tag"]


def test_networks_are_masked(blocked: Site, handle: str) -> None:
    page = blocked.get(f"/~{handle}{HISTORY}")
    assert "192.0.0.0/16" in page.text
    assert "192.0.2.7" not in page.text


def test_an_unknown_handle_is_not_found(blocked: Site) -> None:
    answer = blocked.get(f"/~{'a' * 26}{HISTORY}", expect_errors=True)
    assert answer.status_int == 404
    assert "you are signed out now" in answer.text


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=2)])
def test_an_unknown_handle_is_not_found_beside_a_cookie_either(
    instance: Instance, site: Site, clock: FixedClock, later: timedelta
) -> None:
    sign_in(site, make_person(instance))
    clock.advance(later)
    answer = site.get(f"/~{'a' * 26}{HISTORY}", expect_errors=True)
    assert answer.status_int == 404
    assert HANDLE.search(answer.text) is None


def test_a_form_of_strangers_works_below_a_handle(blocked: Site, handle: str) -> None:
    form = last_form(blocked.get(f"/~{handle}/account/register/"))
    form["username"], form["email"], form["password"] = "grace", "grace@example.org", "seven lanterns over the harbour"
    assert form.submit().status_int == 303


def test_after_signing_out_the_handle_is_not_found(instance: Instance, blocked: Site, handle: str) -> None:
    page = blocked.get(f"/~{handle}{HISTORY}")
    out = next(form for form in page.forms.values() if form.action == "/account/logout/")
    answer = out.submit()
    assert answer.headers["Location"] == "http://localhost/account/signed-out/"
    assert blocked.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 404
    assert not live(instance)


@pytest.mark.parametrize("path", ["/simple/", "/healthz", "/static/site.css", "/legacy/", "/files/x", "/admin/"])
def test_what_is_no_page_is_not_found_below_a_handle(blocked: Site, handle: str, path: str) -> None:
    assert blocked.get(f"/~{handle}{path}", expect_errors=True).status_int == 404


def test_a_form_sent_to_an_address_with_the_handle_is_refused(instance: Instance, blocked: Site, handle: str) -> None:
    form = next(iter(blocked.get(f"/~{handle}{HISTORY}").forms.values()))
    fields = dict(form.submit_fields())
    assert blocked.post(f"/~{handle}/account/logout/", fields, expect_errors=True).status_int == 403
    assert len(live(instance)) == 1


@pytest.mark.parametrize(
    "said", [{"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Dest": "iframe"}]
)
def test_a_page_opened_from_outside_asks_who_it_is_and_then_shows_the_page(
    blocked: Site, handle: str, person: Someone, said: dict[str, str]
) -> None:
    asked = blocked.get(f"/~{handle}{HISTORY}", headers=said, expect_errors=True)
    assert asked.status_int == 403
    assert asked.html.title.get_text().startswith("Confirm that it is you")
    assert "Security history" not in asked.text.partition("<main")[2]
    answer = confirm(asked, password=person.password)
    new = HANDLE.search(answer.headers["Location"])
    assert new is not None
    assert new[1] != handle
    assert answer.headers["Location"].endswith(HISTORY)
    assert blocked.get(answer.headers["Location"]).status_int == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [("?a=%ff", {"Sec-Fetch-Site": "none"}), ("", {"Sec-Fetch-Site": "none", "Host": "evil.example"})],
)
def test_an_error_found_before_it_was_asked_names_nobody(
    blocked: Site, handle: str, query: str, said: dict[str, str]
) -> None:
    answer = blocked.get(f"/~{handle}{HISTORY}{query}", headers=said, expect_errors=True)
    assert answer.status_int == 400
    assert not NAME.search(answer.text)


def test_an_error_of_a_page_keeps_the_menu(blocked: Site, handle: str) -> None:
    answer = blocked.get(f"/~{handle}/no/such/page/", expect_errors=True)
    assert answer.status_int == 404
    assert "ada" in answer.text


def test_the_old_handle_reads_for_a_minute_and_no_longer(
    blocked: Site, handle: str, person: Someone, clock: FixedClock
) -> None:
    asked = blocked.get(f"/~{handle}{HISTORY}", headers={"Sec-Fetch-Site": "none"}, expect_errors=True)
    confirm(asked, password=person.password)
    assert blocked.get(f"/~{handle}{HISTORY}").status_int == 200
    clock.advance(timedelta(seconds=60))
    assert blocked.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 404


def test_silence_about_the_site_is_suspicious_only_from_a_browser_that_spoke_before(
    instance: Instance, site: Site, person: Someone, clock: FixedClock
) -> None:
    lynx = Site(site.application, takes_cookies=False, HTTP_USER_AGENT="Lynx/2.9.0dev.12")
    del lynx.extra_environ["HTTP_SEC_FETCH_SITE"], lynx.extra_environ["HTTP_SEC_FETCH_DEST"]
    handle = sign_in_limited(lynx, person, code=person.code(clock.now()))
    assert lynx.get(f"/~{handle}{HISTORY}").status_int == 200
    speaker = Site(site.application, takes_cookies=False)
    clock.advance(timedelta(seconds=30))
    other = sign_in_limited(speaker, person, code=person.code(clock.now()))
    del speaker.extra_environ["HTTP_SEC_FETCH_SITE"]
    assert speaker.get(f"/~{other}{HISTORY}", expect_errors=True).status_int == 403


@pytest.mark.parametrize(
    "change", [{"REMOTE_ADDR": "198.51.100.1"}, {"HTTP_USER_AGENT": "Mozilla/5.0 (Windows) Chrome/156"}]
)
def test_another_network_or_browser_is_asked_and_not_locked_out(
    site: Site, blocked: Site, handle: str, person: Someone, change: dict[str, str]
) -> None:
    elsewhere = Site(site.application, takes_cookies=False, **change)
    asked = elsewhere.get(f"/~{handle}{HISTORY}", expect_errors=True)
    assert asked.status_int == 403
    assert "has changed since you signed in" in asked.text
    answer = confirm(asked, password=person.password)
    assert elsewhere.get(answer.headers["Location"]).status_int == 200


def test_a_step_within_the_same_network_is_not_asked(site: Site, blocked: Site, handle: str) -> None:
    near = Site(site.application, takes_cookies=False, REMOTE_ADDR="192.0.77.1")
    assert near.get(f"/~{handle}{HISTORY}").status_int == 200


def test_five_failed_confirmations_end_the_handle_and_not_the_account(
    instance: Instance, blocked: Site, handle: str, person: Someone, clock: FixedClock
) -> None:
    asked = blocked.get(f"/~{handle}{HISTORY}", headers={"Sec-Fetch-Site": "none"}, expect_errors=True)
    for _ in range(5):
        answer = confirm(asked, password="not the password at all")
        assert answer.status_int == 422
    assert "this session has been ended" in answer.text
    assert blocked.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 404
    clock.advance(timedelta(seconds=30))
    assert sign_in_limited(blocked, person, code=person.code(clock.now()))


def test_a_quarter_of_an_hour_without_activity_leads_to_the_sign_in_page_without_the_handle(
    blocked: Site, handle: str, clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=15))
    answer = blocked.get(f"/~{handle}{HISTORY}")
    assert answer.status_int == 303
    assert HANDLE.search(answer.headers["Location"]) is None
    assert "next=" in answer.headers["Location"]


def test_a_sixth_session_ends_the_oldest(
    instance: Instance, blocked: Site, handle: str, person: Someone, clock: FixedClock
) -> None:
    for _ in range(5):
        clock.advance(timedelta(seconds=30))
        sign_in_limited(blocked, person, code=person.code(clock.now()))
    assert len(live(instance)) == 5
    assert blocked.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 404


def test_the_cookie_wins_over_the_handle_of_the_same_person(
    instance: Instance, site: Site, handle: str, person: Someone, clock: FixedClock
) -> None:
    clock.advance(timedelta(seconds=30))
    sign_in(site, person, code=person.code(clock.now()))
    answer = site.get(f"/~{handle}{HISTORY}")
    assert answer.headers["Location"] == f"http://localhost{HISTORY}"
    assert [session.mode for session in live(instance)] == ["cookie"]


@pytest.mark.parametrize("tail", ["/project/%0D%0AX:%20y/", "/user/%C3%A9/", "/user/a%3Fb/?c=d"])
def test_the_way_from_the_handle_to_the_cookie_repeats_the_address_as_it_was(
    site: Site, handle: str, person: Someone, clock: FixedClock, tail: str
) -> None:
    clock.advance(timedelta(seconds=30))
    sign_in(site, person, code=person.code(clock.now()))
    location = site.get(f"/~{handle}{tail}").headers["Location"]
    assert location == f"http://localhost{tail}"


def test_a_form_of_a_handle_that_is_sent_with_a_cookie_of_the_same_person_ends_the_handle(
    instance: Instance, blocked: Site, handle: str, person: Someone, clock: FixedClock
) -> None:
    fields = dict(last_form(blocked.get(f"/~{handle}/manage/account/tokens/add/")).submit_fields())
    clock.advance(timedelta(seconds=30))
    site = Site(blocked.application)
    sign_in(site, person, code=person.code(clock.now()))
    assert site.post("/manage/account/tokens/add/", fields, expect_errors=True).status_int == 422
    assert [session.mode for session in live(instance)] == ["cookie"]


def test_cookie_and_handle_of_two_people_act_for_neither(instance: Instance, site: Site, handle: str) -> None:
    sign_in(site, make_person(instance, "bob"))
    answer = site.get(f"/~{handle}{HISTORY}", expect_errors=True)
    assert answer.status_int == 403
    assert not NAME.search(answer.text)


def test_the_history_tells_how_the_session_began(instance: Instance, handle: str) -> None:
    with instance.work() as work:
        assert work.db.scalar(select(Entry.kind).where(Entry.kind == "session.started.limited"))


def test_no_limited_mode_where_the_operator_switched_it_off(bed: Any, person: Someone, clock: FixedClock) -> None:
    strict = Site(bed.assemble(cookieless="off"), takes_cookies=False)
    answer = sign_in(strict, person, code=person.code(clock.now()))
    assert "Continue in limited mode" not in answer.text
    assert "Allow cookies for this site" in answer.text


def test_switched_off_a_handle_of_before_neither_shows_nor_does_anything(
    bed: Any, blocked: Site, person: Someone, handle: str
) -> None:
    strict = Site(bed.assemble(cookieless="off"), takes_cookies=False)
    assert strict.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 404
    form = last_form(blocked.get(f"/~{handle}/manage/account/tokens/add/"))
    form["name"], form["scope"], form["expires"], form["confirm-password"] = "ci", "everything", "30", person.password
    assert strict.post(form.action, form.submit_fields(), expect_errors=True).status_int == 400
    assert form.submit().status_int == 200
