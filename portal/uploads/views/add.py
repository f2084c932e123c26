"""Uploading a file without any tool: choose it on a page."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import service as accounts
from portal.kernel.causes import CauseRefused
from portal.kernel.settings import MEGABYTE
from portal.kernel.words import _, filled
from portal.projects.models import OPEN
from portal.projects.policy import membership
from portal.tokens import policy
from portal.tokens.errors import TokenRefused
from portal.uploads import errors
from portal.uploads.forms import FileForm
from portal.uploads.front import LIMITED
from portal.uploads.leading import WAITING, Waiting
from portal.uploads.service import take_by_hand
from portal.uploads.views.legacy import HAD_IT, TAKEN
from portal.web.forms import Form, telling
from portal.web.options import FormView, page

REFUSED = telling(_("${problem} ${remedy}"))
"""What is wrong and what helps are one error."""


HINT = _(
    "A wheel or an sdist: it ends in .whl or .tar.gz, and has at most ${megabytes} megabytes. "
    "Name, version and description are read from the file itself."
)


class Upload(FormView):
    """What both pages have in common: everything but the file is checked before the file is read."""

    form_class = FileForm

    def __call__(self) -> Any:
        """Show the form, or take the file; where no file could be taken, say so before one is chosen."""
        if not self.request.instance.settings.takes_uploads:
            if self.request.method == "POST":
                self.request.response.status_int = errors.UPLOADS_CLOSED.status
            return self.show(self.blank()) | {"form": None}
        if self.request.method != "POST" and self.unconfirmed():
            return self.show(self.blank()) | {"form": None}
        return super().__call__()

    def unconfirmed(self) -> bool:
        """Whether no address of the person is confirmed."""
        return accounts.confirmed_address(self.work, self.request.person.account_id) is None

    def project(self) -> str:
        """The project that the file must be for; empty for any."""
        return ""

    def submit(self, form: Form) -> Any:
        """Take the file, or say at its field why not."""
        person = self.request.person
        waiting = self.request.environ.get(WAITING, Waiting(None, iter(())))
        try:
            bearer = policy.signed_in(self.work, person.session, person.username)
            outcome = take_by_hand(self.work, bearer, waiting, self.project())
        except TokenRefused as refusal:
            outcome = refusal
        if isinstance(outcome, CauseRefused):
            form.refuse("content", filled(REFUSED, {"problem": outcome.sentence, "remedy": outcome.remedy}))
            return self.refuse(form)
        self.request.tell(filled(TAKEN if outcome.new else HAD_IT, {"filename": outcome.filename}))
        return HTTPSeeOther(self.back())

    def back(self) -> str:
        """Where somebody goes on whose file was taken."""
        return str(self.request.page_path("projects.list"))

    def show(self, form: Form) -> dict[str, Any]:
        """Which file is taken, and where the form goes: without cookies it says so before its body is read."""
        limited = self.request.limited or LIMITED in self.request.GET
        content: Any = form["content"]
        content.description = filled(HINT, {"megabytes": self.request.instance.settings.upload_limit // MEGABYTE})
        unconfirmed = self.request.instance.settings.takes_uploads and self.unconfirmed()
        closed = errors.UNCONFIRMED if unconfirmed else errors.UPLOADS_CLOSED
        return {"query": f"?{LIMITED}=1" if limited else "", "closed": closed, "unconfirmed": unconfirmed}


@page("uploads.start", confirm="by-mode")
class Start(Upload):
    """A file of any project of mine, or the first of a new one."""


@page("uploads.add", confirm="by-mode")
class Add(Upload):
    """A file of one project. Somebody without a role in it is told nothing of it."""

    def __call__(self) -> Any:
        """Show the form, or take the file. Raises NotFound."""
        self.here = membership(self.work, self.request.matchdict["name"], self.request.person.account_id)
        return super().__call__()

    def render(self, form: Form) -> Any:
        """The form; where the project takes no file, in its place why, and what to do."""
        if self.here.project.status in OPEN:
            return super().render(form)
        return self.request.render("uploads/closed.pt", {"project": self.here.project, "owner": self.here.owner})

    def project(self) -> str:
        """That of the address."""
        return self.here.project.normalized

    def back(self) -> str:
        """To where the project is managed."""
        return str(self.request.page_path("projects.overview", name=self.project()))

    def show(self, form: Form) -> dict[str, Any]:
        """Its name, too."""
        return {**super().show(form), "name": self.here.project.name, "normalized": self.project()}
