"""Recoveries in tests."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from portal.desk.recovery import service, sweeps
from portal.desk.recovery.models import Recovery
from portal.kernel.work import Instance
from portal.notices.service import send_due
from tests.notices.conftest import Postbox
from tests.support.people import Someone

LINK = re.compile(r"http://localhost(/account/(?:recovery|stop-recovery)/\S+/)")


def start(instance: Instance, person: Someone, by: Someone | None = None) -> str:
    """Start a recovery; how far it is."""
    with instance.work() as work:
        account = service.accounts.find(work, person.account_id)
        return service.start(work, account, by=by.account_id if by else None).value


def pass_day(instance: Instance) -> None:
    """Let the day pass in which a recovery can be stopped, and the worker go round."""
    instance.clock.advance(service.DELAY)  # type: ignore[attr-defined]
    sweeps.go_on_all(instance)


def links(instance: Instance, postbox: Postbox) -> dict[str, str]:
    """The newest link of each kind in all letters so far: "recovery" and "stop-recovery"."""
    send_due(instance)
    found = [path for message in postbox.messages for path in LINK.findall(message.get_content())]
    return {path.split("/")[2]: path for path in found}


def state(instance: Instance, person: Someone) -> str | None:
    """How the newest recovery of an account stands."""
    with instance.work() as work:
        query = select(Recovery.state).where(Recovery.account_id == person.account_id)
        return work.db.scalar(query.order_by(Recovery.created_at.desc()).limit(1))


def until(instance: Instance, person: Someone) -> datetime | None:
    """When the next step of an open recovery comes."""
    with instance.work() as work:
        row = service.under_way(work, person.account_id)
        return row.due_at if row else None
