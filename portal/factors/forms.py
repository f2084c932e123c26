"""What is typed to set up a second factor. Codes are taken in any writing and never shown again."""

from __future__ import annotations

from wtforms import HiddenField, StringField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation
from wtforms.widgets import TextArea

from portal.factors.typed import fold, is_totp_code
from portal.kernel.words import _
from portal.web.forms import Filled, Form, TextField

NAME_LIMIT = 50
PASTE_LIMIT = 5000


class CodesField(StringField):
    """Room for one recovery code or a pasted list of them."""

    widget = TextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the beginning of the first value sent."""
        self.data = valuelist[0][:PASTE_LIMIT] if valuelist else ""

    def _value(self) -> str:
        return ""


class DigitsField(StringField):
    """Six digits from an authenticator app, in the digits and grouping of any language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the beginning of the first value sent."""
        self.data = valuelist[0][:NAME_LIMIT] if valuelist else ""

    def _value(self) -> str:
        return ""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what can't be such a code."""
        if self.data and not is_totp_code(fold(self.data)):
            raise StopValidation(
                _("The code from your authenticator app has 6 digits. Type the 6 digits that it shows now.")
            )


class StepForm(Form):
    """One step of a flow: `step` says which, `carried` holds sealed what the steps before have made."""

    step = HiddenField()
    carried = HiddenField()


class StartForm(Form):
    """Nothing but the confirmation."""


class NameForm(Form):
    """How the person calls the new authenticator app."""

    name = TextField(
        _("Name for this authenticator app"),
        [Filled(_("Enter a name, so that you can tell your authenticator apps apart."))],
        description=_("For example the device it is on: my phone."),
        limit=NAME_LIMIT,
        render_kw={"autocomplete": "off", "dir": "auto"},
    )


CODES_LABEL = _("One of your new recovery codes")
CODES_HINT = _("Copy it from where you have kept it. You can also paste the whole list. No code is used up by this.")
CODES_ATTRIBUTES = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr", "rows": 2}
NO_CODES = _("Copy one of the recovery codes on this page into the field. This makes sure that you have kept them.")
FOREIGN_CODES = _(
    "This is none of the recovery codes on this page. Look at where you have kept them, and copy one of them."
)


class KeptForm(StepForm):
    """The proof that the recovery codes have been kept."""

    codes = CodesField(CODES_LABEL, [Filled(NO_CODES)], description=CODES_HINT, render_kw=CODES_ATTRIBUTES)

    def refuse_codes(self) -> None:
        """Say that what was typed is none of the codes."""
        self.refuse("codes", FOREIGN_CODES)


class DownloadForm(KeptForm):
    """The same form, sent by the button that downloads the list: nothing need be typed."""

    codes = CodesField(CODES_LABEL, description=CODES_HINT, render_kw=CODES_ATTRIBUTES)


class DigitsForm(StepForm):
    """The first code of the new authenticator app."""

    code = DigitsField(
        _("Code from your authenticator app"),
        [Filled(_("Enter the 6 digits that your authenticator app shows now."))],
        description=_("6 digits that change every 30 seconds."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"},
    )
