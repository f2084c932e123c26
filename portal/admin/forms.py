"""What administrators type."""

from __future__ import annotations

from wtforms import HiddenField

from portal.accounts.models import EMAIL_LIMIT
from portal.kernel.words import _
from portal.web.forms import Filled, Form, TextField


class UserForm(Form):
    """Whose account."""

    username = TextField(
        _("User name or e-mail address"),
        [Filled(_("Enter a user name or an e-mail address."))],
        description=_("The whole name, or the whole address. Nobody is found by a part of it."),
        limit=EMAIL_LIMIT,
        render_kw={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class RecoverForm(Form):
    """Empty to start a recovery; else the one that is approved."""

    recovery = HiddenField()
