"""What administrators type."""

from __future__ import annotations

from wtforms import HiddenField

from portal.accounts.models import USERNAME_LIMIT
from portal.kernel.words import _
from portal.web.forms import Filled, Form, TextField


class UserForm(Form):
    """Whose account."""

    username = TextField(
        _("User name"),
        [Filled(_("Enter a user name."))],
        description=_("The whole name. Nobody is found by a part of it, or by an e-mail address."),
        limit=USERNAME_LIMIT,
        render_kw={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class RecoverForm(Form):
    """Empty to start a recovery; else the one that is approved."""

    recovery = HiddenField()
