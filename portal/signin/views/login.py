"""The one sign-in form, and the way on for browsers that take no cookies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import service as accounts
from portal.kernel.once import seal_once, take_once
from portal.kernel.vault import Unsealable
from portal.kernel.words import _, filled
from portal.signin import service, words
from portal.signin.begin import go_on, open_session
from portal.signin.cookies import PROBE, give_cookie, read_cookie
from portal.signin.errors import StepOver
from portal.signin.forms import CodeForm, SignInForm, TicketForm
from portal.signin.models import Mode
from portal.signin.service import CodeWanted, Proven
from portal.web.forms import Form
from portal.web.options import FormView, page

TICKET = "limited-mode"
TICKET_LIFE = timedelta(minutes=10)
STEP = "step"
CODES_LEFT = _("You signed in with a recovery code, which does not work again. Recovery codes left: ${count}.")


@page("signin.login", access="anyone")
class Login(FormView):
    """Sign in. The same address asks for the code alone where the password was right and the code is missing."""

    form_class = SignInForm

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        give_cookie(request, PROBE, "1")

    def blank(self) -> Form:
        """An empty form that remembers where the person wanted to go; who is signed in already goes there."""
        if self.request.person is not None:
            raise go_on(self.request, self.request.GET.get("next", ""))
        return SignInForm(data={"next": self.request.GET.get("next", "")})

    def filled(self) -> Form:
        """The first form, or the one for the code alone."""
        form = CodeForm if STEP in self.request.POST else SignInForm
        return form(self.request.POST)

    def show(self, form: Form) -> dict[str, Any]:
        """Whether only the code is asked for, and why somebody was led here, if they did not come by themselves."""
        why = next((name for name in ("late", "ended", "members") if name in self.request.GET), "")
        return {"asks_code": isinstance(form, CodeForm), "why": why}

    def submit(self, form: Any) -> Any:
        """Check the credentials; then begin a session in the mode this browser can keep."""
        if isinstance(form, CodeForm):
            return self.submit_code(form)
        outcome = service.prove(self.work, form.username.data, form.password.data, form.code.data or "")
        if isinstance(outcome, Proven):
            return self.begin(form, outcome)
        if isinstance(outcome, CodeWanted):
            return self.ask_code(form, outcome)
        form.refuse("username", words.WRONG_PAIR)
        return self.refuse(form)

    def submit_code(self, form: CodeForm) -> Any:
        """Go on from a right password; when that took too long, only the password is asked again."""
        try:
            outcome = service.prove_code(self.work, form.step.data or "", form.code.data or "")
        except StepOver:
            return self.refuse(again(form))
        if isinstance(outcome, Proven):
            return self.begin(form, outcome)
        return self.ask_code(form, outcome)

    def ask_code(self, form: Any, outcome: CodeWanted) -> Any:
        """The page that asks for the code alone."""
        asked = CodeForm(data={"step": outcome.step, **kept(form)})
        if outcome.problem is None:
            return self.render(asked)
        asked.refuse("code", outcome.problem)
        return self.refuse(asked)

    def begin(self, form: Any, proven: Proven) -> Any:
        """A cookie session where the probe came back; else offer limited mode, or say what is missing."""
        longer, account = form.stay.data == "longer", proven.account
        if read_cookie(self.request, PROBE):
            open_session(self.request, account, Mode.COOKIE, longer=longer)
            tell_codes_left(self.request, proven.codes_left)
            return go_on(self.request, form.next.data or "")
        facts = {"account": str(account.id), "epoch": account.epoch, "longer": longer, "next": form.next.data or ""}
        return offer(self.request, facts | {"codes_left": proven.codes_left}, form)


def tell_codes_left(request: Any, count: int | None) -> None:
    """On the next page, after a recovery code: how many are left."""
    if count is not None:
        request.tell(filled(CODES_LEFT, {"count": count}))


def kept(form: Any) -> dict[str, Any]:
    """What one page of signing in hands on to the next."""
    return {name: form[name].data or "" for name in ("username", "next", "stay")}


def again(form: Any) -> SignInForm:
    """The sign-in form after too long a break: only the password, and a code, are missing."""
    made = SignInForm(data=kept(form))
    made.refuse("password", words.STEP_OVER)
    return made


def offer(request: Any, facts: dict[str, Any], form: Any) -> Any:
    """The page for a browser that did not return the probe; its ticket opens limited mode and nothing else."""
    possible = request.instance.settings.limited_mode
    ticket = seal_once(request.work, facts, purpose=TICKET, life=TICKET_LIFE) if possible else ""
    return request.render(
        "signin/limited.pt", {"form": TicketForm(data={"ticket": ticket, **kept(form)}), "possible": possible}
    )


@page("signin.limited", access="anyone")
class Limited(FormView):
    """Go on without cookies. If the browser returns the probe now, cookies are used after all."""

    form_class = TicketForm

    def blank(self) -> Form:
        """There is nothing to show by itself."""
        raise HTTPSeeOther(self.request.page_path("signin.login"))

    def submit(self, form: Any) -> Any:
        """Take the ticket and begin the session. An old ticket asks for the password again."""
        try:
            facts = take_once(self.work, form.ticket.data or "", purpose=TICKET, life=TICKET_LIFE)
        except Unsealable:
            return self.sign_in_again(form)
        account = accounts.find(self.work, UUID(facts["account"]))
        current = account.epoch == facts["epoch"] and accounts.still_has_credentials(self.work, account)
        if not current or not self.work.settings.limited_mode:
            return self.sign_in_again(form)
        mode = Mode.COOKIE if read_cookie(self.request, PROBE) else Mode.LIMITED
        open_session(self.request, account, mode, longer=facts["longer"])
        tell_codes_left(self.request, facts["codes_left"])
        return go_on(self.request, facts["next"])

    def sign_in_again(self, form: Any) -> Any:
        """The sign-in form, saying that too much time has passed."""
        self.request.response.status_int = 422
        return self.request.render("signin/login.pt", {"form": again(form), "asks_code": False, "why": ""})
