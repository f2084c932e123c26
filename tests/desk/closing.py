"""Closing accounts in tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.notices.service import send_due
from portal.projects import service as projects
from portal.projects.models import OWNER, Role
from tests.notices.conftest import Postbox
from tests.support.people import Someone, last_form, sign_in
from tests.support.site import Site

CLOSE = "/manage/account/close/"
KEEP = "/manage/account/keep/"


def send_confirmed(page: Any, person: Someone, code: str = "") -> Any:
    """Press the button of a page that asks for the password, and for a code."""
    form = last_form(page)
    form["confirm-password"] = person.password
    if person.key is not None:
        form["confirm-code"] = code
    return form.submit(expect_errors=True)


def close(site: Site, person: Someone, instance: Instance) -> Any:
    """Sign in and close the account, a moment later."""
    now = instance.clock.now()
    code, next_code = (person.code(now), person.code(now, steps=1)) if person.key else ("", "")
    sign_in(site, person, code=code)
    return send_confirmed(site.get(CLOSE), person, next_code)


def own(instance: Instance, name: str, *owners: Someone) -> None:
    """A project that these people own."""
    with instance.work() as work:
        project = projects.create(work, name, owners[0].account_id)
        work.db.add_all(
            Role(project_id=project.id, account_id=other.account_id, role=OWNER, since=work.now) for other in owners[1:]
        )


def kinds(instance: Instance, account_id: UUID) -> list[str]:
    """What stands in the history of an account, oldest first."""
    with instance.work() as work:
        return list(work.db.scalars(select(Entry.kind).where(Entry.account_id == account_id).order_by(Entry.id)))


def subjects(instance: Instance, postbox: Postbox) -> list[tuple[str, str]]:
    """To whom and about what letters have arrived."""
    send_due(instance)
    return [(str(message["To"]), str(message["Subject"])) for message in postbox.messages]
