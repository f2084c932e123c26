"""What is typed to sign in and to confirm."""

from __future__ import annotations

from wtforms import HiddenField, RadioField

from portal.accounts.models import EMAIL_LIMIT
from portal.kernel.words import _
from portal.signin import words
from portal.web.forms import Filled, Form, SecretField, TextField

CODE_LIMIT = 100
CODE_ATTRIBUTES = {
    "autocomplete": "one-time-code",
    "inputmode": "text",
    "dir": "ltr",
    "autocapitalize": "none",
    "spellcheck": "false",
}
PASSWORD_ATTRIBUTES = {"autocomplete": "current-password", "dir": "ltr"}
CODE_LABEL = _("Code from your authenticator app")


class SignInForm(Form):
    """The one sign-in form."""

    username = TextField(
        _("User name or e-mail address"),
        [Filled(_("Enter your user name or e-mail address."))],
        limit=EMAIL_LIMIT,
        render_kw={"autocomplete": "username", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = SecretField(_("Password"), [Filled(words.NO_PASSWORD)], render_kw=PASSWORD_ATTRIBUTES)
    code = TextField(
        CODE_LABEL,
        description=_("Only if your account has two-factor authentication (2FA). A recovery code works too."),
        limit=CODE_LIMIT,
        render_kw=CODE_ATTRIBUTES,
    )
    stay = RadioField(
        _("Sign me out when I have done nothing for"),
        choices={
            "": _("1 hour (15 minutes if your browser takes no cookies)"),
            "longer": _("10 hours (2 and a half hours if your browser takes no cookies)"),
        },
        description=_("You are signed out after 24 hours in any case (12 hours if your browser takes no cookies)."),
        default="",
    )
    next = HiddenField()


class CodeForm(Form):
    """The code alone, after a right password."""

    code = TextField(
        CODE_LABEL,
        description=_("6 digits that change every 30 seconds. A recovery code works too."),
        limit=CODE_LIMIT,
        render_kw=CODE_ATTRIBUTES,
    )
    step = HiddenField()
    username = HiddenField()
    stay = HiddenField()
    next = HiddenField()


class TicketForm(Form):
    """Go on in limited mode. What was typed to sign in is kept, in case it has to be asked again."""

    ticket = HiddenField()
    username = HiddenField()
    stay = HiddenField()
    next = HiddenField()


class ReturnForm(Form):
    """Where to go on."""

    next = HiddenField()


class ConfirmForm(Form):
    """Password and code inside the form of an action; the read-only user name tells password managers whose."""

    username = TextField(
        _("User name"), limit=EMAIL_LIMIT, render_kw={"autocomplete": "username", "readonly": True, "dir": "ltr"}
    )
    password = SecretField(_("Password"), render_kw=PASSWORD_ATTRIBUTES)
    code = TextField(CODE_LABEL, limit=CODE_LIMIT, render_kw=CODE_ATTRIBUTES)


class EndForm(Form):
    """Which session is to end: a name that only this site can read."""

    session = RadioField(
        _("Session to end"),
        [Filled(_("Choose the session that is to end."))],
        validate_choice=False,
    )


class EndThisForm(Form):
    """The same, chosen by the button that was pressed."""

    session = HiddenField()
