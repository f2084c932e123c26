"""The security history of a project."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from portal.accounts.models import Account, Address
from portal.audit.service import PAGE_SIZE
from portal.kernel.work import Instance
from portal.projects.lifecycle.events import ProjectArchived
from portal.projects.members import service
from portal.projects.models import MAINTAINER, OWNER
from tests.projects.peopled import MANAGE, actor, invite, make_project
from tests.support.instances import READER
from tests.support.people import make_person, sign_in
from tests.support.site import Site

HISTORY = f"{MANAGE}history/"


def rows(page: Any) -> list[list[str]]:
    """What happened, whom it is about, who did it."""
    found = page.html.table.tbody.find_all("tr")
    return [[cell.text.strip() for cell in row.find_all("td")] for row in found]


def test_owners_read_what_happened_newest_first(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    demo = make_project(instance, ada, (noor, MAINTAINER))
    invite(instance, demo, make_person(instance, "grace"), by=ada)
    with instance.work(actor(ada)) as work:
        service.remove(work, demo, noor.account_id, by=ada.account_id)
    with instance.work() as work:
        service.join(work, demo.id, noor.account_id, OWNER)
        service.leave(work, demo, noor.account_id)
    sign_in(site, ada)
    page = site.get(HISTORY)
    assert rows(page) == [
        ["Left the project Demo", "noor", "This index by itself"],
        ["Removed from the project Demo", "noor", "ada"],
        ["Invited to become an owner of the project Demo", "grace", "ada"],
        ["Became an owner of the project Demo", "ada", "ada"],
        ["Project Demo created", "ada", "ada"],
    ]
    assert "1 June 2026, 12:00 UTC" in page.html.table.tbody.th.text


def test_who_is_gone_is_told_apart_from_what_nobody_did(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    demo = make_project(instance, ada, (noor, MAINTAINER))
    with instance.work(actor(noor)) as work:
        service.leave(work, demo, noor.account_id)
    with instance.work() as work:
        work.record(ProjectArchived(project_id=demo.id, project="Demo"))
        work.db.execute(delete(Address).where(Address.account_id == noor.account_id))
        work.db.execute(delete(Account).where(Account.id == noor.account_id))
    sign_in(site, ada)
    gone = "Somebody whose account is closed"
    assert rows(site.get(HISTORY))[:2] == [
        ["Project Demo archived", "The project", "This index by itself"],
        ["Left the project Demo", gone, gone],
    ]


def test_it_tells_nobody_from_where_somebody_came(site: Site, instance: Instance) -> None:
    ada, grace = make_person(instance, "ada"), make_person(instance, "grace")
    make_project(instance, ada, (grace, OWNER))
    sign_in(site, grace)
    text = site.get(HISTORY).html.main.text
    assert READER.address not in text
    assert READER.browser not in text


def test_the_history_of_somebody_removed_does_not_tell_from_where_it_was_done(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    demo = make_project(instance, ada, (noor, MAINTAINER))
    with instance.work(actor(ada)) as work:
        service.remove(work, demo, noor.account_id, by=ada.account_id)
    sign_in(site, noor)
    page = site.get("/manage/account/history/")
    [row] = [cells for cells in rows(page) if cells[0] == "Removed from the project Demo"]
    assert row[1:] == ["Another person’s", "Another person’s"]


def test_older_entries_follow_by_a_link(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    demo = make_project(instance, ada, (noor, MAINTAINER))
    for role in [OWNER, MAINTAINER] * PAGE_SIZE:
        with instance.work(actor(ada)) as work:
            service.change(work, demo, noor.account_id, role, by=ada.account_id)
    sign_in(site, ada)
    page = site.get(HISTORY)
    assert len(rows(page)) == PAGE_SIZE
    older = page.click("Older entries")
    assert older.html.title.text.startswith("Security history of Demo, older entries")
    assert len(rows(older)) == PAGE_SIZE
    last = older.click("Older entries")
    assert rows(last)[-1][0] == "Project Demo created"
    assert "Older entries" not in last.html.main.nav.text
    assert site.get(f"{HISTORY}?before=x", expect_errors=True).status_int == 404
