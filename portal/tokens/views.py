"""The pages of API tokens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.errors import NotFound
from portal.kernel.words import _, filled
from portal.projects import service as projects
from portal.tokens import listing, service
from portal.tokens.errors import AddressNotConfirmed, AlreadyRevoked, NameTaken, TokenTooLong, TooManyTokens
from portal.tokens.forms import AddForm
from portal.tokens.models import Token
from portal.web.forms import Form
from portal.web.options import FormView, PageView, page


def own_token(view: PageView) -> Token:
    """The token in the path, if it is the person's own. Raises NotFound."""
    return service.find_own(view.work, view.request.person.account_id, parse_id(view.request.matchdict["id"]))


def parse_id(text: str) -> UUID:
    """A row id as it stands in an address. Raises NotFound where it is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


@page("tokens.list")
class List(PageView):
    """The working tokens, then the ended ones in pages."""

    def __call__(self) -> dict[str, Any]:
        """One page of tokens."""
        before = self.request.GET.get("before")
        key = None if before is None else parse_id(before)
        found = listing.listed(self.work, self.request.person.account_id, before=key)
        return {"tokens": found.tokens, "older": found.older, "first": key is None, "now": self.work.now}


@page("tokens.detail")
class Detail(PageView):
    """Everything about one token but the token."""

    def __call__(self) -> dict[str, Any]:
        """The token's row."""
        return {"token": own_token(self), "now": self.work.now}


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
        """Nothing chosen."""
        return self._form(None)

    def filled(self) -> Form:
        """What was chosen."""
        return self._form(self.request.POST)

    def _form(self, sent: Any) -> AddForm:
        own = projects.uploadable(self.work, self.request.person.account_id)
        return AddForm(sent, projects=own, now=self.work.now)

    def submit(self, form: Any) -> Any:
        """Create the token and show it once."""
        try:
            created = service.create(
                self.work,
                self.request.person.account_id,
                name=form.name.data,
                projects=form.chosen,
                expires_at=form.expires_at,
            )
        except NameTaken:
            form.refuse("name", _("You have a working token of this name. Enter another name."))
        except TooManyTokens as error:
            sentence = _("You have ${limit} working tokens, and more are not possible. Revoke one first.")
            form.refuse("name", filled(sentence, {"limit": error.limit}))
        except TokenTooLong:
            form.refuse("projects", _("The names of these projects are too long for one token. Choose fewer projects."))
        else:
            return self.request.render("tokens/created.pt", shown_once(self.request, created))
        return self.refuse(form)


def shown_once(request: Any, created: service.Created) -> dict[str, Any]:
    """The variables of the page that shows a new token, with a block for upload tools."""
    settings = request.instance.settings
    server = settings.host.replace(":", "-")
    block = f"[distutils]\nindex-servers =\n    {server}\n\n[{server}]\nrepository = {settings.base_url}/legacy/\n"
    return {
        "token": created.token,
        "secret": created.secret,
        "pypirc": f"{block}username = __token__\npassword = {created.secret}",
        "command": f"twine upload --repository {server} dist/*",
    }


@page("tokens.revoke", confirm="either")
class Revoke(FormView):
    """End a token for good."""

    def __call__(self) -> Any:
        """The form; a token that has been revoked can't be revoked again."""
        if own_token(self).revoked_at is not None:
            raise AlreadyRevoked
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """The token's row."""
        return {"token": own_token(self), "now": self.work.now}

    def submit(self, form: Form) -> Any:
        """Revoke it."""
        token = service.revoke(self.work, self.request.person.account_id, own_token(self).id)
        self.request.tell(_("API token “${label}” revoked", mapping={"label": token.name}))
        return HTTPSeeOther(self.request.page_path("tokens.list"))
