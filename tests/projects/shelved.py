"""A project with a release of two files, and its owner signed in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.audit.models import Entry
from portal.index import service as index
from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.models import MAINTAINER, Role
from tests.index.shelf import add_file
from tests.support.people import Someone, last_form, make_person, sign_in
from tests.support.site import Site

FIRST, SECOND = "demo-1.0-py3-none-any.whl", "demo-1.0-py2-none-any.whl"
RELEASES = "/manage/project/demo/releases/"
RELEASE = f"{RELEASES}1.0/"


def stocked(instance: Instance, site: Site) -> Someone:
    """Ada, signed in, who owns Demo; Noor maintains it."""
    ada = make_person(instance, "ada")
    add_file(instance, "Demo", owner=ada.account_id)
    add_file(instance, "Demo", owner=ada.account_id, tag="py2-none-any", content=b"other")
    noor = make_person(instance, "noor")
    with instance.work() as work:
        work.db.add(Role(project_id=projects.find(work, "demo").id, account_id=noor.account_id, role=MAINTAINER))
    sign_in(site, ada)
    return ada


def send(site: Site, path: str, person: Someone, **fields: str) -> Any:
    """Fill in the form of a page, with the password that confirms; the answer."""
    form = last_form(site.get(path))
    for name, value in fields.items():
        form[name] = value
    if "confirm-password" in form.fields:
        form["confirm-password"] = person.password
    return form.submit(expect_errors=True)


def offered(instance: Instance) -> str:
    """The page that installers read."""
    with instance.work() as work:
        return index.page(work, "demo", "json", compressed=False).body.decode()


def kinds(instance: Instance, person: Someone) -> list[str]:
    """What the account's history tells of releases, files and projects, oldest first."""
    with instance.work(write=False) as work:
        query = select(Entry.kind).where(Entry.account_id == person.account_id).order_by(Entry.id)
        return [kind for kind in work.db.scalars(query) if kind.startswith(("release.", "file.", "project."))]


def sign_in_as(site: Site, username: str) -> None:
    """Sign somebody else in."""
    site.reset()
    sign_in(site, Someone(new_id(), username, ""))
