"""A form that was sent too late: what was typed is kept, and the person signs in on the same page.

Only the same person can go on: the account is that of the session that ran out. After that the
form is shown again, filled in, and nothing is done until the button is pressed again.
"""

from __future__ import annotations

from typing import Any

from portal.accounts import service as accounts
from portal.kernel.words import _
from portal.signin import service, sessions
from portal.signin.begin import open_session
from portal.signin.forms import ConfirmForm
from portal.signin.gates import EmptyForm
from portal.signin.models import Mode, Session
from portal.signin.policy import HANDLE_FIELD
from portal.web.requests import plain_path

PREFIX = "resume"
SECRET_WORDS = ("password", "code")
VALUE_LIMIT = 200


class ResumeGate:
    """The sign-in fields, drawn in place of the confirm fields."""

    before_fields = True

    def __init__(self, form: ConfirmForm) -> None:
        self.form = form
        self.legend = _("Sign in to go on")
        self.hint = _("Enter your password, and a code if your account has two-factor authentication (2FA).")

    def check(self) -> bool:
        """Never: the action waits until the person is signed in."""
        return False


def resume(request: Any, session: Session) -> Any:
    """None once the person has signed in again; else the page that asks for it and carries what was typed."""
    work = request.work
    account = accounts.find(work, session.account_id)
    form = ConfirmForm(request.POST, prefix=PREFIX)
    form.username.data = account.username
    if form.password.name in request.POST:
        problems = service.prove_again(work, account, password=form.password.data or "", code=form.code.data or "")
        if not problems:
            mode = Mode(session.mode)
            open_session(request, account, mode, longer=session.idle_seconds > sessions.IDLE[mode].total_seconds())
            request.resumed = True
            return None
        for name, sentence in problems.items():
            form.refuse(name, sentence)
    if request.visit.handle:
        request.hidden[HANDLE_FIELD] = request.visit.handle
    request.gates.append(ResumeGate(form))
    request.asks = not form.problems()
    request.response.status_int = 422
    return request.render(
        "signin/resume.pt", {"form": EmptyForm(), "kept": kept_fields(request), "here": plain_path(request)}
    )


def kept_fields(request: Any) -> list[tuple[str, str]]:
    """(name, value) of what was typed, without secrets and without what belongs to the old page."""
    return [
        (name, value)
        for name, value in list(request.POST.items())[:VALUE_LIMIT]
        if isinstance(value, str)
        and not name.startswith("_")
        and not any(word in name for word in SECRET_WORDS)
        and PREFIX not in name
    ]
