"""An index that only its members read: nothing of it is told to anybody else."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from portal.app import Application
from portal.kernel.work import Instance
from portal.tokens import service as tokens
from portal.tokens.models import DOWNLOAD, May, Token
from tests.index.members import PAGES, PROGRAMS, filled
from tests.structure.mirror import introspected
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site

OPEN = {"index.home"}
"""Pages of this package that everybody reads: what lies on the index is left out of them."""


def token(instance: Instance, account_id: UUID, may: May, expires_at: datetime | None = None) -> dict[str, str]:
    """The header of a new token that may do one thing."""
    with instance.work() as work:
        created = tokens.create(work, account_id, name=may, projects=None, expires_at=expires_at, may=may)
    return basic(created.secret)


def basic(secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"__token__:{secret}".encode()).decode()}


def without_names(answer: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_int, sorted(answer.headerlist), answer.body


@pytest.mark.parametrize("path", PROGRAMS)
def test_a_program_without_credentials_learns_nothing(stranger: Site, file: str, path: str) -> None:
    there = stranger.get(filled(path, file), status=401)
    missing = stranger.get(filled(path, "00/00/nothing.whl", "nothing"), status=401)
    assert there.headers["WWW-Authenticate"].startswith("Basic ")
    assert there.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(there.headers["Vary"].split(", "))
    assert "ETag" not in there.headers
    assert without_names(there) == without_names(missing)


def test_a_condition_tells_a_stranger_nothing(instance: Instance, stranger: Site, file: str, site: Site) -> None:
    etag = site.get("/simple/sample-project/").headers["ETag"]
    stranger.get("/simple/sample-project/", headers={"If-None-Match": etag}, status=401)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_sends_strangers_to_sign_in_whether_it_is_there_or_not(stranger: Site, file: str, path: str) -> None:
    there = stranger.get(filled(path, file), status=303)
    missing = stranger.get(filled(path, file, "nothing", "nobody"), status=303)
    assert "/account/login/?next=" in there.location
    assert "/account/login/?next=" in missing.location


@pytest.mark.parametrize("path", [*PROGRAMS, *PAGES])
def test_who_is_signed_in_reads_everything(
    instance: Instance, stranger: Site, file: str, clock: FixedClock, path: str
) -> None:
    person = make_person(instance, authenticator=True)
    sign_in(stranger, person, code=person.code(clock.now()))
    answer = stranger.get(filled(path, file), status=200)
    assert "public" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", PROGRAMS)
def test_a_token_for_downloads_reads_what_programs_read(
    instance: Instance, stranger: Site, file: str, path: str
) -> None:
    header = token(instance, make_person(instance).account_id, DOWNLOAD)
    answer = stranger.get(filled(path, file), headers=header, status=200)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))


def test_a_token_for_uploads_reads_nothing_and_says_why(instance: Instance, stranger: Site, file: str) -> None:
    header = token(instance, make_person(instance).account_id, "upload")
    answer = stranger.get("/simple/", headers=header, status=403)
    assert answer.text.splitlines() == [
        "This API token is for uploads only.",
        "Create one for downloads in your account.",
        "More about it: http://localhost/help/uploads/#cannot-download",
    ]
    assert "WWW-Authenticate" not in answer.headers


def test_a_token_for_downloads_opens_no_page(instance: Instance, stranger: Site, file: str) -> None:
    header = token(instance, make_person(instance).account_id, DOWNLOAD)
    stranger.get("/project/sample-project/", headers=header, status=303)


def test_a_token_for_downloads_uploads_nothing(instance: Instance, stranger: Site) -> None:
    header = token(instance, make_person(instance).account_id, DOWNLOAD)
    answer = stranger.post("/legacy/", {":action": "file_upload"}, headers=header, expect_errors=True)
    assert answer.status.startswith("403 This API token is for downloads only.")


def test_a_revoked_token_reads_nothing_any_more(instance: Instance, stranger: Site, file: str) -> None:
    account_id = make_person(instance).account_id
    header = token(instance, account_id, DOWNLOAD)
    stranger.get("/simple/", headers=header, status=200)
    with instance.work() as work:
        tokens.revoke_all(work, account_id)
    answer = stranger.get("/simple/", headers=header, status=401)
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
    assert answer.text.startswith("This API token was revoked.")


@pytest.mark.parametrize("given", ["Basic !", "Basic " + "QTpi", "Digest x", "Bearer pypi-AAAA", "expired"])
def test_whoever_is_not_known_is_asked_for_a_token(
    instance: Instance, stranger: Site, file: str, clock: FixedClock, given: str
) -> None:
    header = {"Authorization": given}
    if given == "expired":
        header = token(instance, make_person(instance).account_id, DOWNLOAD, clock.now() + timedelta(hours=1))
        clock.advance(timedelta(hours=2))
    for path in ("/simple/sample-project/", "/simple/nothing/"):
        answer = stranger.get(path, headers=header, status=401)
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_a_second_read_within_a_minute_writes_and_locks_nothing(
    instance: Instance, stranger: Site, file: str, clock: FixedClock
) -> None:
    header = token(instance, make_person(instance).account_id, DOWNLOAD)
    path, elsewhere = f"/files/{file}", Site(stranger.application, REMOTE_ADDR="198.51.100.9")
    assert writes(stranger, path, header)
    assert writes(elsewhere, path, header)
    clock.advance(timedelta(seconds=59))
    for reader in (stranger, elsewhere, stranger):
        assert writes(reader, path, header) == []
    clock.advance(timedelta(seconds=1))
    assert writes(stranger, path, header)


def writes(site: Site, path: str, header: dict[str, str]) -> list[str]:
    """The statements of a request that lock or change something."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE", "BEGIN IMMEDIATE")) or " FOR " in statement:
            seen.append(statement)

    engine = site.application.instance.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        site.get(path, headers=header, status=200)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen


