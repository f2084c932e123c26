"""What changes between the first checks of an upload and its commit is asked again behind them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal.accounts import leaving
from portal.accounts import service as accounts
from portal.accounts.models import Address
from portal.desk.closing import service as closing
from portal.kernel.work import Actor, Instance, Work
from portal.projects import service as projects
from portal.projects.filenames import file_key
from portal.projects.models import FILE, Deleted, Project, Role
from portal.projects.store import DiskStore, FileStore, Stored
from portal.signin.models import Session
from portal.tokens import service as tokens
from portal.tokens.models import Token
from portal.uploads.keep import Taken
from portal.uploads.receive import Body
from portal.uploads.service import Sent, take
from tests.support.instances import Bed
from tests.support.people import PASSWORD, last_form, make_person, sign_in
from tests.support.site import Site
from tests.support.waiting import would_wait
from tests.tokens.made import appended, basic
from tests.uploads.artefacts import CONTENT_TYPE, body, wheel
from tests.uploads.conftest import Uploader, footprint
from tests.uploads.test_add import START, Sender, filenames

Deed = Callable[[Work], object]
Interrupt = Callable[[Instance], "Interrupted"]


@dataclass
class Interrupted:
    """A file store in front of another: before a file is put there, somebody else commits what they do."""

    store: DiskStore
    instance: Instance
    deeds: list[Deed] = field(default_factory=list)

    def put(self, sources: Mapping[str, Path]) -> None:
        while self.deeds:
            with self.instance.work() as other:
                self.deeds.pop()(other)
        self.store.put(sources)

    def open(self, key: str) -> BinaryIO:
        return self.store.open(key)

    def remove(self, key: str) -> None:
        self.store.remove(key)

    def stored(self) -> Iterator[Stored]:
        return self.store.stored()


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Interrupt:
    """Puts such a store into an instance, until the test ends."""

    def put_in(instance: Instance) -> Interrupted:
        made = Interrupted(DiskStore(instance.settings.data / "files"), instance)
        monkeypatch.setitem(instance.ports, FileStore, made)
        return made

    return put_in


def set_status(status: str) -> Deed:
    return lambda work: work.db.execute(update(Project).values(status=status))


def lose_role(work: Work) -> None:
    for role in work.db.scalars(select(Role)):
        work.db.delete(role)


def revoke(work: Work) -> None:
    token = work.db.scalars(select(Token)).one()
    tokens.revoke(work, token.account_id, token.id)


def close(work: Work) -> None:
    leaving.close(work, work.db.scalars(select(Token.account_id)).one())


def lose_address(work: Work) -> None:
    work.db.execute(update(Address).values(confirmed_at=None))


def bury(work: Work) -> None:
    """Say that the file was uploaded by somebody else in between, and deleted."""
    work.db.add(Deleted(kind=FILE, name=file_key(wheel("demo", "2.0").filename), deleted_at=work.now))


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (set_status("archived"), "project-closed"),
        (set_status("quarantined"), "project-quarantined"),
        (lose_role, "no-role"),
        (revoke, "revoked"),
        (close, "account-closed"),
        (lose_address, "unconfirmed-address"),
        (bury, "file-deleted"),
    ],
    ids=["archived", "quarantined", "role", "revoked", "closed", "address", "deleted"],
)
def test_what_somebody_else_commits_before_the_upload_is_asked_again(
    interrupted: Interrupt, uploader: Uploader, deed: Deed, code: str
) -> None:
    assert uploader.send(wheel("demo", "1.0")).new
    store = interrupted(uploader.instance)
    store.deeds.append(deed)
    assert uploader.send(wheel("demo", "2.0")).code == code
    assert store.deeds == []
    assert uploader.filenames() == ["demo-1.0-py3-none-any.whl"]


def test_a_token_that_ends_before_the_commit_is_not_good_any_more(
    interrupted: Interrupt, bed: Bed, uploader: Uploader
) -> None:
    with uploader.instance.work() as work:
        at = work.now + timedelta(minutes=5)
        made = tokens.create(work, uploader.account_id, name="short", projects=None, expires_at=at)
    sender = Uploader(uploader.instance, uploader.account_id, made.secret)
    store = interrupted(uploader.instance)
    store.deeds.append(lambda _work: bed.clock.advance(timedelta(minutes=6)))
    assert sender.send(wheel()).code == "expired"
    assert uploader.filenames() == uploader.projects() == []


def test_the_same_file_that_somebody_else_brings_first_is_there_though_there_is_no_room_for_two(
    interrupted: Interrupt, bed: Bed, uploader: Uploader
) -> None:
    small = bed.assemble(project_limit=footprint(wheel())).instance
    tight = Uploader(small, uploader.account_id, uploader.token)
    interrupted(small).deeds.append(lambda _work: tight.send(wheel()))
    assert tight.send(wheel()) == Taken(wheel().filename, new=False)


@dataclass
class Slow:
    """A body that somebody sends so slowly that something happens before its first byte."""

    raw: BytesIO
    before: Callable[[], object]

    def read(self, size: int, /) -> bytes:
        if not self.raw.tell():
            self.before()
        return self.raw.read(size)


def test_a_narrowed_copy_that_ends_on_the_way_is_no_use_for_a_file_that_is_there_either(
    bed: Bed, uploader: Uploader
) -> None:
    assert uploader.send(wheel()).new
    end = int((uploader.instance.clock.now() + timedelta(minutes=5)).timestamp())
    copy = appended(uploader.token, f"[0,{end},0]".encode())
    raw = body(wheel())
    slow = Slow(BytesIO(raw), lambda: bed.clock.advance(timedelta(minutes=6)))
    with uploader.instance.work(uploader.actor) as work:
        outcome = take(work, Sent(basic(copy), Body(CONTENT_TYPE, len(raw), slow)))
    assert outcome.code == "expired"


def test_a_file_is_as_old_as_its_commit(interrupted: Interrupt, bed: Bed, uploader: Uploader) -> None:
    interrupted(uploader.instance).deeds.append(lambda _work: bed.clock.advance(timedelta(minutes=6)))
    assert uploader.send(wheel()).new
    with uploader.instance.work(write=False) as work:
        project = projects.find(work, "demo")
        assert projects.files(work, project.id)[0].uploaded_at == bed.clock.now()


def test_a_status_that_is_set_waits_for_the_upload_that_has_asked_for_it(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        held = projects.hold(work, "demo")
        assert held is not None
        assert held.status == "active"
        if not uploader.instance.database.is_sqlite:
            assert _locked(uploader.instance, held.id)


def test_who_keeps_a_file_counts_the_project_s_files_while_nobody_else_does(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        assert projects.hold(work, "demo") is not None
        assert would_wait(uploader.instance, lambda other: projects.hold(other, "demo"))


def _locked(instance: Instance, project_id: UUID) -> bool:
    """Whether nobody could change the project now: a change wants this lock (PostgreSQL documentation, 13.3.2)."""
    with instance.work() as other:
        free = select(Project.id).where(Project.id == project_id)
        return other.db.scalar(free.with_for_update(skip_locked=True, key_share=True)) is None


@pytest.fixture
def sender(site: Site, instance: Instance) -> Sender:
    """Ada, signed in with cookies a moment ago."""
    sign_in(site, make_person(instance, "ada"))
    return Sender(site)


def led_to_sign_in(answer: Any) -> None:
    """The answer is the way to the sign-in page, which says that nothing was done, and leads back."""
    assert answer.status_int == 303
    page = answer.follow()
    assert "nothing was done with it" in page.html.main.text
    assert last_form(page)["next"].value == START


def end_sessions(work: Work) -> None:
    work.db.execute(update(Session).values(ended_at=work.now))


def close_ada(work: Work) -> None:
    account = accounts.by_login(work, "ada")
    assert account is not None
    closing.close(work, account.id)


def test_a_session_that_is_ended_meanwhile_keeps_no_file(
    interrupted: Interrupt, sender: Sender, instance: Instance
) -> None:
    interrupted(instance).deeds.append(end_sessions)
    led_to_sign_in(sender.send(wheel(), START))
    assert filenames(instance) == []


def test_an_account_that_is_closed_meanwhile_keeps_no_file(
    interrupted: Interrupt, sender: Sender, instance: Instance
) -> None:
    interrupted(instance).deeds.append(close_ada)
    led_to_sign_in(sender.send(wheel(), START))
    assert filenames(instance) == []


def test_a_session_whose_end_comes_meanwhile_keeps_no_file(
    interrupted: Interrupt, bed: Bed, sender: Sender, instance: Instance
) -> None:
    interrupted(instance).deeds.append(lambda _work: bed.clock.advance(timedelta(days=2)))
    led_to_sign_in(sender.send(wheel(), START))
    assert filenames(instance) == []


def change_password(work: Work) -> None:
    account = accounts.by_login(work, "ada")
    assert account is not None
    accounts.renew_credentials(work, account.id)


def by_password(instance: Instance) -> Any:
    """Upload with a user name and a password."""
    raw = body(wheel())
    pair = "Basic " + b64encode(f"ada:{PASSWORD}".encode()).decode()
    with instance.work(Actor(address="192.0.2.9", browser="twine")) as work:
        return take(work, Sent(pair, Body(CONTENT_TYPE, len(raw), BytesIO(raw))))


def test_a_password_that_is_changed_meanwhile_is_wrong(interrupted: Interrupt, bed: Bed) -> None:
    instance = bed.assemble(upload_policy="password-or-token").instance
    make_person(instance, "ada")
    store = interrupted(instance)
    store.deeds.append(change_password)
    assert by_password(instance).code == "wrong-password"
    assert filenames(instance) == []
    assert by_password(instance).new
