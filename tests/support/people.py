"""People with accounts, made through the services, and what they do in a browser."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pyotp
from sqlalchemy import update

from portal.accounts.models import Account, Address, Setup
from portal.accounts.names import email_key, username_key
from portal.accounts.passwords import hash_password
from portal.factors.totp import service as totp
from portal.factors.totp.models import Authenticator
from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from tests.support.site import Site

PASSWORD = "a long walk by the sea"
HANDLE = re.compile(r"/~([a-z2-7]{26})(?=/|$)")


@dataclass(frozen=True)
class Someone:
    """A person with an account; `key` is set with an authenticator app."""

    account_id: UUID
    username: str
    email: str
    password: str = PASSWORD
    key: bytes | None = None

    def code(self, at: datetime, *, steps: int = 0) -> str:
        """The code that the authenticator app shows at an instant, or some steps of 30 seconds later."""
        assert self.key is not None
        app = pyotp.TOTP(base64.b32encode(self.key).decode())
        return app.at(at + timedelta(seconds=30 * steps))


def make_person(
    instance: Instance,
    username: str = "ada",
    *,
    confirmed: bool = True,
    authenticator: bool = False,
    admin: bool = False,
) -> Someone:
    """An account with a confirmed address, on an instance that is set up."""
    email = f"{username}@example.org"
    key = bytes(range(20)) if authenticator else None
    with instance.work() as work:
        hashed = hash_password(work, PASSWORD)
        account = Account(
            id=new_id(),
            username=username,
            username_key=username_key(username),
            password_hash=hashed,
            is_admin=admin,
            created_at=work.now,
        )
        work.db.add(account)
        work.db.flush()
        work.db.add(
            Address(
                account_id=account.id,
                email=email,
                email_key=email_key(email),
                confirmed_at=work.now if confirmed else None,
                is_primary=True,
                created_at=work.now,
            )
        )
        if key is not None:
            row = new_id()
            sealed = work.vault.seal(key, purpose=totp.purpose_of(row))
            work.db.add(
                Authenticator(id=row, account_id=account.id, name="Phone", key=sealed, last_step=0, created_at=work.now)
            )
        set_up(work)
    return Someone(account.id, username, email, key=key)


def set_up(work: Any) -> None:
    """As if the first administrator's link had been used."""
    if work.db.get(Setup, 1) is None:
        work.db.add(Setup(id=1, used_at=work.now))
    else:
        work.db.execute(update(Setup).where(Setup.id == 1).values(used_at=work.now))


def last_form(page: Any) -> Any:
    """The page's own form: those of the header come first."""
    return list(page.forms.values())[-1]


def sign_in(site: Site, person: Someone, *, code: str = "", password: str | None = None, **fields: str) -> Any:
    """Open the sign-in page, fill the form, press the button; the answer to that."""
    form = last_form(site.get("/account/login/"))
    form["username"], form["password"], form["code"] = person.username, password or person.password, code
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def sign_in_limited(site: Site, person: Someone, *, code: str = "") -> str:
    """Sign in with a browser that takes no cookies and go on in limited mode; the handle."""
    offer = sign_in(site, person, code=code)
    answer = last_form(offer).submit()
    found = HANDLE.search(answer.headers["Location"])
    assert found is not None
    return found[1]