def test_the_use_of_a_token_is_written_down(instance: Instance, stranger: Site, file: str) -> None:
    stranger.get("/simple/", headers=token(instance, make_person(instance).account_id, DOWNLOAD))
    with instance.work(write=False) as work:
        [kept] = work.db.scalars(select(Token))
    assert kept.last_used_at is not None


def test_guessed_tokens_are_counted_and_made_to_wait(bed: Bed, file: str) -> None:
    stranger = Site(bed.assemble(reading="members", throttle_free=1))
    wrong = basic("pypi-" + "A" * 60)
    answers = [stranger.get("/simple/", headers=wrong, expect_errors=True) for _attempt in range(31)]
    assert {answer.status_int for answer in answers[:-1]} == {401}
    assert answers[-1].status_int == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", PAGES)
def test_below_a_handle_nothing_of_the_index_is_shown(
    instance: Instance, private: Application, file: str, clock: FixedClock, path: str
) -> None:
    person = make_person(instance, authenticator=True)
    blocked = Site(private, takes_cookies=False)
    handle = sign_in_limited(blocked, person, code=person.code(clock.now()))
    answer = blocked.get(f"/~{handle}{filled(path, file)}", expect_errors=True)
    assert answer.status_int == 403
    assert "Sample_Project" not in answer.text


def test_the_home_page_names_no_project_to_strangers(
    instance: Instance, stranger: Site, file: str, clock: FixedClock
) -> None:
    assert "Sample_Project" not in stranger.get("/").text
    person = make_person(instance, authenticator=True)
    sign_in(stranger, person, code=person.code(clock.now()))
    assert "Sample_Project" in stranger.get("/").text


def test_every_view_of_the_index_asks_who_reads(bed: Bed) -> None:
    views = introspected(bed.application.wsgi.registry, "views")
    asking = {view["route_name"] for view in views if view.get("reading")}
    of_the_index = {view["route_name"] for view in views if str(view["route_name"]).startswith("index.")}
    assert of_the_index - asking == OPEN


def test_a_public_instance_asks_nobody(site: Site, file: str) -> None:
    answer = site.get("/simple/", status=200)
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_somebody_who_must_first_set_up_a_factor_reads_nothing(bed: Bed, instance: Instance, file: str) -> None:
    strict = Site(bed.assemble(reading="members", two_factor="required"))
    person: Someone = make_person(instance)
    sign_in(strict, person)
    assert "/two-factor/totp/add/" in strict.get("/project/sample-project/", status=303).location
    strict.get("/simple/", status=401)


ADD = "/manage/account/tokens/add/"


def created_by_form(site: Site, person: Someone, **fields: str) -> Any:
    """What the form for a new token that downloads answers."""
    form = last_form(site.get(ADD).click("Downloads"))
    form["name"], form["expires"] = "laptop", "30"
    for name, value in fields.items():
        form[name] = value
    if "confirm-password" in form.fields:
        form["confirm-password"] = person.password
    return form.submit(expect_errors=True)


