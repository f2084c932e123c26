"""What was done is told once, on the next page that somebody sees."""

from __future__ import annotations

from portal.kernel.work import Instance
from tests.support.people import last_form, make_person, sign_in
from tests.support.races import at_once
from tests.support.site import Site

EMAILS = "/manage/account/emails/"
TOLD = "Letter sent"


def ask_for_a_letter(instance: Instance, site: Site) -> None:
    """Something with a result."""
    person = make_person(instance, confirmed=False)
    sign_in(site, person)
    form = last_form(site.get(EMAILS).click("Send the letter again"))
    form["confirm-password"] = person.password
    assert form.submit().status_int == 303


def test_it_is_told_once_in_title_and_page(instance: Instance, site: Site) -> None:
    ask_for_a_letter(instance, site)
    page = site.get(EMAILS)
    assert page.html.title.text.startswith(TOLD)
    assert TOLD in page.html.find(role="status").text
    assert TOLD not in site.get(EMAILS).html.title.text


def test_a_page_that_nobody_has_asked_to_see_takes_nothing_away(instance: Instance, site: Site) -> None:
    ask_for_a_letter(instance, site)
    site.get(EMAILS, headers={"Sec-Purpose": "prefetch;prerender"})
    site.head(EMAILS)
    assert site.get(EMAILS).html.title.text.startswith(TOLD)


def test_of_two_pages_at_the_same_moment_one_tells_it(instance: Instance, site: Site) -> None:
    ask_for_a_letter(instance, site)
    secret = site.cookies["session"]

    def look() -> bool:
        tab = Site(site.application)
        tab.set_cookie("session", secret)
        return bool(tab.get(EMAILS).html.title.text.startswith(TOLD))

    assert at_once(look, 8).count(True) == 1
