"""Under a handle little is told, nothing is done without a confirmation, and the handle itself goes nowhere."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pyramid.response import Response
from sqlalchemy import func, select

from portal.app.redact import RedactingFormatter
from portal.audit.models import Entry
from portal.notices.reading import newest
from portal.notices.service import send_due
from tests.crawl.secrets import strayed, told
from tests.support.instances import READER, Bed
from tests.support.job import Job
from tests.support.people import Someone, sign_in_limited
from tests.support.planted import with_page
from tests.support.trail import HANDLE, Trail, forms
from tests.support.world import World, make_world, pages

ELSEWHERE = {"signin.login", "signin.limited", "signin.signed_out", "accounts.first_admin"}
"""Pages that nobody signed in is shown, or that need an instance without an administrator."""

OWN_ONLY = {"tokens.detail", "tokens.revoke", "factors.recovery_codes", "accounts.verify_email", "signin.confirm"}
OWN_ONLY |= {"tokens.narrow", "tokens.rename", "tokens.replace", "tokens.of_project", "tokens.cut_off"}
OWN_ONLY |= {"factors.totp_rename", "factors.totp_remove", "desk.keep"}
OWN_ONLY |= {"accounts.resend_email", "accounts.primary_email", "accounts.remove_email"}
OWN_ONLY |= {"projects.invitation", "projects.invite", "projects.withdraw", "projects.history"}
OWN_ONLY |= {"projects.change_role", "projects.remove_member"}
OWN_ONLY |= {"projects.releases", "projects.release", "projects.yank_release", "projects.delete_release"}
OWN_ONLY |= {"projects.yank_file", "projects.delete_file", "projects.delete_project", "projects.status", "uploads.add"}
"""Pages of which only one of the two has something to show."""

BY_LETTER = ("/account/lift-wait/", "/account/not-me/", "/account/stop-recovery/")
"""Forms that a secret from a letter opens to anybody: no session takes part in them."""


@pytest.fixture
def world(bed: Bed) -> World:
    """Something of everything."""
    return make_world(bed.application.instance)


@pytest.fixture(params=["without a second factor", "with one"])
def person(request: pytest.FixtureRequest, world: World) -> Someone:
    """Whose handle it is."""
    return world.ada if request.param == "without a second factor" else world.grace


@pytest.fixture
def trail(bed: Bed) -> Trail:
    """A browser without cookies."""
    return Trail(bed.application, takes_cookies=False)


def handle_of(trail: Trail, person: Someone, bed: Bed) -> str:
    """Sign in; the handle with what stands before it."""
    handle = sign_in_limited(trail, person, code=person.code(bed.clock.now()) if person.key else "")
    trail.answers.clear()
    return f"/~{handle}"


def read_everything(trail: Trail, handle: str, world: World) -> None:
    """Every page route, and every page that is linked from one."""
    for route, entry in pages().items():
        if route not in ELSEWHERE:
            trail.open(handle + entry["path"].format(**world.values))
    trail.crawl(handle + "/", handle + "/manage/account/", within=handle)


def private(world: World, person: Someone) -> set[str]:
    """What a page that is merely read must not tell: full addresses, networks, secrets."""
    key = person.key.hex() if person.key else ""
    return {world.ada.email, world.grace.email, "newcomer@example.org", READER.address, key, *world.secrets}


def test_reading_every_page_tells_no_address_no_network_and_no_secret(
    bed: Bed, world: World, person: Someone, trail: Trail
) -> None:
    read_everything(trail, handle_of(trail, person, bed), world)
    needed = set(bed.application.wsgi.registry.page_routes) - ELSEWHERE
    assert needed - trail.routes - OWN_ONLY == set()

    found = {
        answer.request.path: telling for answer in trail.answers if (telling := told(answer, private(world, person)))
    }
    assert found == {}


def test_no_form_is_acted_upon_without_a_confirmation(bed: Bed, world: World, person: Someone, trail: Trail) -> None:
    handle = handle_of(trail, person, bed)
    read_everything(trail, handle, world)
    found = forms(answer for answer in trail.pages if answer.request.path.startswith(handle))
    before = happened(bed)
    statuses = {}
    for action, form in found.items():
        if action.startswith(BY_LETTER):
            continue
        for name, value in {"name": "x", "scope": "everything", "expires": "30"}.items():
            if name in form.fields:
                form[name] = value
        statuses[action] = form.submit().status_int

    assert len(statuses) >= 3
    assert {action: status for action, status in statuses.items() if status not in {403, 422}} == {}
    assert happened(bed) == before


def happened(bed: Bed) -> set[str]:
    """The kinds of everything that is on record."""
    with bed.application.instance.work(write=False) as work:
        return {
            f"{kind} {count}" for kind, count in work.db.execute(select(Entry.kind, func.count()).group_by(Entry.kind))
        }


@pytest.mark.parametrize("site", ["none", "cross-site", "same-site"])
def test_a_page_opened_from_outside_asks_who_this_is_and_shows_nothing(
    bed: Bed, world: World, person: Someone, trail: Trail, site: str
) -> None:
    handle = handle_of(trail, person, bed)
    trail.extra_environ["HTTP_SEC_FETCH_SITE"] = site
    read_everything(trail, handle, world)

    asked = [answer for answer in trail.pages if answer.request.path.startswith(handle)]
    assert len(asked) > 10
    for answer in asked:
        assert answer.status_int == 403
        assert answer.html.find(attrs={"name": "confirm-password"})
        assert f">{person.username}<" not in answer.html.header.decode()


def test_after_signing_out_the_handle_is_nothing(bed: Bed, world: World, person: Someone, trail: Trail) -> None:
    handle = handle_of(trail, person, bed)
    page = trail.open(f"{handle}/manage/account/")
    next(form for form in page.forms.values() if form.action.endswith("/account/logout/")).submit()

    for entry in pages().values():
        if "{first_link}" not in entry["path"]:
            answer = trail.get(handle + entry["path"].format(**world.values))
            assert (answer.status_int, answer.request.path) == (404, answer.request.path)


def test_the_handle_is_in_no_address_that_leads_elsewhere_no_letter_and_no_log_line(
    bed: Bed, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    trail = Trail(bed.application, takes_cookies=False)
    job = Job(bed, trail, username="zoe")
    job.do()
    read_everything(trail, handle_of(trail, world.ada, bed), world)
    handles = {found[0] for answer in trail.answers for found in HANDLE.finditer(answer.text)}
    assert len(handles) >= 1

    assert [stray for answer in trail.answers for stray in strayed(answer)] == []
    send_due(bed.application.instance)
    letters = newest(bed.settings, 50)
    assert [letter.subject for letter in letters if HANDLE.search(letter.text)] == []
    assert [line for line in logged(caplog) if HANDLE.search(line)] == []
    tickets = {link.rsplit("/", 2)[-2] for letter in letters for link in letter.links if "/verify-email/" in link}
    assert tickets
    assert [line for line in logged(caplog) if any(ticket in line for ticket in tickets)] == []


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Every log line as the product writes it."""
    formatter = RedactingFormatter("%(name)s: %(message)s")
    return [formatter.format(record) for record in caplog.records]


