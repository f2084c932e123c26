"""Where the person is signed in, and ending what is not wanted any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.vault import Unsealable
from portal.kernel.words import _
from portal.signin import others
from portal.signin.forms import EndForm, EndThisForm
from portal.signin.models import Mode, Session
from portal.web.forms import Form
from portal.web.options import FormView, page

OVER = _("This session has ended already.")


@dataclass(frozen=True)
class Row:
    """One session as this one may see it. `form` ends it; the present session has none."""

    since: datetime
    seen: datetime
    network: str
    browser: str
    limited: bool
    form: EndThisForm | None


def rows_of(view: FormView) -> list[Row]:
    """The live sessions of the person, the newest first."""
    person = view.request.person
    found = others.live_sessions(view.work, person.account_id)
    return [_row(view, session, number) for number, session in enumerate(found)]


def _row(view: FormView, session: Session, number: int) -> Row:
    form = None
    if session.id != view.request.person.session_id:
        form = EndThisForm(data={"session": others.name_of(view.work, session)})
        form.session.id = f"session-{number}"
    network = view.request.show_network(session.address)
    limited = session.mode == Mode.LIMITED
    return Row(session.created_at, session.seen_at, network, session.browser, limited, form)


@page("signin.sessions", confirm="none", before_factor=True)
class Sessions(FormView):
    """Every place where the account is signed in; its button ends all but this one, and asks for nothing."""

    def show(self, form: Form) -> dict[str, Any]:
        """The rows, and whether there is another session than this one."""
        rows = rows_of(self)
        return {"rows": rows, "others": any(row.form is not None for row in rows)}

    def submit(self, form: Form) -> Any:
        """End all others."""
        person = self.request.person
        ended = others.end_all(self.work, person.account_id, but=person.session_id)
        self.request.tell(_("All other sessions ended") if ended else _("There was no other session"))
        return HTTPSeeOther(self.request.page_path("signin.sessions"))


@page("signin.end_session", confirm="none", before_factor=True)
class EndSession(FormView):
    """End one session. The list has a button for each; by itself the page lets choose one."""

    form_class = EndForm

    def render(self, form: Any) -> Any:
        """The choices are made anew each time: their names are good for a day only."""
        shown = [row for row in rows_of(self) if row.form is not None]
        form.session.choices = [(row.form.session.data, self.told(row)) for row in shown if row.form is not None]
        return {"form": form, "others": bool(shown)}

    def told(self, row: Row) -> str:
        """One session in one line."""
        facts = {
            "browser": row.browser or others.UNKNOWN_BROWSER,
            "network": row.network or others.UNKNOWN_BROWSER,
            "since": self.request.format_datetime(row.since),
        }
        sentence = _("${browser}, network ${network}, signed in ${since}", mapping=facts)
        text: str = self.request.localizer.translate(sentence)
        return text

    def submit(self, form: Any) -> Any:
        """End it, unless the list it was chosen from is too old."""
        account_id = self.request.person.account_id
        try:
            chosen = others.named(self.work, account_id, form.session.data)
        except Unsealable:
            form.refuse("session", _("The list was too old. Choose the session again."))
            return self.refuse(form)
        if chosen == self.request.person.session_id:
            return HTTPSeeOther(self.request.page_path("signin.logout"))
        ended = others.end_one(self.work, account_id, chosen)
        self.request.tell(_("Session ended") if ended else OVER)
        return HTTPSeeOther(self.request.page_path("signin.sessions"))
