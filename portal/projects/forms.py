"""What people type who manage a project."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField
from wtforms.validators import StopValidation

from portal.accounts.models import USERNAME_LIMIT
from portal.kernel.words import TranslationString, _
from portal.projects.models import MAINTAINER, OWNER
from portal.web.forms import Filled, Form, TextField

ROLES: dict[str, TranslationString] = {
    MAINTAINER: _("Maintainer: uploads files to the project"),
    OWNER: _("Owner: does the same, and decides who works on the project"),
}
ACCEPT, DECLINE, UNDECIDED = "accept", "decline", "undecided"
# Some text browsers choose the first by themselves: it must be no answer.
ANSWERS = {UNDECIDED: _("I have not decided yet"), ACCEPT: _("Yes, I accept"), DECLINE: _("No, I decline")}
CHOOSE_ANSWER = _("Choose whether you accept.")


class Chosen:
    """A validator: one of the choices was chosen. `sentence` says what to do."""

    def __init__(self, sentence: TranslationString) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        if field.data not in field.choices:
            raise StopValidation(self.sentence)


class FindForm(Form):
    """Part of a name."""

    find = TextField(_("Part of the name"), limit=100, render_kw={"dir": "ltr", "spellcheck": "false"})


class InviteForm(Form):
    """Who is invited, as what."""

    username = TextField(
        _("User name"),
        [Filled(_("Enter the user name of the person."))],
        description=_("The name under which the person signs in here. It also stands on the pages of their projects."),
        limit=USERNAME_LIMIT,
        render_kw={"dir": "ltr", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    role = RadioField(
        _("What should the person be?"),
        [Chosen(_("Choose what the person should be."))],
        choices=ROLES,
        validate_choice=False,
    )


class RoleForm(Form):
    """The role of somebody who has one."""

    role = RadioField(_("Role in the project"), [Chosen(_("Choose a role."))], choices=ROLES, validate_choice=False)


class AnswerForm(Form):
    """Yes or no to an invitation."""

    answer = RadioField(
        _("Do you accept the invitation?"),
        [Chosen(CHOOSE_ANSWER)],
        choices=ANSWERS,
        validate_choice=False,
    )

    def validate_answer(self, field: Any) -> None:
        """An answer is wanted."""
        if field.data == UNDECIDED:
            raise StopValidation(CHOOSE_ANSWER)
