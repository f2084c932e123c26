"""Creating a token, and choosing projects for it among many."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from portal.kernel.words import _
from portal.projects import service as projects
from portal.projects.errors import NameTaken as ProjectTaken
from portal.projects.models import Project
from portal.tokens import service
from portal.tokens.errors import AddressNotConfirmed, NameTaken, TokenTooLong, TooManyTokens
from portal.tokens.forms.add import CHOSEN, AddForm
from portal.tokens.views.own import NAME_USED, TOO_LONG, shown_once, too_many
from portal.web.forms import Form
from portal.web.options import FormView, page

FEW = 20
"""Up to so many projects are offered on the page itself; among more one chooses on a page of its own."""


def reduce(form: Any, *, always: bool = False) -> int:
    """Show of many projects only the chosen ones; how many there are, 0 where all are shown."""
    if "projects" not in form or (len(form.projects.choices) <= FEW and not always):
        return 0
    count = len(form.projects.choices)
    chosen = set(form.projects.data or ())
    form.projects.choices = {key: name for key, name in form.projects.choices.items() if key in chosen}
    return count


def with_chosen(path: str, chosen: Collection[str], **more: str) -> str:
    """A path whose query carries chosen projects."""
    query = urlencode([*more.items(), *(("project", name) for name in sorted(chosen))])
    return f"{path}?{query}" if query else path


@page("tokens.add", confirm="either")
class Add(FormView):
    """Create a token; the answer to the form is the only place where it is ever shown."""

    single_use = True

    def __call__(self) -> Any:
        """The form; without a confirmed address, how to get one."""
        try:
            service.require_address(self.work, self.request.person.account_id)
        except AddressNotConfirmed:
            if self.request.method == "POST":
                self.request.response.status_int = 403
            return {"form": None}
        return super().__call__()

    def blank(self) -> Form:
        """Nothing chosen but the projects that were chosen on the page for that."""
        own = self.own()
        known = {project.normalized for project in own}
        chosen = [name for name in self.request.GET.getall("project") if name in known]
        return self.make(None, own, data={"scope": CHOSEN, "projects": chosen} if chosen else None)

    def filled(self) -> Form:
        """What was chosen."""
        return self.make(self.request.POST, self.own())

    def own(self) -> list[Project]:
        """The projects to choose from."""
        return projects.uploadable(self.work, self.request.person.account_id)

    def make(self, sent: Any, own: list[Project], data: Any = None) -> AddForm:
        """The form for somebody with these projects."""
        address = self.request.show_network(self.work.actor.address)
        return AddForm(sent, projects=own, now=self.work.now, address=address, data=data)

    def show(self, form: Any) -> dict[str, Any]:
        """How many projects there are to choose from on another page, and the way there."""
        many = reduce(form)
        chosen = form.projects.data or () if many else ()
        return {"many": many, "choose": with_chosen(self.request.page_path("tokens.choose"), chosen)}

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
