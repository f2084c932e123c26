"""What somebody has found."""

from __future__ import annotations

from wtforms import StringField

from portal.kernel.words import _
from portal.web.forms import Filled, Form


class PastedField(StringField):
    """A line that is taken as it is and never shown again. It can be read while it is typed: it is no password."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value sent."""
        self.data = valuelist[0] if valuelist else ""

    def _value(self) -> str:
        return ""


class FoundForm(Form):
    """One token, perhaps with some text around it."""

    token = PastedField(
        _("What you have found"),
        [Filled(_("Paste the API token that you have found."))],
        description=_("An API token begins with pypi- and is long. Text around it does no harm."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "dir": "ltr"},
    )