def test_a_member_makes_a_token_for_downloads_and_reads_with_it(
    instance: Instance, stranger: Site, private: Application, file: str
) -> None:
    person = make_person(instance)
    sign_in(stranger, person)
    page = created_by_form(stranger, person)
    assert page.html.h1.get_text() == "API token created"
    assert "machine localhost\nlogin __token__\npassword pypi-" in page.html.select_one("#netrc").get_text()
    secret = page.html.select_one("details code").get_text()
    assert Site(private).get("/simple/", headers=basic(secret)).status_int == 200
    listed = stranger.get("/manage/account/tokens/").html.main.get_text()
    assert "Downloads of everything on this index" in listed


def test_what_a_token_is_for_is_asked_first(instance: Instance, stranger: Site) -> None:
    sign_in(stranger, make_person(instance))
    page = stranger.get(ADD)
    assert page.html.h1.get_text() == "What is the API token for?"
    uploads, downloads = page.click("Uploads"), page.click("Downloads")
    assert uploads.html.h1.get_text() == "Create an API token for uploads"
    assert downloads.html.h1.get_text() == "Create an API token for downloads"
    assert "only upload" not in downloads.html.main.get_text()


def test_limits_of_uploads_are_not_asked_of_a_token_for_downloads(instance: Instance, stranger: Site) -> None:
    sign_in(stranger, make_person(instance))
    fields = last_form(stranger.get(ADD).click("Downloads")).fields
    assert {"name", "expires", "networks"} <= fields.keys()
    assert not {"scope", "projects", "new_project", "version", "uploads", "only_new"} & fields.keys()


def test_a_token_for_downloads_that_was_refused_stays_one(instance: Instance, stranger: Site) -> None:
    person = make_person(instance)
    sign_in(stranger, person)
    page = created_by_form(stranger, person, networks="nowhere")
    assert page.status_int == 422
    form = last_form(page)
    form["networks"] = "192.0.2.0/24"
    page = form.submit()
    assert page.html.h1.get_text() == "API token created"
    assert page.html.select_one("#netrc")


def test_a_public_instance_asks_nothing_and_offers_no_tokens_for_downloads(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance))
    for query in ("", "?purpose=download"):
        page = site.get(ADD + query)
        assert page.html.h1.get_text() == "Create an API token"
        assert last_form(page)["purpose"].value == "upload"


@pytest.mark.parametrize("path", ["/", "/project/sample-project/", "/project/sample-project/1.0/"])
def test_members_are_told_where_a_command_is_that_it_needs_a_token_for_downloads(
    instance: Instance, private: Application, site: Site, file: str, clock: FixedClock, path: str
) -> None:
    person, member = make_person(instance, authenticator=True), Site(private)
    sign_in(member, person, code=person.code(clock.now()))
    page = member.get(path).html.main
    assert "installers need an API token for downloads" in page.text
    link = page.select_one("a[href$='#download']")["href"]
    chapter = member.get(link).html.select_one("#download")
    assert "Install from this private index" in chapter.text
    assert "API token for downloads" not in site.get(path).html.main.text
    assert site.get(link).html.select_one("#download") is None


def test_an_installer_without_a_token_is_told_which_one_it_needs(stranger: Site, file: str) -> None:
    answer = stranger.get("/simple/sample-project/", status=401)
    assert "needs an API token for downloads" in answer.text
    assert "#download-token" in answer.text


def test_whoever_is_led_to_the_sign_in_page_is_told_why(stranger: Site, file: str) -> None:
    page = stranger.get("/project/sample-project/", status=303).follow()
    assert "Only members read this index." in page.html.main.text
    assert "Only members read this index." not in stranger.get("/account/login/").html.main.text


def test_a_member_in_limited_mode_is_told_what_it_lacks_there(
    instance: Instance, private: Application, file: str, clock: FixedClock
) -> None:
    person = make_person(instance, authenticator=True)
    blocked = Site(private, takes_cookies=False)
    handle = sign_in_limited(blocked, person, code=person.code(clock.now()))
    page = blocked.get(f"/~{handle}/project/sample-project/", status=403)
    assert "in limited mode it shows them none of its packages" in page.html.main.text
    assert "administrators" not in page.html.main.text
    assert "One thing does not work on this index" in blocked.get("/help/limited-mode/").html.main.text
