"""What a person does on the pages of two-factor authentication."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.audit.models import Entry
from portal.factors.totp.codes import code_at, step_at
from portal.factors.totp.models import Authenticator
from portal.kernel.work import Instance
from tests.support.instances import READER
from tests.support.people import Someone, last_form, sign_in, sign_in_limited
from tests.support.site import Site

OVERVIEW = "/manage/account/two-factor/"
ADD = "/manage/account/two-factor/totp/add/"
CODES = "/manage/account/two-factor/recovery-codes/"
BOTH_MODES = pytest.mark.parametrize("limited", [False, True], ids=["cookies", "limited"])


def browser_of(site: Site, person: Someone, *, limited: bool, code: str = "") -> tuple[Site, str]:
    """A browser in which the person is signed in, and what stands before every path in it."""
    if not limited:
        sign_in(site, person, code=code)
        return site, ""
    bare = Site(site.application, takes_cookies=False)
    return bare, f"/~{sign_in_limited(bare, person, code=code)}"


def fill(page: Any, **fields: str) -> Any:
    """Fill the page's own form; `confirm_password` and `confirm_code` are the fields that confirm who it is."""
    form = last_form(page)
    for name, value in fields.items():
        form[name.replace("confirm_", "confirm-")] = value
    return form


def send(page: Any, **fields: str) -> Any:
    """Fill the page's own form and press its first button."""
    return fill(page, **fields).submit(expect_errors=True)


def listed_codes(page: Any) -> list[str]:
    """The recovery codes that a page shows."""
    return [code.text for code in page.html.select("ol.codes code")]


def key_on(page: Any) -> bytes:
    """The key that a page shows as text."""
    return base64.b32decode(page.html.find(id="key")["value"].replace(" ", ""))


def code_for(instance: Instance, page: Any, ahead: int = 0) -> str:
    """The code that an app with the page's key shows now, or some steps away from now."""
    return code_at(key_on(page), step_at(instance.clock.now()) + ahead)


def to_the_key(site: Site, person: Someone, *, start: str = ADD, name: str = "my phone") -> Any:
    """The first app's set-up as far as the page with the key."""
    page = send(site.get(start), name=name, confirm_password=person.password)
    return send(page, codes=listed_codes(page)[0])


def problems(page: Any) -> str:
    """The error summary of a refused form."""
    assert page.status_int == 422
    assert page.html.title.text.strip().startswith("Error:")
    found: str = page.html.find(class_="summary").text
    return found


def apps(instance: Instance, account_id: UUID) -> int:
    """How many authenticator apps count."""
    with instance.work(READER) as work:
        query = select(func.count()).select_from(Authenticator).where(Authenticator.account_id == account_id)
        return work.db.scalar(query) or 0


def history(instance: Instance, account_id: UUID) -> list[str]:
    """The kinds of what happened to second factors."""
    with instance.work(READER) as work:
        query = select(Entry.kind).where(Entry.account_id == account_id).order_by(Entry.id)
        return [kind for kind in work.db.scalars(query) if not kind.startswith("session.")]
