"""Projects with people in tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.accounts import service as accounts
from portal.audit.models import Entry
from portal.kernel.work import Actor, Instance
from portal.projects import service as projects
from portal.projects.members import invitations
from portal.projects.models import OWNER, Project, Release, Role, RoleName
from tests.support.instances import READER
from tests.support.people import Someone, last_form

MANAGE = "/manage/project/demo/"
PEOPLE = f"{MANAGE}collaborators/"


def actor(person: Someone) -> Actor:
    """This person, in the browser of the tests."""
    return Actor(person.account_id, person.username, READER.address, READER.browser)


def make_project(instance: Instance, owner: Someone, *others: tuple[Someone, RoleName], name: str = "Demo") -> Project:
    """A project with these people."""
    with instance.work(actor(owner)) as work:
        made = projects.create(work, name, owner.account_id)
        rows = [
            Role(project_id=made.id, account_id=person.account_id, role=role, since=work.now) for person, role in others
        ]
        work.db.add_all(rows)
    return made


def release(instance: Instance, name: str = "demo") -> None:
    """A first version of a project: from now on everybody sees its page."""
    with instance.work() as work:
        project = projects.find(work, name)
        work.db.add(Release(project_id=project.id, version="1.0", canonical="1", created_at=work.now))


def invite(instance: Instance, project: Project, person: Someone, role: RoleName = OWNER, *, by: Someone) -> UUID:
    """Invite somebody; the id of the invitation."""
    with instance.work(actor(by)) as work:
        invitations.invite(work, project, accounts.find(work, person.account_id), role, by=by.account_id)
        waiting = invitations.of_account(work, person.account_id)
        return next(row.invitation.id for row in waiting if row.project.id == project.id)


def roles(instance: Instance) -> dict[str, str]:
    """The role of everybody in Demo, by user name."""
    with instance.work(write=False) as work:
        query = select(Role).join(Project, Project.id == Role.project_id).where(Project.name == "Demo")
        return {accounts.find(work, row.account_id).username: row.role for row in work.db.scalars(query)}


def kinds(instance: Instance, *, account: Someone | None = None, project: Project | None = None) -> list[str]:
    """The kinds of events in the history of somebody, or of a project, oldest first."""
    query = select(Entry.kind).order_by(Entry.id)
    if account is not None:
        query = query.where(Entry.account_id == account.account_id)
    if project is not None:
        query = query.where(Entry.project_id == project.id)
    with instance.work(write=False) as work:
        return list(work.db.scalars(query))


def send(page: Any, **fields: str) -> Any:
    """Fill the page's own form in and press its button; in limited mode with the password."""
    form = last_form(page)
    for name, value in fields.items():
        form[name.replace("_", "-") if name.startswith("confirm") else name] = value
    return form.submit(expect_errors=True)
