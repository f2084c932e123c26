"""A flow of several forms at one address. What it shows on the way stands only in answers to POSTs."""

from __future__ import annotations

from typing import Any, ClassVar

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response

from portal.factors.forms import StepForm
from portal.factors.recovery.codes import Code
from portal.kernel.words import TranslationString, _
from portal.web.forms import Form
from portal.web.options import FormView

OUTDATED = _(
    "Nothing was changed, because you have changed your two-factor authentication in another window since you began."
)


class StepsView(FormView):
    """`later` names the forms after the first by their field `step`; `template_of` says what shows each form."""

    later: ClassVar[dict[str, type[StepForm]]] = {}

    def filled(self) -> Form:
        """The form of the step that was sent; the button `download` makes it one that is handed out as a file."""
        sent = self.request.POST
        step = "download" if "download" in sent else sent.get("step", "")
        return self.later.get(step, self.form_class)(sent)

    def admit(self, form: Form) -> bool:
        """As for every form; what the step carries is read before anybody is asked to confirm. Raises StaleForm."""
        if isinstance(form, StepForm):
            self.opened(form)
        return super().admit(form)

    def opened(self, form: StepForm) -> Any:
        """What the form carries. Raises StaleForm."""
        raise NotImplementedError

    def render(self, form: Form) -> Response:
        """The page of a step."""
        response: Response = self.request.render(self.template_of(form), {"form": form, **self.show(form)})
        return response

    def template_of(self, form: Form) -> str:
        """The template that shows a form."""
        raise NotImplementedError

    def submit(self, form: Form) -> Any:
        """Take the step, without a transaction open. The answer carries the proof, so it asks for no second one."""
        self.request.gates.clear()
        self.work.settle()
        return self.take(form)

    def take(self, form: Form) -> Any:
        """Act on a form that was accepted and confirmed."""
        raise NotImplementedError

    def done(self, *sentences: TranslationString) -> HTTPSeeOther:
        """Back to the overview of second factors, with the result."""
        for sentence in sentences:
            self.request.tell(sentence)
        return HTTPSeeOther(self.request.page_path("factors.two_factor"))

    def file_of(self, codes: tuple[Code, ...]) -> Response:
        """Recovery codes as a text file to keep, in the reader's language."""
        request, settings = self.request, self.request.instance.settings
        facts = {"username": request.person.username, "site": settings.site_name, "address": settings.base_url}
        head = [
            _("Recovery codes of ${username} for ${site}, ${address}", mapping=facts),
            _("Made: ${when}", mapping={"when": request.format_datetime(self.work.now)}),
        ]
        foot = [
            _("Each code works once, in place of a code from your authenticator app."),
            _("Do not keep them in the same place as your password or your authenticator app."),
        ]
        say = request.localizer.translate
        lines = [*map(say, head), "", *(code.text for code in codes), "", *map(say, foot), ""]
        name = f"recovery-codes-{request.person.username}.txt"
        response = Response("\r\n".join(lines), content_type="text/plain", charset="utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
