"""Read in the pseudo-locale, no page and no letter shows a sentence that was not marked for translation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pytest
from bs4 import BeautifulSoup
from pyramid.response import Response

from portal.notices.reading import newest
from portal.notices.service import send_due
from tests.crawl.words import LETTER, unmarked, without
from tests.desk.closing import close
from tests.support.instances import Bed
from tests.support.job import Job
from tests.support.people import last_form, sign_in, sign_in_limited
from tests.support.planted import with_page
from tests.support.site import Site
from tests.support.trail import Trail, forms
from tests.support.world import World, make_world, open_first_link, pages

PREFIX = "/en-XA"
ANSWERS = {"signin.limited", "signin.confirm"}
"""Pages that are only ever answers to a form, or stand in another's place: the tests in limited mode see them."""


@pytest.fixture
def here(sqlite_bed: Bed) -> Bed:
    """The application, as new; what it says does not depend on the database."""
    assert PREFIX[1:] in sqlite_bed.application.wsgi.languages, "run `make catalogues`: the pseudo-locale is missing"
    sqlite_bed.renew()
    return sqlite_bed


@pytest.fixture
def world(here: Bed) -> World:
    """Something of everything."""
    return make_world(here.application.instance)


def walk(here: Bed, world: World) -> Iterator[Trail]:
    """Every page route, as a stranger and as both people; then every form, sent as it is."""
    close(Site(here.application), world.cleo, here.application.instance)
    for person in (None, world.ada, world.grace, world.cleo):
        trail = Trail(here.application)
        if person:
            sign_in(trail, person, code=person.code(here.clock.now()) if person.key else "")
        trail.answers.clear()
        for entry in pages().values():
            if "{first_link}" not in entry["path"]:
                trail.open(PREFIX + entry["path"].format(**world.values))
        trail.crawl(PREFIX + "/", PREFIX + "/manage/account/", within=PREFIX)
        for form in forms(trail.pages).values():
            form.submit()
        yield trail
    trail = Trail(here.application)
    link = open_first_link(here.application.instance)
    trail.open(PREFIX + pages()["accounts.first_admin"]["path"].format(first_link=link))
    yield trail


def shown_unmarked(trails: Iterable[Trail], data: Collection[str]) -> dict[str, list[str]]:
    """The unmarked sentences of every page of these trails that is in the pseudo-locale, by its address."""
    found: dict[str, list[str]] = {}
    for answer in (answer for trail in trails for answer in trail.pages):
        if answer.html.html["lang"] == PREFIX[1:] and (texts := unmarked(answer.html, data)):
            found[f"{answer.request.method} {answer.request.path}"] = texts
    return found


def test_no_page_shows_a_sentence_that_was_not_marked(here: Bed, world: World) -> None:
    trails = list(walk(here, world))
    routes = {route for trail in trails for route in trail.routes}
    assert set(here.application.wsgi.registry.page_routes) - routes - ANSWERS == set()

    assert shown_unmarked(trails, world.data) == {}


@pytest.mark.parametrize("takes_cookies", [True, False])
def test_no_step_of_the_main_job_and_no_letter_shows_one(here: Bed, world: World, takes_cookies: bool) -> None:
    trail = Trail(here.application, takes_cookies=takes_cookies)
    Job(here, trail, PREFIX, username="zoe").do()
    data = world.data | {"zoe", "zoe@example.org"}

    assert shown_unmarked([trail], data) == {}
    send_due(here.application.instance)
    letters = [letter for letter in newest(here.settings, 20) if letter.to == "zoe@example.org"]
    assert len(letters) == 5
    assert [letter.subject for letter in letters if LETTER.search(without(letter.subject + letter.text, data))] == []


def test_the_page_that_asks_who_this_is_shows_none(here: Bed, world: World) -> None:
    trail = Trail(here.application, takes_cookies=False)
    handle = sign_in_limited(trail, world.ada)
    trail.extra_environ["HTTP_SEC_FETCH_SITE"] = "none"
    asked = trail.get(f"/~{handle}{PREFIX}/manage/account/")
    trail.extra_environ["HTTP_SEC_FETCH_SITE"] = "same-origin"
    refused = last_form(asked).submit()

    assert (trail.route_of(refused), asked.status_int) == ("signin.confirm", 403)
    assert shown_unmarked([trail], world.data) == {}


@pytest.mark.parametrize("takes_cookies", [True, False])
def test_every_page_of_the_main_job_has_one_main_heading(here: Bed, world: World, takes_cookies: bool) -> None:
    trail = Trail(here.application, takes_cookies=takes_cookies)
    Job(here, trail, PREFIX, username="zoe").do()

    assert [answer.request.path for answer in trail.pages if len(answer.html.select("h1")) != 1] == []


def test_links_of_a_page_stay_in_its_language(here: Bed, world: World) -> None:
    trail = next(walk(here, world))
    pages_of = set(here.application.wsgi.registry.page_routes)
    stray = {
        (answer.request.path, link["href"])
        for answer in trail.pages
        for link in answer.html.select("a[href^='/']:not([hreflang])")
        if not link["href"].startswith(PREFIX + "/") and trail.route_at(link["href"]) in pages_of
    }

    assert stray == set()


def test_a_planted_sentence_is_found(here: Bed) -> None:
    page = f'<html lang="{PREFIX[1:]}"><p>⟦Šîĝñ îñ⟧ to read on</p></html>'
    trail = Trail(with_page(here, lambda _request: Response(page)))
    trail.open(f"{PREFIX}/planted/")

    assert shown_unmarked([trail], set()) == {f"GET {PREFIX}/planted/": ["⟦Šîĝñ îñ⟧ to read on"]}


def page(body: str) -> BeautifulSoup:
    return BeautifulSoup(f"<html><title>⟦Ţîţļé⟧</title><body>{body}</body></html>", "html.parser")


@pytest.mark.parametrize(
    "body",
    [
        "<p>Forgotten</p>",
        "<p>⟦Ŕéåð <a>the help</a> fîŕšţ⟧</p>",
        "<p><bdi>Forgotten</bdi></p>",
        '<button aria-label="Forgotten">⟦Ö⟧</button>',
        '<img alt="Forgotten">',
        '<input type="submit" value="Forgotten">',
        '<td data-label="Forgotten">1</td>',
        "<p>Hello ada</p>",
        "<p>⟦Šîĝñéð îñ⟧ yesterday</p>",
    ],
)
def test_a_sentence_that_was_not_marked_is_found(body: str) -> None:
    assert len(unmarked(page(body), {"ada"})) == 1


@pytest.mark.parametrize(
    "body",
    [
        "<p>⟦Ŕéåð <a>⟦ţĥé ĥéļp⟧</a> fîŕšţ⟧</p>",
        "<p>⟦Ĥéļļö <bdi>ada</bdi>~~⟧</p>",
        "<p>⟦Šéñţ ţö a…@e….org~~⟧</p>",
        "<code>pip install x</code><time>June</time>",
        '<a hreflang="en">English</a>',
        "<p>1 June 2026, 12:00 UTC, 2.4 MB</p>",
        "<!-- words -->",
    ],
)
def test_what_people_typed_and_what_computers_made_is_not(body: str) -> None:
    assert unmarked(page(body), {"ada"}) == []
