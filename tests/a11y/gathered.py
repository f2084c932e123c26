"""Every page that the product can show, as it was answered: read once, then checked in several ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.projects import service as projects
from portal.projects.listing import PAGE_SIZE
from portal.web.errors import PROBLEM, PROBLEMS
from tests.desk.closing import close
from tests.index.shelf import set_status
from tests.support.instances import Bed
from tests.support.job import Job
from tests.support.people import last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site
from tests.support.trail import Trail, forms
from tests.support.world import make_world, open_first_link, pages

LATER = timedelta(hours=1)
APART = {"limited", "many", "archived", "quarantined"}
"""What makes another page of one of the same route and heading."""


@dataclass(frozen=True)
class Shown:
    """One page. `name` tells route, method and status; `html` is the whole document."""

    name: str
    route: str
    html: str


def gather(bed: Bed) -> list[Shown]:
    """One example of every page in every state: routes, refused forms, steps of the main job, both modes, errors."""
    found: dict[str, Shown] = {}
    for mode, trail in trails(bed):
        for answer in trail.pages:
            route = trail.route_of(answer)
            heading = answer.html.h1.get_text(" ", strip=True) if answer.html.h1 else ""
            own = answer.html.body["class"][0] if answer.html.body.get("class") else ""
            area = mode if mode in APART else own
            name = f"{route or 'error'} {answer.request.method} {answer.status_int} {area} “{heading}”"
            found.setdefault(name, Shown(name, route, answer.text))
    return list(found.values())


def trails(bed: Bed) -> Iterator[tuple[str, Trail]]:
    """(what is special about it, the trail) of everybody who walks through the site."""
    world = make_world(bed.application.instance)
    close(Site(bed.application), world.cleo, bed.application.instance)
    people = (("stranger", None), ("cookies", world.ada), ("2fa", world.grace), ("closing", world.cleo))
    for mode, person in people:
        trail = Trail(bed.application)
        if person:
            sign_in(trail, person, code=person.code(bed.clock.now()) if person.key else "")
        for entry in pages().values():
            if "{first_link}" not in entry["path"]:
                trail.open(entry["path"].format(**world.values))
        for form in forms(trail.pages).values():
            form.submit()
        yield mode, trail
    for takes_cookies, username in ((True, "zoe"), (False, "max")):
        trail = Trail(bed.application, takes_cookies=takes_cookies)
        Job(bed, trail, username=username).do()
        yield "cookies" if takes_cookies else "limited", trail
    yield "limited", outside(bed, world.ada)
    yield "many", many(bed)
    for status in ("archived", "quarantined"):
        yield status, closed(bed, world.ada, world.values, status)
    yield "error", problems(bed)
    trail = Trail(bed.application)
    trail.open(pages()["accounts.first_admin"]["path"].format(first_link=open_first_link(bed.application.instance)))
    yield "first", trail


def many(bed: Bed) -> Trail:
    """The lists of somebody with more projects than one page holds."""
    trail, person = Trail(bed.application), make_person(bed.application.instance, "mia")
    with bed.application.instance.work() as work:
        for number in range(PAGE_SIZE + 1):
            projects.create(work, f"number-{number}", person.account_id)
    sign_in(trail, person)
    for path in ("/manage/account/", "/manage/projects/", "/manage/projects/?find=none", "/manage/account/tokens/add/"):
        trail.open(path)
    return trail


def closed(bed: Bed, person: Any, values: dict[str, str], status: str) -> Trail:
    """The pages of a project that takes no files."""
    trail = Trail(bed.application)
    set_status(bed.application.instance, values["project"], status)
    sign_in(trail, person)
    for route in ("uploads.add", "projects.overview", "projects.release", "projects.status", "index.project"):
        trail.open(pages()[route]["path"].format(**values))
    return trail


def outside(bed: Bed, person: Any) -> Trail:
    """A page below a handle that is opened from outside, and the form that was sent too late."""
    trail = Trail(bed.application, takes_cookies=False)
    handle = sign_in_limited(trail, person)
    page = trail.open(f"/~{handle}/manage/account/tokens/add/")
    trail.extra_environ["HTTP_SEC_FETCH_SITE"] = "none"
    asked = trail.get(f"/~{handle}/manage/account/")
    trail.extra_environ["HTTP_SEC_FETCH_SITE"] = "same-origin"
    last_form(asked).submit()
    bed.clock.advance(LATER)
    last_form(page).submit()
    bed.clock.advance(-LATER)
    return trail


def problems(bed: Bed) -> Trail:
    """The page of every error."""
    trail = Trail(bed.application)
    for status in PROBLEMS:
        trail.get("/", extra_environ={PROBLEM: status})
    return trail
