"""An index whose projects are those that are there: an upload makes no new one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal.projects import service as projects
from portal.projects.errors import NoNewProjects
from portal.tokens import service as tokens
from portal.tokens.limits import NewProject
from tests.support.instances import Bed
from tests.support.people import last_form, make_person, sign_in
from tests.support.site import Site
from tests.uploads.artefacts import sdist, wheel
from tests.uploads.conftest import Uploader
from tests.uploads.test_add import START, Sender, shown
from tests.uploads.test_dry_run import check

ADD = "/manage/account/tokens/add/"


@pytest.fixture
def known(bed: Bed, uploader: Uploader) -> Uploader:
    """Mira, who has uploaded demo; then the operator takes no new projects."""
    assert uploader.send(wheel()).new
    return replace(uploader, instance=bed.assemble(uploads="known-projects").instance)


def test_a_new_name_is_refused_and_written_down(known: Uploader) -> None:
    refusal = known.send(wheel("other"))
    assert (refusal.code, refusal.status) == ("no-new-projects", 403)
    assert "“other”" in refusal.sentence.interpolate()
    assert known.projects() == ["demo"]
    assert known.history()[-1][1]["code"] == "no-new-projects"


def test_projects_that_are_there_take_files(known: Uploader) -> None:
    assert known.send(wheel("demo", "2.0")).new
    assert known.send(sdist()).new


def test_a_dry_run_says_the_same(known: Uploader) -> None:
    assert check(known, wheel("other")).code == "no-new-projects"


def test_it_is_asked_before_the_file_is_looked_into_and_counts_no_new_project(known: Uploader) -> None:
    for _time in range(known.instance.settings.throttle_free * 2 + 1):
        assert known.send(wheel("other").holding(b"no archive")).code == "no-new-projects"


def test_it_is_asked_again_by_what_writes(known: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.uploads.admission.check_name", lambda work, name: None)
    assert known.send(wheel("other")).code == "no-new-projects"
    assert known.projects() == ["demo"]


def test_a_token_for_one_new_project_gets_the_same_answer(known: Uploader, uploader: Uploader) -> None:
    with uploader.instance.work() as work:
        limit = [NewProject("other")]
        made = tokens.create(work, known.account_id, name="new", projects=None, expires_at=None, limits=limit)
    assert replace(known, token=made.secret).send(wheel("other")).code == "no-new-projects"


def test_no_token_for_a_new_project_is_made(known: Uploader) -> None:
    limit = [NewProject("other")]
    with known.instance.work() as work, pytest.raises(NoNewProjects):
        tokens.create(work, known.account_id, name="new", projects=None, expires_at=None, limits=limit)


@pytest.mark.parametrize("uploads", ["known-projects", "closed"])
def test_nobody_else_makes_a_project_either(bed: Bed, uploader: Uploader, uploads: str) -> None:
    with bed.assemble(uploads=uploads).instance.work() as work, pytest.raises(NoNewProjects):
        projects.create(work, "other", uploader.account_id)


@pytest.fixture
def site(bed: Bed, known: Uploader) -> Site:
    """The browser of Ada, who has no project."""
    site = Site(bed.assemble(uploads="known-projects"))
    sign_in(site, make_person(known.instance, "ada"))
    return site


def test_a_file_sent_by_hand_is_told_why_at_its_field(site: Site) -> None:
    page = Sender(site).send(wheel("other"), START)
    assert page.status_int == 422
    assert shown(page)[0].startswith("There is no project “other” here, and this index takes no new projects")


def test_the_scope_of_one_new_project_is_not_offered(site: Site) -> None:
    page = site.get(ADD)
    assert [choice["value"] for choice in page.html.select("input[name=scope]")] == ["everything"]
    assert "new_project" not in last_form(page).fields
    assert "and new projects" not in page.html.main.form.text
    assert "takes no new ones at present" in page.html.main.text


def test_a_form_that_was_open_before_makes_no_such_token(bed: Bed, site: Site) -> None:
    before: Any = Site(bed.application)
    before.cookiejar = site.cookiejar
    form = last_form(before.get(ADD))
    form["name"], form["scope"], form["new_project"], form["expires"] = "ci", "new", "other", "30"
    answer = site.post(form.action, form.submit_fields(), expect_errors=True)
    assert answer.status_int == 422
    assert "Choose what the token can upload to." in answer.html.select_one(".summary").text


@pytest.mark.parametrize("path", [START, "/manage/projects/", "/help/uploads/", "/help/tokens/"])
def test_no_page_promises_that_a_first_file_makes_a_project(site: Site, path: str) -> None:
    text = " ".join(site.get(path).html.main.text.split())
    for promise in ("makes the project", "makes one", "or one new project"):
        assert promise not in text
