"""What is chosen for a new token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import StopValidation

from portal.kernel.words import _
from portal.projects.models import Project
from portal.projects.names import NAME_LIMIT as PROJECT_NAME_LIMIT
from portal.projects.names import reserved, valid
from portal.tokens.forms.fields import LimitsForm, Offered, check_day, end_of, parse_day
from portal.tokens.limits import FOR_UPLOADS, Limit, NewProject
from portal.tokens.models import DOWNLOAD, UPLOAD, May
from portal.tokens.service import PROJECT_LIMIT
from portal.web.forms import Filled, TextField

NAME_LIMIT = 100
EVERYTHING, CHOSEN, NEW, DOWNLOADS = "everything", "chosen", "new", "downloads"
DATE, NEVER = "date", "never"


SCOPES = {
    EVERYTHING: _("Every project that I can upload to, and new projects"),
    CHOSEN: _("Only the projects that I choose below"),
    NEW: _("One new project, which the token creates"),
    DOWNLOADS: _("Nothing: it is for downloads from this index"),
}
TIMES = {
    "7": _("7 days"),
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("365 days"),
    DATE: _("To the end of the day that I enter below"),
    NEVER: _("Until I revoke it"),
}


# No field here has autocomplete="off": browsers would not give back what was typed when somebody goes back.
NAME_FIELD = {
    "description": _(
        "Say where you will use it, for example the name of a computer or service. "
        "You see it, and where the token is for chosen projects, their owners do."
    ),
    "limit": NAME_LIMIT,
    "render_kw": {"dir": "auto"},
}
TOO_MANY = _("You chose more than 50 projects. Choose fewer, or create more than one token.")
GONE = _("You can’t upload to one of these projects any more. Choose again.")


class AddForm(LimitsForm):
    """A new token. Nothing is chosen beforehand: both how far it reaches and how long are the person's to say."""

    name = TextField(_("Name"), [Filled(_("Enter a name for the token."))], **NAME_FIELD)
    scope = RadioField(
        _("What can the token upload to?"),
        [Offered(_("Choose what the token can upload to."))],
        choices=SCOPES,
        validate_choice=False,
    )
    projects = SelectMultipleField(
        _("Chosen projects"),
        [Offered(GONE)],
        description=_("Use this with “Only the projects that I choose below”. You can choose up to 50."),
        choices={},
        validate_choice=False,
    )
    new_project = TextField(
        _("Name of the new project"),
        description=_("Use this with “One new project, which the token creates”."),
        limit=PROJECT_NAME_LIMIT,
        render_kw={"dir": "ltr", "spellcheck": "false"},
    )
    expires = RadioField(
        _("How long does the token work?"),
        [Offered(_("Choose how long the token works."))],
        choices=TIMES,
        validate_choice=False,
    )
    date = TextField(
        _("Last day"),
        description=_(
            "Use this with “To the end of the day that I enter below”. Year, month and day, for example 2030-12-31. "
            "Days end at midnight UTC."
        ),
        limit=40,
        render_kw={"type": "date", "dir": "ltr"},
    )

    def __init__(
        self,
        formdata: Any = None,
        *,
        projects: Sequence[Project],
        private: bool,
        now: datetime,
        address: str,
        data: Any = None,
    ) -> None:
        super().__init__(formdata, address=address, data=data)
        self.now = now
        self.projects.choices = {project.normalized: project.name for project in projects}
        left_out = {scope for scope, wanted in ((CHOSEN, projects), (DOWNLOADS, private)) if not wanted}
        self.scope.choices = {scope: label for scope, label in SCOPES.items() if scope not in left_out}
        if not projects:
            del self.projects

    def validate_projects(self, field: Any) -> None:
        """Projects are ticked where, and only where, they are asked for."""
        if self.scope.data == CHOSEN and not field.data:
            raise StopValidation(_("Choose at least one project."))
        if self.scope.data == DOWNLOADS and field.data:
            raise StopValidation(_("You chose downloads above. Choose no project here, or change the choice above."))
        if self.scope.data == EVERYTHING and field.data:
            raise StopValidation(
                _("You chose every project above. Choose no project here, or change the choice above.")
            )
        if self.scope.data == NEW and field.data:
            raise StopValidation(_("You chose one new project above. Choose none here, or change the choice above."))
        if len(set(field.data)) > PROJECT_LIMIT:
            raise StopValidation(TOO_MANY)

    def validate_new_project(self, field: Any) -> None:
        """A name is typed where, and only where, it is asked for."""
        if self.scope.data != NEW:
            if field.data and self.scope.data:
                raise StopValidation(_("You made another choice above. Leave this empty, or change the choice above."))
            return
        if not field.data:
            raise StopValidation(_("Enter the name of the new project."))
        if not valid(field.data):
            raise StopValidation(
                _("Use ASCII letters, digits, “.”, “_” and “-”. Begin and end with a letter or digit.")
            )
        if reserved(field.data):
            raise StopValidation(_("This name belongs to a module of Python’s standard library. Choose another name."))

    def validate_date(self, field: Any) -> None:
        """A day is typed where, and only where, it is asked for."""
        if self.expires.data == DATE:
            check_day(field.data or "", self.now)
        elif field.data and self.expires.data:
            raise StopValidation(_("You chose another time above. Leave this empty, or change the choice above."))

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever; and whoever downloads meets no limit of uploads."""
        if not super().validate(extra_validators):
            return False
        if self.may == DOWNLOAD and any(isinstance(limit, FOR_UPLOADS) for limit in self.further):
            self.refuse("scope", _("Version, number of uploads and new releases limit uploads. Leave them empty."))
            return False
        return True

    @property
    def may(self) -> May:
        """What the token is for. Call it on a valid form."""
        return DOWNLOAD if self.scope.data == DOWNLOADS else UPLOAD

    @property
    def limits(self) -> list[Limit]:
        """All limits but chosen projects and the end. Call it on a valid form."""
        new = [NewProject(str(self.new_project.data))] if self.scope.data == NEW else []
        return [*new, *self.further]

    @property
    def chosen(self) -> set[str] | None:
        """The normalized names of the chosen projects; None for everything. Call it on a valid form."""
        return set(self.projects.data or ()) if self.scope.data == CHOSEN else None

    @property
    def expires_at(self) -> datetime | None:
        """When the token ends; None for never. Call it on a valid form."""
        if self.expires.data == NEVER:
            return None
        day = parse_day(self.date.data or "")
        if self.expires.data == DATE and day is not None:
            return end_of(day)
        return self.now + timedelta(days=int(self.expires.data))
