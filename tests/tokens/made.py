"""Tokens made for tests, and the parts they are made of."""

from __future__ import annotations

import hmac
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from portal.accounts.models import Account, Address
from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from portal.projects.models import OWNER, Project, Role
from portal.tokens import service
from portal.tokens.limits import Limit
from portal.tokens.macaroon import PREFIX, mint
from portal.tokens.service import Created

HOST = "packages.example.org"
TOKEN_ID = UUID("0190b9d8-5c2f-4a5e-8f00-1234567890ab")
KEY = bytes(range(32))


def minted(*caveats: str, location: str = HOST) -> str:
    """A token of a fixed row and key."""
    return mint(location=location, token_id=TOKEN_ID, key=KEY, caveats=caveats)


def raw(text: str) -> bytes:
    """The macaroon's bytes inside a token."""
    body = text.removeprefix(PREFIX)
    return urlsafe_b64decode(body + "=" * (-len(body) % 4))


def encoded(raw: bytes) -> str:
    """A token of these bytes."""
    return PREFIX + urlsafe_b64encode(raw).decode().rstrip("=")


def packet(kind: int, payload: bytes) -> bytes:
    """One packet of the V2 format, its payload shorter than 128 bytes."""
    return bytes([kind, len(payload)]) + payload


def appended(text: str, caveat: bytes, *more: bytes) -> str:
    """The token narrowed by hand, as any holder can: with any bytes as a caveat, and more packets inside it."""
    held = raw(text)
    signature = hmac.digest(held[-32:], caveat, "sha256")
    return encoded(held[:-35] + packet(2, caveat) + b"".join(more) + b"\0\0" + packet(6, signature))


def basic(token: str, username: str = "__token__") -> str:
    """The `Authorization` header of an upload tool."""
    return "Basic " + b64encode(f"{username}:{token}".encode()).decode()


def add_account(work: Work, username: str = "mira", *, confirmed: bool = True) -> UUID:
    """An account, with a confirmed address or without."""
    account_id = new_id()
    work.db.add(Account(id=account_id, username=username, username_key=username, epoch=0, created_at=work.now))
    work.db.flush()
    email = f"{username}@example.org"
    at = work.now if confirmed else None
    address = Address(account_id=account_id, email=email, email_key=email, confirmed_at=at, is_primary=True)
    address.created_at = work.now
    work.db.add(address)
    work.db.flush()
    return account_id


def add_project(work: Work, owner_id: UUID, name: str) -> Project:
    """A project of this owner."""
    project = Project(id=new_id(), name=name, normalized=name.lower(), created_at=work.now, status="active")
    work.db.add(project)
    work.db.flush()
    work.db.add(Role(project_id=project.id, account_id=owner_id, role=OWNER, since=work.now))
    work.db.flush()
    return project


def issued(
    instance: Instance,
    *,
    name: str = "laptop",
    projects: list[str] | None = None,
    expires_at: datetime | None = None,
    limits: Collection[Limit] = (),
) -> Created:
    """A committed token of a new account that owns these projects."""
    with instance.work() as work:
        account_id = add_account(work)
        for project in projects or []:
            add_project(work, account_id, project)
        return service.create(work, account_id, name=name, projects=projects, expires_at=expires_at, limits=limits)
