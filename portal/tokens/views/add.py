"""Creating a token."""

from __future__ import annotations

from typing import Any

from portal.kernel.words import _
from portal.projects import service as projects
from portal.projects.errors import NameTaken as ProjectTaken
from portal.projects.models import Project
from portal.tokens import service
from portal.tokens.errors import AddressNotConfirmed, NameTaken, TokenTooLong, TooManyTokens
from portal.tokens.forms.add import CHOSEN, AddForm
from portal.tokens.lifetime import latest_end
from portal.tokens.models import DOWNLOAD, UPLOAD, May
from portal.tokens.reading import is_private
from portal.tokens.views.kept import kept, lead, reduce, wants_to_choose
from portal.tokens.views.own import NAME_USED, TOO_LONG, own_address, shown_once, too_many
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("tokens.add", confirm="either")
class Add(FormView):
    """Create a token; the answer to the form is the only place where it is ever shown."""

    single_use = True

    def __call__(self) -> Any:
        """The form, or first the question what the token is for; without a confirmed address, how to get one."""
        try:
            service.require_address(self.work, self.request.person.account_id)
        except AddressNotConfirmed:
            if self.request.method == "POST":
                self.request.response.status_int = 403
            return {"form": None, "asks": False}
        if self.may() is None:
            return {"form": None, "asks": True}
        return lead(self, self.filled()) if wants_to_choose(self.request) else super().__call__()

    def may(self) -> May | None:
        """What the token is to be for; None where that is to be asked. On a public index nobody needs one to read."""
        sent = self.request.POST if self.request.method == "POST" else self.request.GET
        if not is_private(self.request) or sent.get("purpose") == UPLOAD:
            return UPLOAD
        return DOWNLOAD if sent.get("purpose") == DOWNLOAD else None

    def blank(self) -> Form:
        """Nothing chosen; but who comes from choosing projects finds those, and what was typed before."""
        own = self.own()
        known = {project.normalized for project in own}
        chosen = [name for name in self.request.GET.getall("project") if name in known]
        ticked = {"scope": CHOSEN, "projects": chosen} if chosen else {}
        return self.make(None, own, data=kept(self.request.GET) | ticked)

    def filled(self) -> Form:
        """What was chosen."""
        return self.make(self.request.POST, self.own())

    def own(self) -> list[Project]:
        """The projects to choose from."""
        return projects.uploadable(self.work, self.request.person.account_id)

    def make(self, sent: Any, own: list[Project], data: Any = None) -> AddForm:
        """The form for somebody with these projects."""
        return AddForm(
            sent,
            projects=own,
            may=self.may() or UPLOAD,
            now=self.work.now,
            latest=latest_end(self.work),
            new_projects=self.work.settings.takes_new_projects,
            address=own_address(self),
            data=data,
        )

    def show(self, form: Any) -> dict[str, Any]:
        """How many projects there are to choose from on another page."""
        return {"many": reduce(form), "asks": False}

    def submit(self, form: Any) -> Any:
        """Create the token and show it once."""
        try:
            created = service.create(
                self.work,
                self.request.person.account_id,
                name=form.name.data,
                projects=form.chosen,
                expires_at=form.expires_at,
                limits=form.limits,
                may=form.may,
            )
        except NameTaken:
            form.refuse("name", NAME_USED)
        except TooManyTokens as error:
            form.refuse("name", too_many(error.limit))
        except TokenTooLong:
            form.refuse("projects", TOO_LONG)
        except ProjectTaken:
            form.refuse("new_project", _("There is a project of this name already. Choose another name."))
        else:
            return self.request.render("tokens/created.pt", shown_once(self.request, created))
        return self.refuse(form)
