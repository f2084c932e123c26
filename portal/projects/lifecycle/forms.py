"""What owners choose for their project."""

from __future__ import annotations

from wtforms import RadioField

from portal.kernel.words import TranslationString, _
from portal.projects.forms import Chosen
from portal.projects.lifecycle.service import REASON_LIMIT
from portal.projects.models import ACTIVE, ARCHIVED, DEPRECATED
from portal.web.forms import Form, TextField

STATUSES: dict[str, TranslationString] = {
    ACTIVE: _("Active: it is looked after"),
    DEPRECATED: _("Deprecated: people should use something else. It can still be installed, and takes new files"),
    ARCHIVED: _("Archived: it gets no more releases. It can still be installed, but takes no new files"),
}


class StatusForm(Form):
    """The status of a project, and why."""

    status = RadioField(
        _("What is the status of the project?"),
        [Chosen(_("Choose a status."))],
        choices=STATUSES,
        validate_choice=False,
    )
    reason = TextField(
        _("Reason (optional)"),
        description=_("Everybody can read it on the project’s page. For example: “Use the project parcel instead.”"),
        limit=REASON_LIMIT,
    )
