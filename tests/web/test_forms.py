"""Fields: what was typed is cleaned once and refused in words."""

from __future__ import annotations

import pytest
from webob.multidict import MultiDict

from portal.kernel.words import TranslationString, _
from portal.web import forms
from portal.web.forms import Filled, Form, SecretField, TextField, control_attributes

SELF_EVIDENT = forms.telling(_("Nothing is right here."))
HINT = "As on your library card."


class BookForm(Form):
    """A form of the tests' own."""

    title = TextField(_("Title"), [Filled(_("Enter a title."))], description=HINT, limit=10)
    note = TextField(_("Note"), render_kw={"dir": "auto"})
    secret = SecretField(_("Secret"))


def sent(**values: str) -> BookForm:
    form = BookForm(MultiDict({"title": "Emma"} | values))
    form.validate()
    return form


def errors(form: BookForm) -> list[str]:
    return [str(error.interpolate()) for field in form for error in field.errors]


def test_text_is_trimmed_and_composed() -> None:
    assert sent(title="  e\u0301 ").title.data == "é"


@pytest.mark.parametrize("char", ["\x00", "\n", "\t", "\x7f", "\u200b", "\u202e", "\u2028", "\ufeff", "\u00ad", "\x85"])
def test_characters_that_can_not_be_seen_are_refused_inside_a_text(char: str) -> None:
    assert errors(sent(title=f"a{char}b")) == ["This has characters that can’t be seen. Type it again without them."]


@pytest.mark.parametrize("text", ["ŽLUŤ", "日本語", "العربية", "a-b_c.d", "👩", "O’Brien"])
def test_any_script_is_taken(text: str) -> None:
    assert errors(sent(title=text)) == []


def test_the_limit_counts_characters_and_is_told() -> None:
    assert errors(sent(title="é" * 10)) == []
    assert errors(sent(title="é" * 11)) == ["This is too long: use at most 10 characters."]


@pytest.mark.parametrize("text", ["é" * 11, "a\u200bb"])
def test_the_summary_names_the_field_of_a_sentence_that_fits_any(text: str) -> None:
    form = sent(title=text)
    [(_id, told)], [[plain]] = form.problems(), [field.errors for field in form if field.errors]
    assert (told.mapping or {})["field"] == form.title.label.text
    assert (told.mapping or {})["problem"] == plain


def test_the_summary_repeats_a_sentence_of_the_field_as_it_is() -> None:
    assert [str(told) for _id, told in sent(title="").problems()] == ["Enter a title."]


@pytest.mark.parametrize(
    ("label", "sentence", "names_it"),
    [
        (_("Title"), _("Enter a title."), True),
        (_("Password"), _("Too many wrong passwords."), True),
        (_("Last day"), _("This is past. Enter a later one."), False),
        (_("What can it do?"), _("Choose what is right."), False),
        (_("File"), _("${problem} ${remedy}", mapping={"problem": _("No file came."), "remedy": _("Again.")}), True),
        (_("File"), _("${problem}", mapping={"problem": _("Nothing came.")}), False),
        (_("Name"), SELF_EVIDENT, True),
    ],
)
def test_the_summary_names_the_field_unless_the_sentence_does(
    label: TranslationString, sentence: TranslationString, names_it: bool
) -> None:
    form = BookForm()
    form.note.label.text = label
    form.refuse("note", sentence)
    [(_id, told)] = form.problems()
    assert (told == sentence) is names_it
    assert names_it or (told.mapping or {}) == {"field": label, "problem": sentence}


def test_nothing_typed_is_told_in_the_fields_own_sentence() -> None:
    assert errors(sent(title="   ")) == ["Enter a title."]


def test_a_secret_is_taken_as_it_is_and_never_shown_again() -> None:
    form = sent(secret=" pass\tphrase ")

    assert form.secret.data == " pass\tphrase "
    assert "phrase" not in form.secret()


def test_a_field_that_was_not_sent_is_empty() -> None:
    form = BookForm(MultiDict({"other": "x"}))

    assert (form.title.data, form.secret.data) == ("", "")


def test_errors_are_listed_in_the_order_of_the_fields_with_the_ids_of_their_controls() -> None:
    form = sent(title="")
    form.refuse("secret", _("Wrong."))
    form.refuse("note", _("Odd."))

    assert [name for name, _error in form.problems()] == ["title", "note", "secret"]


def test_a_control_is_tied_to_its_hint_and_its_error() -> None:
    assert control_attributes(sent().title) == {"aria-describedby": "title-hint"}
    assert control_attributes(sent(title="").title) == {
        "aria-describedby": "title-hint title-error",
        "aria-invalid": "true",
    }
    assert control_attributes(sent().note) == {"dir": "auto"}


def test_a_megabyte_of_marks_is_refused_and_not_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Composing it would take minutes, and no other request would be answered meanwhile."""
    monkeypatch.setattr(forms.unicodedata, "normalize", lambda _form, text: text if len(text) < 100 else 1 / 0)
    marks = "a" + "\u0301" * 200_000 + "\u0323" * 200_000
    assert errors(sent(title=marks)) == ["This is too long: use at most 10 characters."]
