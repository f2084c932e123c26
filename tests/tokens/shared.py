"""A project of two people, and their tokens."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.work import Actor, Instance
from portal.projects.models import MAINTAINER, Project, Role
from portal.tokens import policy, service
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import Limit
from portal.tokens.service import Created
from tests.support.instances import READER
from tests.support.people import Someone, make_person
from tests.tokens.made import add_project, basic

LIST = "/manage/project/demo/tokens/"
ELSEWHERE = Actor(address="198.51.100.23", browser="twine")


@dataclass
class Shared:
    """Ada owns Demo; Noor is its maintainer and owns Other."""

    instance: Instance
    ada: Someone
    noor: Someone
    demo: Project
    other: Project

    def token(self, person: Someone, name: str, *projects: str, limits: Collection[Limit] = (), **more: Any) -> Created:
        """A token of one of them, for these projects or for everything."""
        with self.instance.work() as work:
            chosen, ends = list(projects) or None, more.get("expires_at")
            return service.create(work, person.account_id, name=name, projects=chosen, expires_at=ends, limits=limits)

    def use(self, created: Created, project: Project | None = None) -> str:
        """Use it as an upload does: "taken", or the code of the refusal."""
        target = project or self.demo
        facts: dict[str, Any] = {"project_id": target.id, "version": "1.0"}
        with self.instance.work(ELSEWHERE) as work:
            try:
                bearer = policy.authenticate(work, basic(created.secret))
                policy.authorize(work, bearer, target.normalized, **facts)
                work.settle()
                token = policy.confirm(work, bearer)
                policy.spend(work, bearer, token, target.normalized, created=False, **facts)
            except TokenRefused as refused:
                return refused.code
        return "taken"

    def entries(self, kind: str) -> list[Entry]:
        """The events of a kind, oldest first."""
        with self.instance.work(write=False) as work:
            return list(work.db.scalars(select(Entry).where(Entry.kind == kind).order_by(Entry.id)))


def share(instance: Instance) -> Shared:
    """Make them."""
    ada, noor = make_person(instance, "ada"), make_person(instance, "noor")
    with instance.work() as work:
        demo = add_project(work, ada.account_id, "Demo")
        other = add_project(work, noor.account_id, "Other")
        work.db.add(Role(project_id=demo.id, account_id=noor.account_id, role=MAINTAINER, since=work.now))
    return Shared(instance, ada, noor, demo, other)


def as_owner(shared: Shared) -> Actor:
    """Ada, in the browser of the tests."""
    return Actor(shared.ada.account_id, shared.ada.username, READER.address, READER.browser)
