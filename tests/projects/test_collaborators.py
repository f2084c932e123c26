"""Who works on a project."""

from __future__ import annotations

from typing import Any

from portal.desk.closing import service as closing
from portal.kernel.work import Instance
from portal.projects.models import MAINTAINER, OWNER
from tests.projects.peopled import MANAGE, PEOPLE, invite, make_project
from tests.support.people import make_person, sign_in
from tests.support.site import Site


def rows(page: Any, number: int = 0) -> list[list[str]]:
    """The cells of a table of the page."""
    table = page.html.find_all("table")[number]
    return [[" ".join(cell.text.split()) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]


def test_an_owner_sees_everybody_since_when_and_what_can_be_done(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    make_project(instance, ada, (noor, MAINTAINER))
    sign_in(site, ada)
    page = site.get(PEOPLE)
    assert rows(page) == [
        ["ada", "Owner", "1 June 2026", "Change the role of ada Leave this project"],
        ["noor", "Maintainer", "1 June 2026", "Change the role of noor Remove noor"],
    ]
    assert page.html.main.find("a", href=f"{PEOPLE}invite/")
    assert len(page.html.find_all("table")) == 1


def test_a_maintainer_sees_the_same_and_can_only_leave(site: Site, instance: Instance) -> None:
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    project = make_project(instance, ada, (noor, MAINTAINER))
    invite(instance, project, make_person(instance, "grace"), by=ada)
    sign_in(site, noor)
    page = site.get(PEOPLE)
    assert rows(page) == [
        ["ada", "Owner", "1 June 2026"],
        ["noor", "Maintainer", "1 June 2026"],
    ]
    assert [link["href"] for link in page.html.main.find_all("a")] == [f"{MANAGE}leave/", MANAGE]
    assert page.html.main.find("a", href=f"{PEOPLE}invite/") is None
    assert len(page.html.find_all("table")) == 1


def test_an_owner_sees_who_has_not_answered_until_when(site: Site, instance: Instance) -> None:
    ada = make_person(instance, "ada")
    invitation_id = invite(instance, make_project(instance, ada), make_person(instance, "grace"), by=ada)
    sign_in(site, ada)
    page = site.get(PEOPLE)
    assert rows(page, 1) == [["grace", "Owner", "15 June 2026, 12:00 UTC", "Withdraw the invitation grace"]]
    assert page.html.main.find("a", href=f"{PEOPLE}invitations/{invitation_id}/withdraw/")


def test_who_has_closed_their_account_is_marked(site: Site, instance: Instance) -> None:
    ada, grace = make_person(instance, "ada"), make_person(instance, "grace")
    make_project(instance, ada, (grace, OWNER))
    with instance.work() as work:
        closing.close(work, grace.account_id)
    sign_in(site, ada)
    assert rows(site.get(PEOPLE))[1][1] == "Owner Closed their account, and no longer counts."
