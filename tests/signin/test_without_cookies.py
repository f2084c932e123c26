"""What a review of sessions without cookies asked, each a test of its own (docs/limited-mode-review.md)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Account
from portal.accounts.passwords import hash_password
from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.notices.service import send_due
from portal.signin.models import Session
from tests.notices.conftest import Postbox, postbox
from tests.support.clock import FixedClock
from tests.support.people import HANDLE, PASSWORD, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

__all__ = ["postbox"]
HISTORY = "/manage/account/history/"
LANGUAGE = "/manage/account/language/"
ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
PASTED = {"Sec-Fetch-Site": "none"}


@pytest.fixture
def blocked(site: Site) -> Site:
    """A browser that takes no cookies."""
    return Site(site.application, takes_cookies=False)


@pytest.fixture
def person(instance: Instance) -> Someone:
    return make_person(instance)


@pytest.fixture
def handle(blocked: Site, person: Someone) -> str:
    """The handle of a session in limited mode."""
    return sign_in_limited(blocked, person)


def sessions(instance: Instance, *, live: bool = True) -> list[Session]:
    with instance.work() as work:
        found = select(Session).where(Session.ended_at.is_(None)) if live else select(Session)
        return list(work.db.scalars(found))


def kinds(instance: Instance) -> list[str]:
    with instance.work() as work:
        return list(work.db.scalars(select(Entry.kind).order_by(Entry.id)))


def subjects(instance: Instance, postbox: Postbox) -> list[str]:
    send_due(instance)
    return [str(message["Subject"]) for message in postbox.messages]


def choose(page: Any, **fields: str) -> Any:
    """Send the page's own form with these fields."""
    form = last_form(page)
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def test_a_sign_in_that_another_site_sends_without_our_cookies_is_refused_and_makes_no_handle(
    instance: Instance, blocked: Site, person: Someone
) -> None:
    fields = dict(last_form(blocked.get("/account/login/")).submit_fields())
    fields |= {"username": person.username, "password": person.password}
    answer = blocked.post("/account/login/", fields, headers={"Sec-Fetch-Site": "cross-site"}, expect_errors=True)
    assert answer.status_int == 403
    assert "limited mode" not in answer.text
    assert sessions(instance, live=False) == []


@pytest.mark.parametrize(("path", "said"), [(HISTORY, {}), (HISTORY, PASTED), ("/no/such/page/", {}), ("/", {})])
def test_every_answer_below_a_handle_cuts_the_referrer_to_the_host_and_keeps_an_origin(
    blocked: Site, handle: str, path: str, said: dict[str, str]
) -> None:
    answer = blocked.get(f"/~{handle}{path}", headers=said, expect_errors=True)
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert not any("referrer" in str(meta) for meta in answer.html.find_all("meta"))


def test_a_right_password_that_waits_for_its_code_has_neither_session_nor_handle(
    instance: Instance, blocked: Site
) -> None:
    grace = make_person(instance, "grace", authenticator=True)
    answer = sign_in(blocked, grace)
    assert "step" in last_form(answer).fields
    assert HANDLE.search(answer.text + str(answer.headers)) is None
    assert sessions(instance, live=False) == []


def test_two_tabs_reload_and_back_go_on_below_one_handle(blocked: Site, handle: str) -> None:
    for path in (HISTORY, LANGUAGE, HISTORY, HISTORY, "/help/", LANGUAGE):
        page = blocked.get(f"/~{handle}{path}")
        assert page.status_int == 200
        assert set(HANDLE.findall(page.text)) == {handle}


def test_an_address_in_two_browsers_at_the_same_time_ends_the_session_with_event_and_letter(
    instance: Instance, blocked: Site, postbox: Postbox, handle: str
) -> None:
    phone = Site(blocked.application, takes_cookies=False, HTTP_USER_AGENT=ANDROID, REMOTE_ADDR="198.51.100.9")
    for _ in range(2):
        assert phone.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 403
    assert blocked.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 404
    assert phone.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 404
    assert sessions(instance) == []
    assert kinds(instance)[-2:] == ["session.asked_elsewhere", "session.ended.passed_on"]
    assert subjects(instance, postbox) == ["A session in limited mode was ended"]
    assert "opened in another browser" in " ".join(postbox.messages[0].get_content().split())


def test_who_moves_to_another_browser_and_shows_who_they_are_keeps_the_session(
    instance: Instance, blocked: Site, handle: str
) -> None:
    phone = Site(blocked.application, takes_cookies=False, HTTP_USER_AGENT=ANDROID)
    asked = phone.get(f"/~{handle}{HISTORY}", expect_errors=True)
    moved = choose(asked, **{"confirm-password": PASSWORD}).headers["Location"]
    # The tab that was left behind still has the old address.
    blocked.get(f"/~{handle}{HISTORY}", expect_errors=True)
    assert phone.get(moved).status_int == 200
    assert len(sessions(instance)) == 1


def test_a_network_that_changes_and_changes_back_ends_nothing_and_stands_in_the_history_once(
    instance: Instance, blocked: Site, handle: str
) -> None:
    train = Site(blocked.application, takes_cookies=False, REMOTE_ADDR="198.51.100.9")
    for _ in range(3):
        assert train.get(f"/~{handle}{HISTORY}", expect_errors=True).status_int == 403
        assert blocked.get(f"/~{handle}{HISTORY}").status_int == 200
    assert kinds(instance).count("session.asked_elsewhere") == 1


