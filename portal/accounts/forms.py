"""What people type about their accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation

from portal.accounts import names, passwords
from portal.accounts.models import EMAIL_LIMIT, USERNAME_LIMIT
from portal.kernel.words import TranslationString, _
from portal.kernel.work import Work
from portal.language.links import own_name
from portal.web.forms import Filled, Form, SecretField, TextField, vague

BAD_NAME = vague(
    _("Use 2 to 50 letters from a to z, digits, dots, hyphens or underscores. Begin and end with a letter or a digit.")
)
PASSWORD_HINT = _("At least 15 characters. Several words that do not belong together work well.")
OWN_NAME = {"autocomplete": "username", "dir": "ltr", "readonly": True}
NEW_PASSWORD = {"autocomplete": "new-password", "dir": "ltr"}
BROWSER = _("The language that my browser asks for")
TAKEN = _("This user name is taken, or it looks too much like one that is. Choose another.")


NO_AT = _("Enter an e-mail address like name@example.org. The @ is missing.")
ONE_AT = _("Use exactly one @. Enter one e-mail address, as in name@example.org.")
COMMA = _("This address has a comma. Did you mean a dot?")
SPACE = _("This address has a space. Remove it.")
LETTERS = _("Use only the letters a to z, digits and ordinary signs in the address, as in name@example.org.")
NO_DOT = _("After the @ of this address a dot is missing, as in name@example.org.")
OTHERWISE_WRONG = _(
    "Enter an e-mail address like name@example.org. Check the part before the @ and the part behind it."
)


def ordinary(_form: Any, field: Any) -> None:
    """A validator: an address that letters can be sent to."""
    if not names.is_email(field.data):
        raise StopValidation(_wrong_with(field.data))


def _wrong_with(email: str) -> TranslationString:
    """The first of the usual mistakes that is found in an address."""
    found = {
        ONE_AT: email.count("@") > 1,
        NO_AT: "@" not in email,
        COMMA: "," in email,
        SPACE: any(character.isspace() for character in email),
        LETTERS: not email.isascii(),
        NO_DOT: "." not in email.rpartition("@")[2],
    }
    return next((sentence for sentence, wrong in found.items() if wrong), OTHERWISE_WRONG)


def email_field() -> TextField:
    """The field for an address of one's own."""
    return TextField(
        _("E-mail address"),
        [Filled(_("Enter your e-mail address.")), ordinary],
        description=_("You get a letter with a link that confirms it. We do not show it to anybody else."),
        limit=EMAIL_LIMIT,
        render_kw={"type": "email", "autocomplete": "email", "dir": "ltr"},
    )


class RegisterForm(Form):
    """A new account. Whether the name is free is decided when the account is made."""

    username = TextField(
        _("User name"),
        [Filled(_("Enter a user name."))],
        description=_("2 to 50 letters from a to z, digits, dots, hyphens or underscores. Everybody can see it."),
        limit=USERNAME_LIMIT,
        render_kw={"autocomplete": "username", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"},
    )
    email = email_field()
    password = SecretField(
        _("Password"),
        [Filled(_("Enter a password."))],
        description=PASSWORD_HINT,
        render_kw=NEW_PASSWORD,
    )

    def __init__(self, formdata: Any = None, *, work: Work) -> None:
        super().__init__(formdata)
        self.work = work

    def validate_username(self, field: Any) -> None:
        """A name in the allowed letters that does not speak for the site."""
        if not names.is_username(field.data):
            raise StopValidation(BAD_NAME)
        if names.is_reserved(field.data):
            raise StopValidation(TAKEN)

    def validate_password(self, field: Any) -> None:
        """A password that is not among the first to be guessed."""
        words = names.parts(self.username.data or "", self.email.data or "")
        for sentence in passwords.objections(self.work, field.data, words=words):
            raise StopValidation(sentence)


class InvitationForm(RegisterForm):
    """A new account for somebody invited: the address is that of the invitation."""

    def __init__(self, formdata: Any = None, *, work: Work, email: str) -> None:
        super().__init__(formdata, work=work)
        self.email.data = email
        self.email.description = ""
        self.email.flags.required = False
        self.email.render_kw = {**(self.email.render_kw or {}), "readonly": True}


class TicketPasswordForm(Form):
    """The password of the account that a letter's link names."""

    username = TextField(_("User name"), render_kw=OWN_NAME)
    password = SecretField(
        _("Password"),
        [Filled(_("Enter the password of this account."))],
        description=_("Only somebody who knows it can confirm the address."),
        render_kw={"autocomplete": "current-password", "dir": "ltr"},
    )


class NewPasswordForm(Form):
    """A new password for a known account, typed twice because nobody can see it."""

    username = TextField(_("User name"), render_kw=OWN_NAME)
    new_password = SecretField(
        _("New password"), [Filled(_("Enter a new password."))], description=PASSWORD_HINT, render_kw=NEW_PASSWORD
    )
    new_password_again = SecretField(
        _("New password again"), [Filled(_("Enter the new password a second time."))], render_kw=NEW_PASSWORD
    )
    revoke_tokens = BooleanField(
        _("Revoke my API tokens"),
        description=_("Uploads that use one of your API tokens stop working at once. You can create new tokens."),
    )

    def __init__(self, formdata: Any = None, *, work: Work, username: str, words: list[str]) -> None:
        super().__init__(formdata)
        self.work = work
        self.words = words
        self.username.data = username

    def validate_new_password(self, field: Any) -> None:
        """A password that is not among the first to be guessed."""
        for sentence in passwords.objections(self.work, field.data, words=self.words):
            raise StopValidation(sentence)

    def validate_new_password_again(self, field: Any) -> None:
        """The same twice."""
        if self.new_password.data and field.data != self.new_password.data:
            raise StopValidation(_("The two new passwords differ. Type the same one twice."))


class PasswordForm(NewPasswordForm):
    """A new password for whoever is signed in."""

    end_sessions = BooleanField(
        _("Sign me out everywhere else"),
        default=True,
        description=_("You stay signed in here. Every other browser has to sign in again with the new password."),
    )


class ResetRequestForm(Form):
    """Whose password is forgotten."""

    username = TextField(
        _("User name or e-mail address"),
        [Filled(_("Enter your user name or e-mail address."))],
        limit=EMAIL_LIMIT,
        render_kw={"autocomplete": "username", "dir": "ltr", "autocapitalize": "none", "spellcheck": "false"},
    )


class EmailForm(Form):
    """One more address, or another in place of a mistyped one."""

    email = email_field()


class LanguageForm(Form):
    """One of the languages on offer, each named by itself, or what the browser says."""

    language = RadioField(
        _("Language of pages and letters"),
        description=_("Until you have chosen one, letters are in the usual language of this index."),
    )

    def __init__(self, formdata: Any = None, *, languages: Mapping[str, str], chosen: str = "") -> None:
        super().__init__(formdata, data={"language": chosen})
        named = [SelectChoice(code, own_name(locale), {"lang": code}) for code, locale in languages.items()]
        self.language.choices = [SelectChoice("", BROWSER), *named]