def test_a_view_that_raises_logs_no_handle(bed: Bed, world: World, caplog: pytest.LogCaptureFixture) -> None:
    def fail(request: Any) -> Any:
        raise ValueError(request.path)

    trail = Trail(with_page(bed, fail), takes_cookies=False)
    handle = handle_of(trail, world.ada, bed)
    answer = trail.get(f"{handle}/planted/")

    assert answer.status_int == 500
    assert caplog.records
    # Not even before the formatter: error reporters see the record itself.
    assert [
        record for record in caplog.records if handle in f"{record.getMessage()} {record.exc_text} {record.exc_info}"
    ] == []


PLANTED = [
    ('<a href="https://evil.example{handle}/">x</a>', "elsewhere"),
    ('<img src="/x?from={handle}/">', "elsewhere"),
    ('<img src="{handle}/static/site.css">', "static"),
    ('<link rel="canonical" href="http://localhost{handle}/">', "http://localhost"),
    ('<form method="post" action="{handle}/account/login/"></form>', "/~"),
]


@pytest.mark.parametrize(("html", "what"), PLANTED)
def test_a_planted_handle_is_found(bed: Bed, world: World, html: str, what: str) -> None:
    def look(request: Any) -> Any:
        return Response(html.format(handle=request.script_name))

    trail = Trail(with_page(bed, look), takes_cookies=False)
    trail.get(f"{handle_of(trail, world.ada, bed)}/planted/")

    assert any(what in stray for answer in trail.answers for stray in strayed(answer))


def test_a_planted_redirect_with_the_handle_is_found(bed: Bed, world: World) -> None:
    def look(request: Any) -> Any:
        return Response(status=303, location=f"https://evil.example{request.script_name}/")

    trail = Trail(with_page(bed, look), takes_cookies=False)
    trail.get(f"{handle_of(trail, world.ada, bed)}/planted/")

    assert [stray for answer in trail.answers for stray in strayed(answer)]


def test_a_planted_address_is_found(bed: Bed, world: World) -> None:
    trail = Trail(with_page(bed, lambda _request: Response(f"<p>{world.ada.email}</p>")), takes_cookies=False)
    trail.get(f"{handle_of(trail, world.ada, bed)}/planted/")

    assert [telling for answer in trail.answers if (telling := told(answer, private(world, world.ada)))] == [
        [world.ada.email]
    ]