def test_the_fifth_wrong_password_below_a_handle_writes_to_its_person_and_keeps_nobody_out(
    instance: Instance, blocked: Site, postbox: Postbox, handle: str, person: Someone
) -> None:
    asked = blocked.get(f"/~{handle}{HISTORY}", headers=PASTED, expect_errors=True)
    for _ in range(4):
        choose(asked, **{"confirm-password": "not the password at all"})
    assert subjects(instance, postbox) == []
    choose(asked, **{"confirm-password": "not the password at all"})
    assert sessions(instance) == []
    assert subjects(instance, postbox) == ["A session in limited mode was ended"]
    assert "five wrong passwords" in " ".join(postbox.messages[0].get_content().split())
    assert sign_in_limited(blocked, person)


def test_a_donated_address_says_whose_it_is_and_takes_no_password_of_another_person(
    instance: Instance, blocked: Site, handle: str
) -> None:
    with instance.work() as work:
        hashed = hash_password(work, "the words of somebody else")
        grace = make_person(instance, "grace")
        work.db.execute(update(Account).where(Account.id == grace.account_id).values(password_hash=hashed))
    asked = blocked.get(f"/~{handle}{HISTORY}", headers={"Sec-Fetch-Site": "cross-site"}, expect_errors=True)
    assert last_form(asked)["confirm-username"].value == "ada"
    theirs = {"confirm-username": "grace", "confirm-password": "the words of somebody else"}
    answer = choose(asked, **theirs)
    assert answer.status_int == 422
    assert last_form(answer)["confirm-username"].value == "ada"


def test_several_changes_in_one_half_minute_wait_for_no_code(instance: Instance, blocked: Site) -> None:
    grace = make_person(instance, "grace", authenticator=True)
    handle = sign_in_limited(blocked, grace, code=grace.code(instance.clock.now()))
    for language in ("en", ""):
        answer = choose(blocked.get(f"/~{handle}{LANGUAGE}"), language=language, **{"confirm-password": PASSWORD})
        assert answer.status_int == 303


def test_a_page_below_a_handle_names_an_address_without_it_for_whoever_shares_it(blocked: Site, handle: str) -> None:
    page = blocked.get(f"/~{handle}{HISTORY}?before=99")
    [link] = page.html.find_all("link", rel="canonical")
    assert link["href"] == f"http://localhost{HISTORY}?before=99"
    [there] = blocked.get(f"/~{handle}/").html.find_all("link", rel="canonical")
    assert there["href"] == "http://localhost/"
    assert blocked.get("/").html.find_all("link", rel="canonical") == []


@pytest.mark.parametrize("limited", [True, False], ids=["limited", "cookie"])
def test_what_nobody_looks_at_does_not_keep_a_session_alive(
    instance: Instance, site: Site, blocked: Site, person: Someone, clock: FixedClock, *, limited: bool
) -> None:
    browser, path = (blocked, "") if limited else (site, "")
    if limited:
        path = f"/~{sign_in_limited(blocked, person)}"
    else:
        sign_in(site, person)
    begun = sessions(instance)[0].seen_at
    clock.advance(timedelta(minutes=5))
    browser.get(path + HISTORY, headers={"Sec-Purpose": "prefetch;prerender"})
    browser.head(path + HISTORY)
    browser.get(
        path + HISTORY,
        headers={"Sec-Fetch-Dest": "iframe"} if limited else PASTED | {"Sec-Purpose": "prefetch"},
        expect_errors=True,
    )
    assert sessions(instance)[0].seen_at == begun
    browser.get(path + HISTORY)
    assert sessions(instance)[0].seen_at > begun


def test_the_name_of_the_person_stands_before_every_password_box(blocked: Site, handle: str) -> None:
    for path in (LANGUAGE, "/manage/account/password/", "/manage/account/emails/", "/manage/account/tokens/add/"):
        page = blocked.get(f"/~{handle}{path}")
        for form in page.html.select("main form"):
            boxes = form.select("input[autocomplete=current-password], input[autocomplete=new-password]")
            names = form.select("input[autocomplete=username]")
            assert not boxes or names[0]["value"] == "ada"
            order = [control for control in form.select("input") if control in boxes or control in names]
            assert order[:1] == names[:1]


def test_a_handle_never_becomes_a_cookie_whatever_cookies_come_back(
    instance: Instance, blocked: Site, handle: str
) -> None:
    now_takes = Site(blocked.application)
    now_takes.get("/account/login/")
    asked = now_takes.get(f"/~{handle}{HISTORY}", headers=PASTED, expect_errors=True)
    answer = choose(asked, **{"confirm-password": PASSWORD})
    page = now_takes.get(answer.headers["Location"])
    assert page.status_int == 200
    assert "session" not in now_takes.cookies
    assert [session.mode for session in sessions(instance)] == ["limited"]


def test_a_language_lives_in_the_address_or_the_account_and_in_no_cookie(blocked: Site, handle: str) -> None:
    page = blocked.get(f"/~{handle}/en-XA{LANGUAGE}")
    assert page.html.html["lang"] == "en-XA"
    assert f"/~{handle}/en-XA/" in page.text
    assert "Set-Cookie" not in page.headers
