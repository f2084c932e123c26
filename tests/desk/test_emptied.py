"""What the database still knows of a person whose closed account has come to its end: nothing but the name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import invitations, leaving, resets
from portal.accounts.invitations import accept
from portal.app.schema import all_tables
from portal.audit.events import FORGOTTEN
from portal.audit.models import Entry
from portal.audit.service import KEPT_FOR_NOBODY, account_history
from portal.desk.closing import service
from portal.factors.totp.events import AuthenticatorAdded, AuthenticatorRenamed
from portal.kernel.ids import new_id
from portal.kernel.sweeps import Sweeps
from portal.kernel.work import Actor, Instance
from portal.notices.service import send_due
from portal.projects.events import FileUploaded
from portal.signin import closed
from portal.tokens import service as tokens
from tests.desk.closing import own
from tests.notices.conftest import Postbox, postbox
from tests.support.people import Someone, make_person, sign_in
from tests.support.site import Site

__all__ = ["postbox"]

EMAIL, NETWORK, BROWSER = "countess@lovelace.example", "203.0.113.77", "Konqueror on Haiku"
LABEL, PHONE, TABLET = "Countess-Notebook", "Countess-Phone", "Countess-Tablet"
ELSEWHERE = "198.51.100.177"
TRACES = (EMAIL, "lovelace.example", NETWORK, "203.0.113", ELSEWHERE, BROWSER, LABEL, PHONE, TABLET)


@pytest.fixture
def ended(instance: Instance, site: Site, postbox: Postbox) -> Someone:
    """A person who left traces wherever one can; then the account was closed, and its days passed."""
    grace = make_person(instance, "grace")
    person = join(instance)
    here = Actor(account_id=person.account_id, username=person.username, address=NETWORK, browser=BROWSER)
    own(instance, "Engine", person, grace)
    browse(site, person)
    leave_traces(instance, here, grace)
    with instance.work(here) as work:
        service.close(work, person.account_id)
    run_worker(instance)
    instance.clock.advance(leaving.GRACE)  # type: ignore[attr-defined]
    assert service.end_all_due(instance) == 1
    run_worker(instance)
    # What stands in nobody's history, because a name was mistyped, goes with time.
    instance.clock.advance(KEPT_FOR_NOBODY - leaving.GRACE)  # type: ignore[attr-defined]
    for sweep in instance.ports[Sweeps]:
        sweep.job(instance)
    return person


def join(instance: Instance) -> Someone:
    """An account made with an invitation, by somebody who signs in as `make_person` does."""
    template = make_person(instance, "template")
    with instance.work() as work:
        invitations.invite(work, EMAIL)
        row = work.db.scalars(select(invitations.Invitation)).one()
        hashed = service.accounts.find(work, template.account_id).password_hash or ""
        account = accept(work, row, username="countess", password_hash=hashed)
        return replace(template, account_id=account.id, username="countess", email=EMAIL)


def browse(site: Site, person: Someone) -> None:
    """In a browser: a mistyped name, a wrong password, a sign-in, some pages, a form that is refused."""
    sign_in(Site(site.application, REMOTE_ADDR=ELSEWHERE), replace(person, username="countes"))
    browser = Site(site.application, REMOTE_ADDR=NETWORK)
    sign_in(browser, person, password="a wrong password, it is")
    assert sign_in(browser, person).status_int == 303
    browser.get("/manage/account/history/")


def leave_traces(instance: Instance, here: Actor, grace: Someone) -> None:
    """By themselves, and in the history of somebody else."""
    account_id = here.account_id
    assert account_id is not None
    with instance.work(here) as work:
        tokens.create(work, account_id, name=LABEL, projects=None, expires_at=None)
        app = {"account_id": account_id, "authenticator_id": new_id()}
        work.record(AuthenticatorAdded(**app, name=PHONE, first=True))
        work.record(AuthenticatorRenamed(**app, before=PHONE, name=TABLET))
        project = service.projects.owned(work, account_id)[0][0]
        upload = {"project": "Engine", "version": "1.0", "filename": "engine-1.0.tar.gz"}
        work.record(FileUploaded(account_id=account_id, project_id=project.id, **upload, token=LABEL))
        work.record(FileUploaded(account_id=grace.account_id, project_id=project.id, **upload))
        resets.ask(work, EMAIL)
        closed.note_exhausted(work, EMAIL)


def run_worker(instance: Instance) -> None:
    """What the worker does with what waits: answers, letters."""
    resets.answer_all(instance)
    closed.tell_all(instance)
    send_due(instance)


def texts(value: Any) -> str:
    """A value of any column as text that can be searched."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def tables_with(instance: Instance, trace: str) -> set[str]:
    """The columns in which a text stands somewhere."""
    found = set()
    with instance.work() as work:
        for table in all_tables().sorted_tables:
            for row in work.db.execute(select(table)).mappings():
                found |= {f"{table.name}.{name}" for name, value in row.items() if trace in texts(value)}
    return found


@pytest.mark.usefixtures("ended")
def test_no_column_of_any_table_holds_an_address_a_network_or_a_name_that_the_person_gave(instance: Instance) -> None:
    assert {trace: found for trace in TRACES if (found := tables_with(instance, trace))} == {}


def test_the_traces_were_there(instance: Instance, site: Site, postbox: Postbox) -> None:
    person = join(instance)
    grace = make_person(instance, "grace")
    own(instance, "Engine", person, grace)
    here = Actor(account_id=person.account_id, username=person.username, address=NETWORK, browser=BROWSER)
    browse(site, person)
    leave_traces(instance, here, grace)
    assert {trace for trace in TRACES if not tables_with(instance, trace)} == set()
    assert {"addresses.email", "invitations.email"} <= tables_with(instance, EMAIL)
    assert {"events.address", "sessions.address"} <= tables_with(instance, NETWORK)


@pytest.mark.usefixtures("ended")
def test_nothing_waits_sealed_for_the_worker(instance: Instance) -> None:
    for name in ("letters", "closed_ways", "pending_resets"):
        with instance.work() as work:
            bodies = work.db.scalars(select(all_tables().tables[name].c.body))
            assert [body for body in bodies if body is not None] == [], name


def test_the_history_of_projects_and_of_others_goes_on_to_name_who_did_it(instance: Instance, ended: Someone) -> None:
    with instance.work() as work:
        entries = list(work.db.scalars(select(Entry).where(Entry.kind == FileUploaded.kind).order_by(Entry.id)))
        assert {entry.actor_id for entry in entries} == {ended.account_id}
        assert [entry.facts["filename"] for entry in entries] == ["engine-1.0.tar.gz"] * 2
        assert [entry.facts["token"] for entry in entries] == [FORGOTTEN, ""]
        assert service.accounts.find(work, ended.account_id).username == "countess"
        kinds = [entry.kind for entry in account_history(work, ended.account_id).entries]
        assert "account.emptied" in kinds
