"""What is asked about tokens that are there already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import Optional, StopValidation

from portal.kernel.words import TranslationString, _
from portal.tokens.forms.add import GONE, NAME_FIELD, TOO_MANY
from portal.tokens.forms.fields import LimitsForm, Offered, ascii_digits, check_day, end_of, parse_day, parse_number
from portal.tokens.limits import Expiration, Limit, ProjectNames
from portal.tokens.models import DOWNLOAD, May
from portal.tokens.replacing import LONGEST_OVERLAP
from portal.tokens.service import PROJECT_LIMIT
from portal.web.forms import Filled, Form, TextField, vague

NOW, LATER = "now", "later"
SAME, RENEWED = "same", "renewed"
WRONG_HOURS = _("Enter a number of hours from 1 to 72.")
ENDS_AT_ONCE = vague(_("You chose that it ends at once. Leave this empty, or change the choice above."))


class RenameForm(Form):
    """Another name."""

    name = TextField(_("Name"), [Filled(_("Enter a name for the token."))], **NAME_FIELD)


class ReplaceForm(Form):
    """When the old token ends, and for a token that expires, when the new one does."""

    ends = RadioField(
        _("When does the old token end?"),
        [Offered(_("Choose when the old token ends."))],
        # Some text browsers choose the first by themselves; without hours nothing happens.
        choices={LATER: _("After the hours that I enter below"), NOW: _("At once")},
        validate_choice=False,
    )
    hours = TextField(
        _("Hours"),
        description=_("Use this with “After the hours that I enter below”: from 1 to 72."),
        limit=9,
        render_kw={"dir": "ltr", "inputmode": "numeric"},
    )
    until = RadioField(
        _("How long does the new token work?"),
        [Offered(_("Choose how long the new token works."))],
        validate_choice=False,
    )

    def __init__(
        self, formdata: Any = None, *, at_once: bool, until: Mapping[str, TranslationString], data: Any = None
    ) -> None:
        super().__init__(formdata, data=data)
        self.until.choices = dict(until)
        if not until:
            del self.until
        if at_once:
            del self.ends, self.hours

    def validate_hours(self, field: Any) -> None:
        """Hours are typed where, and only where, they are asked for."""
        if self.ends.data == LATER:
            try:
                parse_number(ascii_digits(field.data or ""), LONGEST_OVERLAP)
            except ValueError as error:
                raise StopValidation(WRONG_HOURS) from error
        elif field.data and self.ends.data:
            raise StopValidation(ENDS_AT_ONCE)

    @property
    def overlap(self) -> int:
        """For how many hours the old token goes on. Call it on a valid form."""
        if "ends" not in self or self.ends.data == NOW:
            return 0
        return int(ascii_digits(self.hours.data or ""))

    @property
    def renewed(self) -> bool:
        """Whether the new token is made for as long again."""
        return "until" in self and self.until.data == RENEWED


class NarrowForm(LimitsForm):
    """What shall be taken from a token. What is left empty stays as it is."""

    projects = SelectMultipleField(
        _("Projects"),
        [Offered(GONE)],
        choices={},
        validate_choice=False,
    )
    date = TextField(
        _("Last day"),
        [Optional()],
        description=_("Year, month and day, for example 2030-12-31. Days end at midnight UTC."),
        limit=40,
        render_kw={"type": "date", "dir": "ltr"},
    )

    def __init__(
        self,
        formdata: Any = None,
        *,
        projects: Mapping[str, str],
        chosen: bool,
        may: May,
        now: datetime,
        address: str | None,
        data: Any = None,
    ) -> None:
        super().__init__(formdata, address=address, data=data)
        self.now = now
        self.chosen_only = chosen
        self.projects.choices = dict(projects)
        self.projects.description = (
            _("Take the ticks from the projects to which the token may not upload any more.")
            if chosen
            else _("Tick projects to limit the token to them, at most 50. Without a tick it is for every project.")
        )
        if not projects:
            del self.projects
        if may == DOWNLOAD:
            self.leave_out("version", "uploads", "only_new")

    def validate_projects(self, field: Any) -> None:
        """A token of chosen projects keeps one at least."""
        if self.chosen_only and not field.data:
            raise StopValidation(_("Keep at least one project, or revoke the token."))
        if len(set(field.data)) > PROJECT_LIMIT:
            raise StopValidation(TOO_MANY)

    def validate_date(self, field: Any) -> None:
        """A day to come."""
        if field.data:
            check_day(field.data, self.now)

    @property
    def limits(self) -> list[Limit]:
        """The limits that were chosen. Call it on a valid form."""
        day = parse_day(self.date.data or "")
        until = [] if day is None else [Expiration.until(end_of(day))]
        names = self.projects.data if "projects" in self else None
        return [*([ProjectNames.of(names)] if names else []), *until, *self.further]


class RevokeManyForm(Form):
    """Which tokens end."""

    tokens = SelectMultipleField(
        _("API tokens"),
        [Offered(_("One of these tokens is revoked already. Choose again."))],
        choices={},
        validate_choice=False,
    )

    def validate_tokens(self, field: Any) -> None:
        """One at least."""
        if not field.data:
            raise StopValidation(_("Choose at least one token."))


class ChooseForm(Form):
    """Part of a name, and the projects that were chosen so far."""

    find = TextField(
        _("Part of the name"),
        limit=100,
        render_kw={"dir": "ltr", "spellcheck": "false"},
    )
    project = SelectMultipleField(_("Projects"), choices={}, validate_choice=False)
