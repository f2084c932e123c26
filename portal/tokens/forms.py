"""What is chosen for a new token."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import StopValidation

from portal.kernel.words import TranslationString, _
from portal.projects.models import Project
from portal.tokens.service import PROJECT_LIMIT
from portal.web.forms import Filled, Form, TextField

NAME_LIMIT = 100
LONGEST_YEARS = 10
EVERYTHING, CHOSEN = "everything", "chosen"
DATE, NEVER = "date", "never"


SCOPES = {
    EVERYTHING: _("Every project that I can upload to, and new projects"),
    CHOSEN: _("Only the projects that I choose below"),
}
TIMES = {
    "7": _("7 days"),
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("365 days"),
    DATE: _("To the end of the day that I enter below"),
    NEVER: _("Until I revoke it"),
}


class Offered:
    """A validator: what was chosen must be among the choices. `sentence` says what to do."""

    def __init__(self, sentence: TranslationString) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        chosen = field.data if isinstance(field.data, list) else [field.data]
        if any(choice not in field.choices for choice in chosen):
            raise StopValidation(self.sentence)


class AddForm(Form):
    """A new token. Nothing is chosen beforehand: both how far it reaches and how long are the person's to say."""

    name = TextField(
        _("Name"),
        [Filled(_("Enter a name for the token."))],
        description=_("Say where you will use it, for example the name of a computer or service. Only you see it."),
        limit=NAME_LIMIT,
        render_kw={"autocomplete": "off", "dir": "auto"},
    )
    scope = RadioField(
        _("What can the token upload to?"),
        [Offered(_("Choose what the token can upload to."))],
        choices=SCOPES,
        validate_choice=False,
    )
    projects = SelectMultipleField(
        _("Chosen projects"),
        [Offered(_("You can’t upload to one of these projects any more. Choose again."))],
        description=_("Use this with “Only the projects that I choose below”. You can choose up to 50."),
        choices={},
        validate_choice=False,
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
        render_kw={"type": "date", "dir": "ltr", "autocomplete": "off"},
    )

    def __init__(self, formdata: Any = None, *, projects: Sequence[Project], now: datetime) -> None:
        super().__init__(formdata)
        self.now = now
        self.projects.choices = {project.normalized: project.name for project in projects}
        if not projects:
            del self.projects
            self.scope.choices = {EVERYTHING: SCOPES[EVERYTHING]}

    def validate_projects(self, field: Any) -> None:
        """Projects are ticked where, and only where, they are asked for."""
        if self.scope.data == CHOSEN and not field.data:
            raise StopValidation(_("Choose at least one project."))
        if self.scope.data == EVERYTHING and field.data:
            raise StopValidation(
                _("You chose every project above. Choose no project here, or change the choice above.")
            )
        if len(set(field.data)) > PROJECT_LIMIT:
            raise StopValidation(_("You chose more than 50 projects. Choose fewer, or create more than one token."))

    def validate_date(self, field: Any) -> None:
        """A day is typed where, and only where, it is asked for."""
        if self.expires.data != DATE:
            if field.data and self.expires.data:
                raise StopValidation(_("You chose another time above. Leave this empty, or change the choice above."))
            return
        day, today = parse_day(field.data), self.now.astimezone(UTC).date()
        if day is None:
            raise StopValidation(_("Enter the last day as year, month and day, for example 2030-12-31."))
        if day < today:
            raise StopValidation(_("This day is past. Enter a later one."))
        if day > today + timedelta(days=366 * LONGEST_YEARS):
            raise StopValidation(_("Enter a day within the next ten years."))

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
            return datetime.combine(day + timedelta(days=1), time(), UTC)
        return self.now + timedelta(days=int(self.expires.data))


def parse_day(text: str) -> date | None:
    """A day in ISO 8601 (2030-12-31), in any script's digits; None where it is none."""
    digits = [str(unicodedata.decimal(char, char)) for char in text]
    try:
        return date.fromisoformat("".join(digits))
    except ValueError:
        return None
