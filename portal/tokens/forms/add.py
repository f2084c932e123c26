"""What is chosen for a new token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import StopValidation

from portal.kernel.words import TranslationString, _, filled
from portal.projects.models import Project
from portal.projects.names import NAME_LIMIT as PROJECT_NAME_LIMIT
from portal.projects.names import reserved, valid
from portal.tokens.forms.fields import LimitsForm, Offered, check_day, end_of, last_day, parse_day
from portal.tokens.limits import Limit, NewProject
from portal.tokens.models import DOWNLOAD, May
from portal.tokens.service import PROJECT_LIMIT
from portal.web.forms import Filled, TextField, vague

NAME_LIMIT = 100
EVERYTHING, CHOSEN, NEW = "everything", "chosen", "new"
DATE, NEVER = "date", "never"


# The narrowest comes first: some text browsers choose the first by themselves.
SCOPES = {
    NEW: _("One new project, which the token creates"),
    CHOSEN: _("Only the projects that I choose below"),
    EVERYTHING: _("Every project that I can upload to, and new projects"),
}
TIMES = {
    "7": _("7 days"),
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("365 days"),
    DATE: _("To the end of the day that I enter below"),
    NEVER: _("Until I revoke it"),
}

KNOWN_PROJECTS = _("Every project that I can upload to")
"""The widest scope where this index takes no new projects."""
BOUNDED_DAY = _(
    "Use this with “To the end of the day that I enter below”. Year, month and day, at the latest ${day}. "
    "Days end at midnight UTC."
)


def scopes(*, own: bool, new: bool) -> dict[str, TranslationString]:
    """How far a token can reach for somebody with projects of their `own`; `new`: on an index that takes new ones."""
    offered = {CHOSEN: own, NEW: new, EVERYTHING: True}
    wording = SCOPES if new else SCOPES | {EVERYTHING: KNOWN_PROJECTS}
    return {scope: label for scope, label in wording.items() if offered[scope]}


def times(now: datetime, latest: datetime | None) -> dict[str, TranslationString]:
    """How long a token can work that must have ended at `latest`."""
    if latest is None:
        return TIMES
    days = {key: now + timedelta(days=int(key)) for key in TIMES if key.isdigit()}
    return {key: label for key, label in TIMES.items() if key != NEVER and days.get(key, now) <= latest}


# No field here has autocomplete="off": browsers would not give back what was typed when somebody goes back.
NAME_FIELD = {
    "description": _(
        "Say where you will use it, for example the name of a computer or service. "
        "You see it, and where the token is for chosen projects, their owners do."
    ),
    "limit": NAME_LIMIT,
    "render_kw": {"dir": "auto"},
}
OWN_NAME = _("Say where you will use it, for example the name of a computer or service. Only you see it.")
TOO_MANY = _("You chose more than 50 projects. Choose fewer, or create more than one token.")
GONE = _("You can’t upload to one of these projects any more. Choose again.")
EVERY_PROJECT = vague(_("You chose every project above. Choose no project here, or change the choice above."))
NEW_PROJECT = vague(_("You chose one new project above. Choose none here, or change the choice above."))
OTHER_CHOICE = vague(_("You made another choice above. Leave this empty, or change the choice above."))
STANDARD = vague(_("This name belongs to a module of Python’s standard library. Choose another name."))
OTHER_TIME = vague(_("You chose another time above. Leave this empty, or change the choice above."))


class AddForm(LimitsForm):
    """A new token for uploads or, on an index that only members read, for downloads.

    Nothing is chosen beforehand: both how far it reaches and how long are the person's to say. One for downloads
    reaches everything. `latest` is when it must have ended, if ever; `new_projects`: whether this index takes any.
    """

    purpose = HiddenField()
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
        may: May,
        now: datetime,
        latest: datetime | None,
        new_projects: bool,
        address: str | None,
        data: Any = None,
    ) -> None:
        super().__init__(formdata, address=address, data=data)
        self.now, self.may, self.latest = now, may, latest
        self.purpose.data = may
        self.projects.choices = {project.normalized: project.name for project in projects}
        self.scope.choices, self.expires.choices = scopes(own=bool(projects), new=new_projects), times(now, latest)
        if latest is not None:
            self.date.description = filled(BOUNDED_DAY, {"day": last_day(latest).isoformat()})
        self.leave_out(*(name for name, keep in (("projects", projects), ("new_project", new_projects)) if not keep))
        if may == DOWNLOAD:
            self.name.description = OWN_NAME
            self.leave_out("scope", "projects", "new_project", "version", "uploads", "only_new")

    def validate_projects(self, field: Any) -> None:
        """Projects are ticked where, and only where, they are asked for."""
        if self.scope.data == CHOSEN and not field.data:
            raise StopValidation(_("Choose at least one project."))
        if self.scope.data == EVERYTHING and field.data:
            raise StopValidation(EVERY_PROJECT)
        if self.scope.data == NEW and field.data:
            raise StopValidation(NEW_PROJECT)
        if len(set(field.data)) > PROJECT_LIMIT:
            raise StopValidation(TOO_MANY)

    def validate_new_project(self, field: Any) -> None:
        """A name is typed where, and only where, it is asked for."""
        if self.scope.data != NEW:
            if field.data and self.scope.data:
                raise StopValidation(OTHER_CHOICE)
            return
        if not field.data:
            raise StopValidation(_("Enter the name of the new project."))
        if not valid(field.data):
            raise StopValidation(
                _(
                    "The name of a project has ASCII letters, digits, “.”, “_” and “-”. "
                    "It begins and ends with a letter or digit."
                )
            )
        if reserved(field.data):
            raise StopValidation(STANDARD)

    def validate_date(self, field: Any) -> None:
        """A day is typed where, and only where, it is asked for."""
        if self.expires.data == DATE:
            check_day(field.data or "", self.now, self.latest)
        elif field.data and self.expires.data:
            raise StopValidation(OTHER_TIME)

    @property
    def limits(self) -> list[Limit]:
        """All limits but chosen projects and the end. Call it on a valid form."""
        new = [NewProject(str(self.new_project.data))] if self.reach == NEW else []
        return [*new, *self.further]

    @property
    def chosen(self) -> set[str] | None:
        """The normalized names of the chosen projects; None for everything. Call it on a valid form."""
        return set(self.projects.data or ()) if self.reach == CHOSEN else None

    @property
    def reach(self) -> str:
        """Which of the scopes was chosen; one for downloads has none. Call it on a valid form."""
        return self.scope.data if "scope" in self else EVERYTHING

    @property
    def expires_at(self) -> datetime | None:
        """When the token ends; None for never. Call it on a valid form."""
        if self.expires.data == NEVER:
            return None
        day = parse_day(self.date.data or "")
        if self.expires.data == DATE and day is not None:
            return end_of(day)
        return self.now + timedelta(days=int(self.expires.data))
