"""What stands between a form and its action: confirm that it is you, or sign in again."""

from __future__ import annotations

from typing import Any

from portal.kernel.words import TranslationString, _
from portal.signin import confirming
from portal.signin.confirming import Level
from portal.signin.forms import ConfirmForm
from portal.signin.models import Mode
from portal.signin.policy import Person

PROOF_FIELD = "_proof"
PREFIX = "confirm"


class ConfirmGate:
    """Shows the confirm fields inside a page's form, and checks them when its own fields are valid."""

    before_fields = False

    def __init__(self, request: Any, person: Person, level: Level, action: str) -> None:
        self.request = request
        self.person = person
        self.action = action
        self.asked = confirming.what_to_ask(request.work, person.session, level)
        sent = request.POST if request.method == "POST" else None
        self.form = ConfirmForm(sent, prefix=PREFIX)
        self.form.username.data = person.username
        if not self.asked.code:
            del self.form.code

    @property
    def legend(self) -> TranslationString:
        """The heading of the fields."""
        return _("Confirm that it is you")

    @property
    def hint(self) -> TranslationString:
        """What is needed, in one sentence."""
        if not self.asked.code:
            return _("Enter your password. Nothing is done without it.")
        if self.asked.all_of:
            return _(
                "Enter your password, and a code from your authenticator app or a recovery code. This needs both; "
                "smaller changes need only one of the two."
            )
        return _("Enter your password, or a code from your authenticator app. One of the two is enough.")

    def typed(self) -> dict[str, str]:
        """Password and code, as they were typed."""
        code = self.form.code.data if self.asked.code else ""
        return {"password": self.form.password.data or "", "code": code or ""}

    def complete(self) -> bool:
        """Whether everything needed was typed; else the form holds what is missing. Nothing is compared yet."""
        if not self.form.validate():
            return False
        gaps = confirming.missing(self.asked, **self.typed())
        for name, sentence in gaps.items():
            self.form.refuse(name, sentence)
        return not gaps

    def check(self) -> bool:
        """Whether the person has shown who they are; else the form holds what is wrong."""
        problems = confirming.check(self.request.work, self.person.session, self.asked, **self.typed())
        for name, sentence in problems.items():
            self.form.refuse(name, sentence)
        if not problems:
            grant(self.request, self.person, self.action)
        return not problems


class EmptyForm(ConfirmForm):
    """No fields at all."""

    def __init__(self) -> None:
        super().__init__()
        for name in list(self._fields):
            del self[name]


def grant(request: Any, person: Person, action: str) -> None:
    """After a confirmation: hand the next step its proof, and have the id of a cookie session changed (ASVS 7.2.4)."""
    request.hidden[PROOF_FIELD] = confirming.seal_proof(request.work, person.session, action)
    if person.session.mode == Mode.COOKIE:
        request.renews_cookie = True


def choose_gate(request: Any, person: Person, level: Level | None, action: str) -> ConfirmGate | None:
    """The gate of this request, if one is needed.

    A later step of one flow needs none: it carries the proof of the first, which goes on to the next
    step, also where this one is refused, and grows no younger by that.
    """
    if not confirming.is_needed(request.work, person.session, level):
        return None
    text = request.POST.get(PROOF_FIELD, "") if request.method == "POST" else ""
    if text and confirming.is_proof(request.work, person.session, action, text):
        request.hidden[PROOF_FIELD] = text
        return None
    return ConfirmGate(request, person, level or "either", action)
