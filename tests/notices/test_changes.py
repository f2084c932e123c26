"""Letters about what was done with a project, its releases and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest
from sqlalchemy import func, select

from portal.accounts.models import Account
from portal.kernel.work import Instance, Work
from portal.language.pseudo import OPEN
from portal.notices.changes import CHANGES
from portal.notices.models import Letter
from portal.notices.service import send_due
from portal.projects import service as projects
from portal.projects.lifecycle import service as lifecycle
from portal.projects.lifecycle.events import LIFECYCLE
from portal.projects.models import MAINTAINER, OWNER, File, Project
from portal.projects.releases import service as shelf
from portal.projects.releases.events import ProjectDeleted, ShelfEvent
from tests.index.shelf import add_file
from tests.notices.conftest import Postbox
from tests.notices.test_projects import arrived, plain
from tests.projects.peopled import actor, kinds, make_project
from tests.support.instances import READER
from tests.support.people import Someone, make_person

FILE = "demo-1.0-py3-none-any.whl"
STATUS, RELEASES = "http://localhost/manage/project/demo/status/", "http://localhost/manage/project/demo/releases/"
NO_RETURN = "This can’t be undone."


@pytest.fixture
def ada(instance: Instance) -> Someone:
    """An owner."""
    return make_person(instance, "ada")


@pytest.fixture
def noor(instance: Instance) -> Someone:
    """A maintainer."""
    return make_person(instance, "noor")


@pytest.fixture
def demo(instance: Instance, ada: Someone, noor: Someone) -> Project:
    """Their project, with a file, and somebody who has closed their account."""
    made = make_project(instance, ada, (noor, MAINTAINER), (make_person(instance, "gone"), OWNER))
    add_file(instance, "Demo", owner=ada.account_id)
    with instance.work() as work:
        leaver = work.db.scalars(select(Account).where(Account.username == "gone")).one()
        leaver.closes_at = work.now
    return made


Change = Callable[[Work, Project, Someone], Any]


def marked(status: str, reason: str = "") -> Change:
    """A change of the status."""
    return lambda work, project, person: lifecycle.mark(work, project, status, reason, by=person.account_id)


def of_release(change: Any, *reason: str) -> Change:
    """A change of the release."""

    def run(work: Work, project: Project, person: Someone) -> Any:
        return change(work, project, shelf.find_release(work, project, "1.0"), *reason, by=person.account_id)

    return run


def of_file(change: Any, *reason: str) -> Change:
    """A change of the file."""
    return lambda work, project, person: change(
        work,
        project,
        shelf.find_file(work, shelf.find_release(work, project, "1.0"), FILE),
        *reason,
        by=person.account_id,
    )


Case = tuple[Change, str, list[str]]
CASES: list[Case] = [
    (
        marked("archived", "Done."),
        "Project Demo archived",
        ["The reason given: Done.", "The project takes no new files.", STATUS],
    ),
    (marked("deprecated"), "Project Demo marked as deprecated", ["People are told not to use the project", STATUS]),
    (
        of_release(shelf.yank_release, "Broken"),
        "Release 1.0 of the project Demo withdrawn",
        ["The reason given: Broken", "Installers take it only when its exact version is asked for.", RELEASES],
    ),
    (
        of_release(shelf.restore_release),
        "Release 1.0 of the project Demo offered again",
        ["Installers take it again as usual.", RELEASES],
    ),
    (of_file(shelf.yank_file, ""), f"File {FILE} of the project Demo withdrawn", [RELEASES]),
    (of_file(shelf.restore_file), f"File {FILE} of the project Demo offered again", [RELEASES]),
    (of_file(shelf.delete_file), f"File {FILE} of the project Demo deleted", [NO_RETURN]),
    (of_release(shelf.delete_release), "Release 1.0 of the project Demo deleted", [NO_RETURN]),
    (
        lambda work, project, person: shelf.delete_project(work, project, by=person.account_id),
        "Project Demo deleted",
        [NO_RETURN, "the name of the project is never given away again"],
    ),
]


def withdraw_quietly(instance: Instance) -> None:
    """As if the file had been withdrawn long ago."""
    with instance.work() as work:
        for file in work.db.scalars(select(File)):
            file.yanked = True


@pytest.mark.parametrize("case", CASES, ids=[case[1] for case in CASES])
def test_everybody_who_works_on_it_gets_one_letter_with_who_what_when_and_the_way_back(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, case: Case
) -> None:
    change, subject, sentences = case
    if "offered again" in subject:
        withdraw_quietly(instance)
    with instance.work(actor(ada)) as work:
        change(work, projects.find(work, "demo"), ada)
    found = arrived(instance, postbox)
    assert set(found) == {("ada", subject), ("noor", subject)}
    for text in found.values():
        assert [sentence for sentence in [f"- {subject}", *sentences] if sentence not in text] == []
    mine, theirs = found["ada", subject], found["noor", subject]
    assert "This was done with your account:" in mine
    assert f"Network address: {READER.address}" in mine
    assert "http://localhost/account/reset-password/" in mine
    assert "At 1 June 2026, 12:00 UTC ada, an owner of the project, did this:" in theirs
    assert "If you do not know why, ask ada." in theirs
    assert READER.address not in theirs


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (of_release(shelf.yank_release, "Broken"), of_release(shelf.restore_release)),
        (of_file(shelf.yank_file, "Broken"), of_file(shelf.restore_file)),
        (marked("archived", "Done."), marked("active")),
    ],
    ids=["release", "file", "status"],
)
def test_a_form_that_is_sent_twice_sends_one_letter_each(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, noor: Someone, first: Change, again: Change
) -> None:
    outcomes = []
    for change in (first, first, again, again):
        with instance.work(actor(ada)) as work:
            outcomes.append(change(work, projects.find(work, "demo"), ada))
    assert outcomes == [True, False, True, False]
    send_due(instance)
    assert len(postbox.messages) == 4


def test_an_active_project_is_told_of_where_it_was_not(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone
) -> None:
    with instance.work(actor(ada)) as work:
        assert not marked("active", "Why not")(work, projects.find(work, "demo"), ada)
        marked("archived")(work, projects.find(work, "demo"), ada)
    send_due(instance)
    postbox.messages.clear()
    with instance.work(actor(ada)) as work:
        marked("active")(work, projects.find(work, "demo"), ada)
    assert set(arrived(instance, postbox)) == {
        ("ada", "Project Demo marked as active"),
        ("noor", "Project Demo marked as active"),
    }


def test_a_quarantine_names_no_administrator_and_stands_in_everybody_s_history(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, noor: Someone
) -> None:
    root = make_person(instance, "root", admin=True)
    begins = "Project Demo put into quarantine by the people who run this index"
    ends = "Project Demo released from quarantine by the people who run this index"
    for change, subject, sentence in (
        (lambda work: lifecycle.quarantine(work, demo, "Malware", by=root.account_id), begins, "Nobody can install or"),
        (lambda work: lifecycle.release(work, demo, by=root.account_id), ends, "has the status again that it had"),
    ):
        postbox.messages.clear()
        with instance.work(actor(root)) as work:
            change(work)
        found = arrived(instance, postbox)
        assert set(found) == {("ada", subject), ("noor", subject)}
        for text in found.values():
            assert "the people who run this index did this:" in text
            assert sentence in text
            assert "root" not in text
            assert READER.address not in text
    for person in (ada, noor):
        assert kinds(instance, account=person)[-2:] == ["project.theirs.quarantined", "project.theirs.released"]
    assert kinds(instance, account=root) == ["project.for_other.quarantined", "project.for_other.released"]
    assert kinds(instance, project=demo)[-2:] == ["project.quarantined", "project.released"]


def test_an_administrator_who_owns_the_project_gets_one_letter_like_the_others(
    instance: Instance, postbox: Postbox
) -> None:
    root = make_person(instance, "root", admin=True)
    project = make_project(instance, root)
    with instance.work(actor(root)) as work:
        lifecycle.quarantine(work, project, "", by=root.account_id)
    assert len(arrived(instance, postbox)) == 1


def test_whose_project_was_deleted_by_somebody_else_reads_it_in_their_own_history(
    instance: Instance, demo: Project, ada: Someone, noor: Someone
) -> None:
    with instance.work(actor(ada)) as work:
        shelf.delete_project(work, projects.find(work, "demo"), by=ada.account_id)
    assert kinds(instance, account=noor)[-1] == "project.theirs.deleted"
    assert kinds(instance, account=ada)[-1] == "project.deleted"


def test_each_reads_it_in_their_own_language(
    instance: Instance, postbox: Postbox, demo: Project, ada: Someone, noor: Someone
) -> None:
    with instance.work(actor(ada)) as work:
        work.db.get_one(Account, noor.account_id).locale = "en_XA"
        marked("archived")(work, projects.find(work, "demo"), ada)
    send_due(instance)
    subjects = {str(one["To"]).partition("@")[0]: plain([str(one["Subject"])]) for one in postbox.messages}
    assert subjects["ada"] == "Project Demo archived"
    assert subjects["noor"].startswith(OPEN)


def test_what_is_taken_back_is_told_to_nobody(instance: Instance, demo: Project, ada: Someone) -> None:
    with instance.work(actor(ada)) as work:
        marked("archived")(work, projects.find(work, "demo"), ada)
        work.db.flush()
        assert work.db.scalar(select(func.count()).select_from(Letter)) == 2
        work.db.rollback()
        assert work.db.scalar(select(func.count()).select_from(Letter)) == 0


def test_whatever_is_done_with_a_project_is_explained() -> None:
    assert set(CHANGES) == {*LIFECYCLE, *get_args(ShelfEvent), ProjectDeleted}
