"""A file uploaded on a page, without any tool: checked as any upload, after everything else in the form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import service as accounts
from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.lifecycle import service as lifecycle
from portal.projects.models import MAINTAINER, File, Project, Role
from tests.index.shelf import add_file
from tests.support.instances import Bed
from tests.support.people import PASSWORD, Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site
from tests.uploads.artefacts import CONTENT_TYPE, Artefact, joined, part, sdist, wheel

PATH = "/manage/project/demo/upload/"
START = "/manage/projects/upload/"


def filenames(instance: Instance) -> list[str]:
    """The files that rows name."""
    with instance.work(write=False) as work:
        return list(work.db.scalars(select(File.filename).order_by(File.filename)))


@dataclass
class Sender:
    """Somebody with the page open."""

    site: Site
    prefix: str = ""

    def send(self, artefact: Artefact | None, path: str = PATH, **fields: str) -> Any:
        """Fill the form of the page in and press the button; the answer."""
        form = last_form(self.site.get(self.prefix + path))
        for name, value in fields.items():
            form[name.replace("confirm_", "confirm-")] = value
        return self.post(form, artefact)

    def post(self, form: Any, artefact: Artefact | None, **headers: str) -> Any:
        """Send the form as a browser does: all fields in their order, the file where it stands among them."""
        parts = []
        for name, value in form.submit_fields():
            if name != "content":
                parts.append(part(name, value))
        # Without a choice, browsers send an empty file without a name.
        found = artefact or Artefact("", b"", {})
        parts.append(part("content", found.content, found.filename))
        sent = {"Content-Type": CONTENT_TYPE, **headers}
        return self.site.post(form.action, joined(*parts), headers=sent, expect_errors=True)


@pytest.fixture
def ada(instance: Instance) -> Someone:
    """She owns the project demo."""
    person = make_person(instance, "ada")
    add_file(instance, "Demo", "0.9", owner=person.account_id)
    return person


@pytest.fixture
def sender(site: Site, ada: Someone) -> Sender:
    """Ada, signed in with cookies a moment ago."""
    sign_in(site, ada)
    return Sender(site)


def shown(page: Any) -> list[str]:
    """The sentences of the error summary."""
    return [item.text.strip() for item in page.html.select("section.summary li")]


@pytest.mark.parametrize("artefact", [wheel(), sdist()], ids=["wheel", "sdist"])
def test_a_file_is_taken_and_the_next_page_says_so(sender: Sender, instance: Instance, artefact: Artefact) -> None:
    answer = sender.send(artefact)
    assert answer.status_int == 303
    assert artefact.filename in filenames(instance)
    assert artefact.filename in answer.follow().html.title.text


def test_the_history_tells_of_it(sender: Sender, instance: Instance, ada: Someone) -> None:
    sender.send(wheel())
    with instance.work(write=False) as work:
        kinds = list(work.db.scalars(select(Entry.kind).where(Entry.account_id == ada.account_id)))
    assert "file.uploaded" in kinds


def test_what_is_wrong_stands_at_the_file_with_its_remedy_and_is_written_down(
    sender: Sender, instance: Instance, ada: Someone
) -> None:
    page = sender.send(wheel().holding(b"no archive"))
    assert page.status_int == 422
    assert page.html.title.text.startswith("Error: ")
    [error] = shown(page)
    assert "can’t be opened" in error
    assert error.endswith(" Build the file again with a current build tool.")
    assert len(page.html.select(".summary li")) == 1
    assert page.html.select_one("#content")["aria-invalid"] == "true"
    with instance.work(write=False) as work:
        facts = list(work.db.scalars(select(Entry.facts).where(Entry.kind == "upload.refused")))
    assert [fact["code"] for fact in facts] == ["archive"]


@pytest.mark.parametrize(
    ("artefact", "sentence"),
    [
        (None, "No file was chosen."),
        (wheel().called("demo.zip"), "“demo.zip” is neither a wheel nor an sdist."),
        (wheel().called("demo-1.0.whl"), "“demo-1.0.whl” is neither a wheel nor an sdist."),
        (wheel().called("de mo-1.0.tar.gz"), "The file name “de mo-1.0.tar.gz” can’t be used."),
        (wheel("other"), "This file belongs to the project “other”, but this is the page of the project “demo”."),
        (wheel().called("demo-2.0-py3-none-any.whl"), "The archive has no demo-2.0.dist-info."),
    ],
    ids=["none", "zip", "no wheel's name", "spaces", "another project", "renamed"],
)
def test_refused_is(sender: Sender, instance: Instance, artefact: Artefact | None, sentence: str) -> None:
    page = sender.send(artefact)
    assert page.status_int == 422
    assert shown(page)[0].startswith(sentence)
    assert len(filenames(instance)) == 1


TAGS = ".".join(f"a{number}" for number in range(30))


@pytest.mark.parametrize(
    ("filename", "sentence"),
    [
        ("demo-1.0-py3-none-any" + ".any" * 100 + ".whl", "can’t be used."),
        (f"demo-1.0-{TAGS}-{TAGS[:40]}-any.whl", "combinations of tags: at most 100 are taken."),
    ],
    ids=["long", "tags"],
)
def test_a_name_that_costs_much_to_read_is_not_read(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, filename: str, sentence: str
) -> None:
    monkeypatch.delattr("portal.uploads.by_hand.parse_wheel_filename")
    assert sentence in shown(sender.send(wheel().called(filename)))[0]


def test_nothing_of_the_file_is_read_where_the_form_is_not_ours(sender: Sender, instance: Instance) -> None:
    form = last_form(sender.site.get(PATH))
    form["_token"] = "x"
    assert sender.post(form, wheel()).status_int == 400
    foreign = last_form(sender.site.get(PATH))
    answer = sender.post(foreign, wheel(), **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_int == 403
    assert len(filenames(instance)) == 1


def test_a_project_of_somebody_else_is_not_found(site: Site, ada: Someone, instance: Instance) -> None:
    sign_in(site, make_person(instance, "eve"))
    assert site.get(PATH, expect_errors=True).status_int == 404
    assert site.get("/manage/project/nothing/upload/", expect_errors=True).status_int == 404
    page = Sender(site).send(wheel(), START)
    assert shown(page)[0].startswith("Your account may not upload to the project “Demo”.")


def test_later_in_a_session_it_is_asked_again_who_this_is_before_the_file(bed: Bed, sender: Sender) -> None:
    bed.clock.advance(timedelta(minutes=11))
    assert "First confirm that it is you" in sender.site.get(PATH).html.main.select_one(".notice").text
    page = sender.send(wheel(), confirm_password="wrong")
    assert page.status_int == 422
    assert "password" in " ".join(shown(page)).lower()
    names = [control["name"] for control in page.html.main.select("form input")]
    assert names.index("confirm-password") < names.index("content")
    assert sender.send(wheel(), confirm_password=PASSWORD).status_int == 303


@pytest.fixture
def limited(bed: Bed, instance: Instance) -> tuple[Sender, Someone]:
    """Grace, who has a second factor, in limited mode."""
    grace = make_person(instance, "grace", authenticator=True)
    site = Site(bed.application, takes_cookies=False)
    handle = sign_in_limited(site, grace, code=grace.code(bed.clock.now()))
    return Sender(site, f"/~{handle}"), grace


def test_in_limited_mode_password_and_code_are_needed(
    limited: tuple[Sender, Someone], bed: Bed, instance: Instance
) -> None:
    sender, grace = limited
    page = sender.send(wheel(), START, confirm_password=PASSWORD)
    assert page.status_int == 422
    assert filenames(instance) == []
    code = grace.code(bed.clock.now(), steps=1)
    assert sender.send(wheel(), START, confirm_password=PASSWORD, confirm_code=code).status_int == 303
    assert filenames(instance) == [wheel().filename]


@pytest.mark.parametrize("path", [PATH, START])
def test_only_the_form_of_limited_mode_says_so_in_its_address(
    sender: Sender, limited: tuple[Sender, Someone], instance: Instance, path: str
) -> None:
    assert last_form(sender.site.get(path)).action == path
    blocked, grace = limited
    with instance.work() as work:
        demo = projects.find(work, "demo")
        work.db.add(Role(project_id=demo.id, account_id=grace.account_id, role=MAINTAINER, since=work.now))
    form = last_form(blocked.site.get(blocked.prefix + path))
    assert form.action == f"{path}?limited=1"
    assert last_form(blocked.post(form, wheel())).action == f"{path}?limited=1"


def test_a_first_file_makes_the_project_with_the_name_that_its_metadata_says(
    sender: Sender, instance: Instance
) -> None:
    assert sender.send(wheel("Greeting.Card"), START).status_int == 303
    with instance.work(write=False) as work:
        assert "Greeting.Card" in set(work.db.scalars(select(Project.name)))


def test_the_page_says_beforehand_that_a_file_cannot_be_filled_in_again(sender: Sender) -> None:
    main = sender.site.get(PATH).html.main
    assert "choose the file again" in main.select_one(".notice").text
    assert "confirm" not in main.select_one(".notice").text
    assert main.form["enctype"] == "multipart/form-data"
    assert not main.find("script")


@pytest.mark.parametrize("path", [PATH, START])
def test_a_form_that_cannot_be_read_is_no_error_of_ours(sender: Sender, path: str) -> None:
    kinds = ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=é"]
    for kind in kinds:
        answer = sender.site.post(path, b"--x\r\nnonsense", headers={"Content-Type": kind}, expect_errors=True)
        assert answer.status_int == 400
    other = sender.site.post("/account/login/", b"--x--", headers={"Content-Type": kinds[1]}, expect_errors=True)
    assert other.status_int == 400


def close(instance: Instance, status: str) -> None:
    """Archive the project with a reason, or put it into quarantine."""
    with instance.work() as work:
        project = projects.find(work, "demo")
        if status == "quarantined":
            lifecycle.quarantine(work, project, "", by=None)
        else:
            lifecycle.mark(work, project, status, "Use parcel.", by=accounts.by_login(work, "ada").id)


@pytest.mark.parametrize("maintains", [False, True])
def test_in_place_of_the_form_an_archived_project_says_why_nothing_can_be_uploaded(
    sender: Sender, instance: Instance, maintains: bool
) -> None:
    if maintains:
        noor = make_person(instance, "noor")
        with instance.work() as work:
            project_id = projects.find(work, "demo").id
            work.db.add(Role(project_id=project_id, account_id=noor.account_id, role=MAINTAINER, since=work.now))
        sender.site.reset()
        sign_in(sender.site, noor)
    close(instance, "archived")
    page = sender.site.get(PATH, status=200)
    assert page.html.h1.text == "Nothing can be uploaded to Demo"
    assert "This project is archived." in page.html.main.text
    assert "Use parcel." in page.html.main.text
    assert page.html.main.form is None
    [button] = page.html.main.select("a.button:not(.quiet)")
    assert button["href"] == f"/manage/project/demo/{'collaborators' if maintains else 'status'}/"


def test_in_quarantine_the_page_names_whom_to_ask(bed: Bed, instance: Instance, ada: Someone) -> None:
    site = Site(bed.assemble(contact="help@example.org"))
    sign_in(site, ada)
    close(instance, "quarantined")
    main = site.get(PATH, status=200).html.main
    assert main.form is None
    assert [link["href"] for link in main.select("a.button")] == ["mailto:help@example.org", "/manage/project/demo/"]


def test_a_form_that_was_open_when_the_project_was_archived_is_refused_and_written_down(
    sender: Sender, instance: Instance
) -> None:
    form = last_form(sender.site.get(PATH))
    close(instance, "archived")
    page = sender.post(form, wheel())
    assert page.status_int == 422
    assert page.html.title.text.startswith("Error: Nothing can be uploaded to Demo")
    assert page.html.main.form is None
    with instance.work(write=False) as work:
        facts = list(work.db.scalars(select(Entry.facts).where(Entry.kind == "upload.refused")))
    assert [fact["code"] for fact in facts] == ["project-closed"]
    assert len(filenames(instance)) == 1


def test_how_large_a_file_may_be_is_told_with_its_field(sender: Sender) -> None:
    page = sender.site.get(PATH)
    field = page.html.select_one("#content")
    assert "at most 100 megabytes" in page.html.select_one(f"#{field['aria-describedby']}").text
