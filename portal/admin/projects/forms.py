"""What administrators type about a project."""

from __future__ import annotations

from portal.kernel.words import _
from portal.projects.lifecycle.service import REASON_LIMIT
from portal.projects.names import NAME_LIMIT
from portal.web.forms import Filled, Form, TextField


class ProjectForm(Form):
    """Which project."""

    name = TextField(
        _("Name of the project"),
        [Filled(_("Enter the name of a project."))],
        description=_("The whole name, in any spelling. No project is found by a part of it."),
        limit=NAME_LIMIT,
        render_kw={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class QuarantineForm(Form):
    """Why."""

    reason = TextField(
        _("Reason (optional)"),
        description=_("Everybody who works on the project reads it, and installers show it to anybody."),
        limit=REASON_LIMIT,
    )
