"""Another name for an authenticator app."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.factors.errors import NameTaken
from portal.factors.forms import NameForm
from portal.factors.totp import service as totp
from portal.factors.views.own import own_authenticator
from portal.kernel.words import _
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("factors.totp_rename", confirm="both")
class TotpRename(FormView):
    """One field, with the present name in it."""

    form_class = NameForm

    def blank(self) -> Form:
        """The present name."""
        return NameForm(data={"name": own_authenticator(self).name})

    def show(self, form: Form) -> dict[str, Any]:
        """Which authenticator app it is."""
        return {"app": own_authenticator(self)}

    def submit(self, form: Any) -> Any:
        """Take the name, unless another authenticator app of the person has it."""
        app = own_authenticator(self)
        try:
            totp.rename(self.work, self.request.person.account_id, app.id, form.name.data)
        except NameTaken:
            form.refuse("name", _("One of your authenticator apps has this name already. Choose another name."))
            return self.refuse(form)
        self.request.tell(_("Authenticator app renamed to ${name}", mapping={"name": form.name.data}))
        return HTTPSeeOther(self.request.page_path("factors.two_factor"))
