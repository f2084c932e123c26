"""The base of all forms: fields that know their label, hint and errors; text cleaned once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import Form as WTForm
from wtforms.validators import StopValidation
from wtforms.widgets import PasswordInput

from portal.kernel.words import TranslationString, _, filled

TEXT_LIMIT = 1000
COMPOSED = 4
"""Characters that at most become one in NFC. Composing is quadratic in the marks behind a letter: a megabyte of them
would keep the whole process busy for minutes."""

CHOOSE = _("Choose one of the values on offer.")
LIBRARY_SENTENCES = {
    "Not a valid choice.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "Not a valid date value.": _("Write the date as year, month and day, for example 2030-12-31."),
    "Not a valid integer value.": _("Write a whole number."),
}
OTHERWISE = _("This can’t be taken. Type it again.")


TOO_LONG = _("This is too long: use at most ${limit} characters.")
UNSEEN = _("This has characters that can’t be seen. Type it again without them.")
OF_ANY_FIELD: set[TranslationString] = {TOO_LONG, UNSEEN, OTHERWISE, *LIBRARY_SENTENCES.values()}


SAYS_ITSELF: set[TranslationString] = set()
WORD = re.compile(r"[a-z]{4,}")
COMMON = frozenset({"does", "from", "that", "this", "what", "when", "with", "your"})


def vague(sentence: TranslationString) -> TranslationString:
    """The sentence of an error that does not say by itself what is meant: the summary tells it with the label."""
    OF_ANY_FIELD.add(sentence)
    return sentence


def telling(sentence: TranslationString) -> TranslationString:
    """The sentence of an error that says by itself what is meant, whatever its words: the label would add nothing."""
    SAYS_ITSELF.add(sentence)
    return sentence


def words_in(text: Any) -> Iterator[str]:
    """The words of a sentence before it is translated, and of what is filled into it; short ones and those of any
    sentence are left out.
    """
    yield from (word for word in WORD.findall(str(text).lower()) if word not in COMMON)
    for value in (getattr(text, "mapping", None) or {}).values():
        yield from words_in(value)


def speaks_of(label: Any, sentence: TranslationString) -> bool:
    """Whether a sentence names what its field is about: it has a word of the label, or one that begins like it."""
    about = set(words_in(label))
    return any(word.startswith(known) or known.startswith(word) for word in words_in(sentence) for known in about)


def named(field: Any, sentence: TranslationString) -> TranslationString:
    """The sentence of an error as the summary tells it: with the label, unless it says by itself what is meant.

    In doubt the label stands there: a word too many is better than an error that nobody finds.
    """
    if sentence in SAYS_ITSELF or (sentence not in OF_ANY_FIELD and speaks_of(field.label.text, sentence)):
        return sentence
    return _("${field}: ${problem}", mapping={"field": field.label.text, "problem": sentence})


class OwnSentences:
    """What WTForms itself says, in sentences of ours that the template translates."""

    def gettext(self, text: str) -> TranslationString:
        """Our sentence for one of the library's."""
        return LIBRARY_SENTENCES.get(text, OTHERWISE)

    def ngettext(self, one: str, many: str, count: int) -> TranslationString:
        """Our sentence for one of the library's, whatever the number."""
        return self.gettext(one)


class Form(WTForm):
    """A form whose messages are translation strings: the template translates them, nothing else does."""

    class Meta:
        """WTForms' own catalogue is not used."""

        locales = False

        def get_translations(self, form: Any) -> OwnSentences:
            """Where fields of the library look their messages up."""
            return OwnSentences()

    def refuse(self, name: str, sentence: TranslationString) -> None:
        """Say at one field why what was sent can't be taken."""
        field: Any = self[name]
        field.errors = [*field.errors, sentence]

    def account_name(self) -> str | None:
        """The name of the field that tells password managers whose password is meant, if there is one."""
        named = (field.name for field in self if (field.render_kw or {}).get("autocomplete") == "username")
        return next(named, None)

    def leave_out_account_name(self) -> None:
        """Drop that field: another part of the same page's form has it, and password managers expect one."""
        for short, field in list(self._fields.items()):
            if field.name == self.account_name():
                del self[short]

    def problems(self) -> list[tuple[str, TranslationString]]:
        """(id of the control, sentence) of every error, in the order of the fields, for the error summary.

        Away from its field, a sentence that fits any field is told with the label (WCAG 3.3.1).
        """
        return [(field.id, named(field, error)) for field in self for error in field.errors]


class TextField(StringField):
    """One line of text: NFC, trimmed, no control characters, at most `limit` characters.

    `validators` see the cleaned value; what is shown again is what was typed, trimmed.
    """

    def __init__(self, label: Any = None, validators: Any = None, *, limit: int = TEXT_LIMIT, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.limit = limit

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value sent; what is too long anyway is not composed."""
        sent = valuelist[0] if valuelist else ""
        composed = unicodedata.normalize("NFC", sent) if len(sent) <= COMPOSED * self.limit else sent
        self.data = composed.strip()

    def pre_validate(self, form: Any) -> None:
        """Refuse what is too long or holds characters that can't be seen."""
        data = self.data or ""
        if len(data) > self.limit:
            raise StopValidation(filled(TOO_LONG, {"limit": self.limit}))
        if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in data):
            raise StopValidation(UNSEEN)


class SecretField(StringField):
    """A password: taken exactly as received and never shown again."""

    widget = PasswordInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the first value sent."""
        self.data = valuelist[0] if valuelist else ""

    def _value(self) -> str:
        return ""


class Filled:
    """A validator: something must have been typed. `sentence` says what."""

    field_flags = {"required": True}

    def __init__(self, sentence: TranslationString) -> None:
        self.sentence = sentence

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            raise StopValidation(self.sentence)


def control_kind(field: Any) -> str:
    """How the field macro draws a field: hidden, radio, checkbox (several), select, switch (one box), control."""
    kinds = (
        (HiddenField, "hidden"),
        (RadioField, "radio"),
        (SelectMultipleField, "checkbox"),
        (SelectField, "select"),
        (BooleanField, "switch"),
    )
    return next((kind for family, kind in kinds if isinstance(field, family)), "control")


def control_attributes(field: Any) -> dict[str, Any]:
    """HTML attributes of a control: id, what describes it, whether it is in error (WCAG 1.3.1, 3.3.1).

    Ids derive from the field's: `ID-hint`, `ID-error`.
    """
    described = [f"{field.id}-hint"] if field.description else []
    described += [f"{field.id}-error"] if field.errors else []
    attributes: dict[str, Any] = dict(field.render_kw or {})
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return attributes


def includeme(config: Any) -> None:
    """Offer both to templates."""
    config.add_request_method(lambda request, field: control_attributes(field), "control_attributes")
    config.add_request_method(lambda request, field: control_kind(field), "control_kind")
