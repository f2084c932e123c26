"""What owners type about releases and files."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField
from wtforms.validators import Optional

from portal.kernel.words import _
from portal.web.forms import Filled, Form, TextField

REASON_LIMIT = 500
OFFERED, WITHDRAWN = "offered", "withdrawn"


class YankForm(Form):
    """Whether something is to be withdrawn or offered again, as its page said when it was opened; and why."""

    state = HiddenField()
    reason = TextField(
        _("Reason for withdrawing"),
        [Optional()],
        description=_("Everybody can read it, and installers show it. For example: “Broken on Windows, use 1.2.1”."),
        limit=REASON_LIMIT,
    )

    def __init__(self, formdata: Any = None, *, data: Any = None) -> None:
        super().__init__(formdata, data=data)
        if self.state.data == OFFERED:
            del self.reason


class SureForm(Form):
    """The name of the file or project that is deleted, typed once more."""

    name = TextField(
        _("Type the name here to confirm"),
        [Filled(_("Type the name of what is to be deleted."))],
        limit=300,
        render_kw={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class SureReleaseForm(Form):
    """The version that is deleted, typed once more."""

    name = TextField(
        _("Type the version here to confirm"),
        [Filled(_("Type the version that is to be deleted."))],
        limit=300,
        render_kw={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
