"""What people type on pages about a whole account."""

from __future__ import annotations

from portal.kernel.words import _
from portal.web.forms import Filled, Form, SecretField, TextField


class RecoveryForm(Form):
    """The password of the account that the link of a recovery names."""

    username = TextField(_("User name"), render_kw={"autocomplete": "username", "dir": "ltr", "readonly": True})
    password = SecretField(
        _("Password"),
        [Filled(_("Enter the password of this account."))],
        description=_(
            "Forgotten? Choosing a new one cancels this recovery, and it has to be started again after 7 days."
        ),
        render_kw={"autocomplete": "current-password", "dir": "ltr"},
    )
