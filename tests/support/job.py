"""The main job by forms alone, in any language and in both modes: fields are found by their names."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from portal.accounts import service as accounts
from portal.factors.totp.codes import code_at, step_at
from portal.notices.reading import newest
from portal.notices.service import send_due
from tests.support.instances import Bed
from tests.support.people import PASSWORD, last_form
from tests.support.trail import HANDLE, Trail

WRONG = "not the password at all"


def shown(page: Any, name: str) -> str:
    """What stands in the box from which it is to be copied."""
    box = page.html.find(id=name)
    return str(box.get("value") or box.text).strip()


@dataclass
class Job:
    """Somebody who does the main job. Wherever a form can be filled in wrongly, it first is."""

    bed: Bed
    trail: Trail
    prefix: str = ""
    username: str = "newcomer"
    handle: str = ""
    key: bytes = b""
    secret: str = ""

    @property
    def email(self) -> str:
        """Where letters go."""
        return f"{self.username}@example.org"

    def open(self, path: str) -> Any:
        """A page below the handle, if there is one, in the language of the job."""
        return self.trail.open(f"{self.handle}{self.prefix}{path}")

    def send(self, page: Any, **fields: str) -> Any:
        """Fill the page's own form in, confirm where that is asked for, and press its first button."""
        form = last_form(page)
        asked = {"confirm-password": PASSWORD, "resume-password": PASSWORD}
        for name, value in {**{key: value for key, value in asked.items() if key in form.fields}, **fields}.items():
            form[name] = value
        answer = form.submit()
        while 300 <= answer.status_int < 400:
            if found := HANDLE.search(answer.headers["Location"]):
                self.handle = found[0]
            answer = answer.follow()
        return answer

    def wrongly(self, page: Any, **fields: str) -> Any:
        """The form as it comes back after it was filled in wrongly."""
        answer = last_form(page).submit() if not fields else self.send(page, **fields)
        assert 400 <= answer.status_int < 500, answer.request.path
        return answer

    def code(self) -> str:
        """What the authenticator app shows half a minute later, because each code works once."""
        self.bed.clock.advance(timedelta(seconds=30))
        return code_at(self.key, step_at(self.bed.clock.now()))

    def letter(self) -> str:
        """The path of the link in the newest letter."""
        send_due(self.bed.application.instance)
        return urlsplit(newest(self.bed.settings, 1)[0].links[0]).path

    def register(self) -> None:
        """An account with a confirmed address."""
        page = self.open("/account/register/")
        self.wrongly(page)
        self.send(page, username=self.username, email=self.email, password=PASSWORD)
        page = self.open(self.letter())
        self.wrongly(page, password=WRONG)
        self.send(page, password=PASSWORD)
        with self.bed.application.instance.work() as work:
            account = accounts.by_username_or_none(work, self.username)
            assert account is not None
            account.locale = self.prefix[1:].replace("-", "_") or None

    def sign_in(self) -> None:
        """With a code where there is an app; on into limited mode where no cookies are taken."""
        page = self.open("/account/login/")
        self.wrongly(page)
        self.wrongly(page, username=self.username, password=WRONG)
        page = self.send(page, username=self.username, password=PASSWORD)
        if self.key:
            self.wrongly(page, code="000000")
            page = self.send(page, code=self.code())
        if not self.trail.takes_cookies:
            self.send(page)

    def sign_out(self) -> None:
        """By the button of the header."""
        page = self.open("/manage/account/")
        form = next(form for form in page.forms.values() if form.action.endswith("/account/logout/"))
        form.submit().maybe_follow()
        self.handle = ""

    def add_app(self) -> None:
        """An authenticator app, its recovery codes first."""
        page = self.open("/manage/account/two-factor/totp/add/")
        self.wrongly(page)
        page = self.send(page, name="Phone")
        codes = [code.text for code in page.html.select("ol.codes code")]
        self.wrongly(page, codes="aaaa-bbbb-cccc-dddd")
        page = self.send(page, codes=codes[0])
        self.wrongly(page, code="000000")
        self.key = base64.b32decode(re.sub(r"\s", "", shown(page, "key")))
        self.send(page, code=self.code())
        self.open("/manage/account/two-factor/recovery-codes/")

    def use_token(self) -> None:
        """A token, made, looked at and revoked."""
        page = self.open("/manage/account/tokens/add/")
        self.wrongly(page)
        page = self.send(page, name="laptop", scope="everything", expires="30")
        self.secret = shown(page, "token")
        assert self.secret.startswith("pypi-")
        page = self.open("/manage/account/tokens/")
        link = next(tag["href"] for tag in page.html.select("a[href]") if tag["href"].endswith("/revoke/"))
        self.send(self.trail.open(link))
        self.open("/manage/account/history/")

    def do(self) -> None:
        """All of it."""
        self.register()
        self.sign_in()
        self.use_token()
        self.add_app()
        self.sign_out()
        self.sign_in()
        self.open("/manage/account/two-factor/")
        self.sign_out()
