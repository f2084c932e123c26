"""What owners type about releases and files."""

from __future__ import annotations

from wtforms import RadioField

from portal.kernel.words import TranslationString, _
from portal.projects.forms import Chosen
from portal.web.forms import Filled, Form, TextField

REASON_LIMIT = 500
OFFERED, WITHDRAWN = "offered", "withdrawn"
STATES: dict[str, TranslationString] = {
    OFFERED: _("Install it as usual"),
    WITHDRAWN: _("Leave it out, unless somebody asks for exactly this version (withdrawn)"),
}


class YankForm(Form):
    """Whether something is withdrawn, and why."""

    state = RadioField(
        _("What should installers do?"),
        [Chosen(_("Choose what installers should do."))],
        choices=STATES,
        validate_choice=False,
    )
    reason = TextField(
        _("Reason for withdrawing (optional)"),
        description=_("Everybody can read it, and installers show it. For example: “Broken on Windows, use 1.2.1”."),
        limit=REASON_LIMIT,
    )


class SureForm(Form):
    """The name of what is deleted, typed once more."""

    name = TextField(
        _("Type the name here to confirm"),
        [Filled(_("Type the name that stands above."))],
        limit=300,
        render_kw={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
