"""Projects and roles."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.errors import NotFound
from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from portal.projects import service
from portal.projects.errors import BadName, NameTaken, ReservedName
from portal.projects.models import MAINTAINER, Role
from tests.support.people import make_person
from tests.support.races import at_once


@pytest.fixture
def owner(instance: Instance) -> UUID:
    """Ada's account."""
    return make_person(instance, "ada").account_id


def test_who_creates_a_project_owns_it(work: Work, owner: UUID) -> None:
    project = service.create(work, "De.Mo", owner)
    assert (project.name, project.normalized, project.status) == ("De.Mo", "de-mo", "active")
    assert service.members(work, project.id) == [(owner, "owner")]
    assert service.find(work, "DE_MO").id == project.id


def test_it_stands_in_the_history_of_both(work: Work, owner: UUID) -> None:
    project = service.create(work, "demo", owner)
    rows = work.db.scalars(select(Entry).where(Entry.project_id == project.id).order_by(Entry.id))
    assert [(row.kind, row.account_id) for row in rows] == [("project.created", owner), ("project.owner_added", owner)]


def test_a_name_is_given_once(work: Work, owner: UUID) -> None:
    service.create(work, "demo", owner)
    with pytest.raises(NameTaken):
        service.create(work, "DEMO", owner)


def test_of_many_who_create_it_at_once_one_wins(instance: Instance, owner: UUID) -> None:
    def create() -> str:
        with instance.work() as work:
            return service.create(work, "demo", owner).name

    outcomes = at_once(create, 10)
    assert outcomes.count("demo") == 1
    assert sum(isinstance(each, NameTaken) for each in outcomes) == 9


def test_names_that_are_none_or_reserved_are_refused(work: Work, owner: UUID) -> None:
    with pytest.raises(BadName):
        service.create(work, "-demo", owner)
    with pytest.raises(ReservedName):
        service.create(work, "json", owner)


def test_an_unknown_project_is_not_found(work: Work) -> None:
    assert service.find_or_none(work, "demo") is None
    with pytest.raises(NotFound):
        service.find(work, "demo")


def test_owners_and_maintainers_upload_to_active_projects(work: Work, owner: UUID, instance: Instance) -> None:
    work.settle()
    helper = make_person(instance, "noor").account_id
    closed = service.create(work, "zebra", owner)
    shared = service.create(work, "apple", owner)
    closed.status = "archived"
    work.db.add(Role(project_id=shared.id, account_id=helper, role=MAINTAINER, since=work.now))
    work.db.flush()
    assert service.uploadable(work, owner) == [shared]
    assert service.uploadable(work, helper) == [shared]
    assert service.owned(work, owner) == [(shared, "owner"), (closed, "owner")]
    assert service.role_of(work, shared.id, helper) == "maintainer"
    assert service.role_of(work, closed.id, helper) is None
    assert service.uploadable(work, new_id()) == []
