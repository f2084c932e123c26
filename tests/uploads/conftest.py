"""An instance that takes uploads, and somebody who sends them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.accounts.models import Address
from portal.audit.models import Entry
from portal.kernel.work import Actor, Instance
from portal.projects.models import File, Project
from portal.projects.store import DiskStore, FileStore
from portal.tokens import service as tokens
from portal.uploads.keep import METADATA_KEPT
from portal.uploads.receive import Body
from portal.uploads.service import Sent, take
from tests.support.people import set_up
from tests.tokens.made import add_account, basic
from tests.uploads.artefacts import CONTENT_TYPE, Artefact, body, metadata


@dataclass
class Uploader:
    """An account with a token, and what lies on the index afterwards."""

    instance: Instance
    account_id: UUID
    token: str
    actor: Actor = field(default_factory=lambda: Actor(address="192.0.2.9", browser="twine"))

    def send(self, artefact: Artefact, **options: Any) -> Any:
        """Upload it with this token; what the service answers."""
        return self.send_body(body(artefact, **options))

    def send_body(self, raw: bytes, *, content_type: str = CONTENT_TYPE, length: int | None = None) -> Any:
        """Upload these bytes as a form."""
        sent = Body(content_type, len(raw) if length is None else length, io.BytesIO(raw))
        with self.instance.work(self.actor) as work:
            return take(work, Sent(basic(self.token), sent))

    def filenames(self) -> list[str]:
        """The files that rows name."""
        with self.instance.work(write=False) as work:
            return list(work.db.scalars(select(File.filename).order_by(File.filename)))

    def projects(self) -> list[str]:
        """The names of all projects."""
        with self.instance.work(write=False) as work:
            return list(work.db.scalars(select(Project.name).order_by(Project.name)))

    def history(self) -> list[tuple[str, dict[str, Any]]]:
        """Kind and facts of the account's events about projects and uploads, oldest first."""
        with self.instance.work(write=False) as work:
            query = select(Entry).where(Entry.account_id == self.account_id).order_by(Entry.id)
            found = [(entry.kind, entry.facts) for entry in work.db.scalars(query)]
        return [entry for entry in found if entry[0] not in {"token.created", "token.first_used"}]

    def stored(self) -> list[Path]:
        """Every file below the folders of uploads, as paths in the data directory."""
        data = self.instance.settings.data
        found = [path for name in ("files", "incoming") for path in (data / name).rglob("*") if path.is_file()]
        return [path.relative_to(data) for path in found]


def footprint(artefact: Artefact) -> int:
    """How many bytes the index keeps because of a file of the project demo whose metadata nothing was added to."""
    return len(artefact.content) + METADATA_KEPT * len(metadata(version=artefact.fields["version"]))


@pytest.fixture
def ready(instance: Instance) -> Instance:
    """An instance whose first administrator has come."""
    instance.ports.setdefault(FileStore, DiskStore(instance.settings.data / "files"))
    with instance.work() as work:
        set_up(work)
    return instance


def make_uploader(instance: Instance, username: str, *, confirmed: bool = True, projects: Any = None) -> Uploader:
    """A new account with a token."""
    with instance.work() as work:
        account_id = add_account(work, username)
        created = tokens.create(work, account_id, name="laptop", projects=projects, expires_at=None)
    if not confirmed:
        unconfirm(instance, account_id)
    return Uploader(instance, account_id, created.secret)


def unconfirm(instance: Instance, account_id: UUID) -> None:
    """Take the confirmation of the account's address back."""
    with instance.work() as work:
        for address in work.db.scalars(select(Address).where(Address.account_id == account_id)):
            address.confirmed_at = None


@pytest.fixture
def uploader(ready: Instance) -> Uploader:
    """Mira, with a token for everything she may upload to."""
    return make_uploader(ready, "mira")
