"""The form macros: what a reader, a screen reader and a browser get of a field."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import wtforms
from bs4 import BeautifulSoup, Tag
from chameleon import PageTemplate
from webob.multidict import MultiDict
from wtforms.validators import Optional

from portal.kernel.words import _
from portal.web.forms import Filled, Form, SecretField, TextField
from portal.web.renderer import BOOLEAN, ChameleonRenderer
from tests.web.conftest import Probe

PAGE = """<div xmlns:tal="http://xml.zope.org/namespaces/tal" xmlns:metal="http://xml.zope.org/namespaces/metal">
<metal:summary use-macro="forms['summary']" />
<metal:form use-macro="forms['form']"><metal:b fill-slot="buttons"><button>Lend</button></metal:b></metal:form></div>"""
COPY = """<metal:copy xmlns:metal="http://xml.zope.org/namespaces/metal" use-macro="forms['copyable']" />"""


class LoanForm(Form):
    """One field of each kind."""

    title = TextField(_("Title"), [Filled(_("Enter a title."))], description=_("As on the cover."))
    secret = SecretField(_("Password"), [Filled(_("Enter your password."))])
    note = wtforms.TextAreaField(_("Note"), [Optional()])
    kind = wtforms.RadioField(_("Kind"), [Filled(_("Choose a kind."))], choices={"book": _("Book"), "map": _("Map")})
    tags = wtforms.SelectMultipleField(_("Tags"), description=_("Any."), choices={"new": _("New"), "old": "<old>"})
    days = wtforms.SelectField(_("Days"), choices={"7": _("A week"), "30": _("A month")}, default="30")
    agree = wtforms.BooleanField(_("I agree"))
    cover = wtforms.FileField(_("Cover"))
    ticket = wtforms.HiddenField(default="sealed")


class GateForm(Form):
    """The field of a gate."""

    again = SecretField(_("Password, again"), [Filled(_("Enter your password again."))])


def draw(probe: Probe, text: str, gates: list[Any] | None = None, **values: Any) -> BeautifulSoup:
    """A piece of a page, drawn as pages are."""
    drawn: list[str] = []

    def look(request: Any) -> str:
        request.gates.extend(gates or [])
        renderer = ChameleonRenderer(request.registry.template_loader, "forms/macros.pt")
        renderer.template = PageTemplate(text, strict=True, boolean_attributes=BOOLEAN)
        drawn.append(renderer({"action": "/lend/", **values}, {"request": request}))
        return "seen"

    probe.see(look)
    return BeautifulSoup(drawn[0], "html.parser")


def sent(**values: str) -> LoanForm:
    form = LoanForm(MultiDict(values))
    form.validate()
    return form


def around(page: BeautifulSoup, name: str) -> Tag:
    """The block of one field."""
    found = page.select_one(f".field:has([name={name}])")
    assert found is not None
    return found


def test_a_field_is_read_as_label_hint_error_control(probe: Probe) -> None:
    block = around(draw(probe, PAGE, form=sent()), "title")
    parts = [part.get("id") or part.get("for") for part in block.find_all(["label", "p", "div", "input"], id=True)]
    label = block.find("label")

    assert [*([label["for"]] if label else []), *parts] == ["title", "title-hint", "title-error", "title"]


def test_a_control_names_what_describes_it_and_says_when_it_is_wrong(probe: Probe) -> None:
    wrong = around(draw(probe, PAGE, form=sent()), "title").input
    right = around(draw(probe, PAGE, form=sent(title="Emma")), "title").input

    assert (wrong["aria-describedby"], wrong["aria-invalid"]) == ("title-hint title-error", "true")
    assert right["aria-describedby"] == "title-hint"
    assert not right.has_attr("aria-invalid")


def test_each_error_is_a_block_of_its_own_that_says_that_it_is_one(probe: Probe) -> None:
    form = sent()
    form.refuse("title", _("Somebody else has it."))
    told = [" ".join(p.get_text().split()) for p in around(draw(probe, PAGE, form=form), "title").select(".error > p")]

    assert told == ["Error: Enter a title.", "Error: Somebody else has it."]


def test_every_label_and_every_description_leads_somewhere(probe: Probe) -> None:
    page = draw(probe, PAGE, form=sent())
    ids = {tag["id"] for tag in page.select("[id]")}
    wanted = {name for tag in page.select("[aria-describedby]") for name in tag["aria-describedby"].split()}

    assert {tag["for"] for tag in page.select("label")} <= ids
    assert wanted <= ids
    assert {link["href"] for link in page.select(".summary a")} <= {f"#{name}" for name in ids}


@pytest.mark.parametrize(("name", "kind"), [("kind", "radio"), ("tags", "checkbox")])
def test_choices_are_a_group_with_a_legend_and_a_label_each(probe: Probe, name: str, kind: str) -> None:
    group = around(draw(probe, PAGE, form=sent(kind="map", tags="old")), name)
    inputs = group.select("input")

    assert group.name == "fieldset"
    assert group.legend is not None
    assert [one["type"] for one in inputs] == [kind, kind]
    assert [one.has_attr("checked") for one in inputs] == [False, True]
    assert [label["for"] for label in group.select("label")] == [one["id"] for one in inputs]


def test_a_list_keeps_what_is_chosen(probe: Probe) -> None:
    options = around(draw(probe, PAGE, form=LoanForm()), "days").select("option")

    assert [(one["value"], one.has_attr("selected")) for one in options] == [("7", False), ("30", True)]


def test_what_people_typed_is_never_markup(probe: Probe) -> None:
    page = draw(probe, PAGE, form=sent(title='"><script>'))

    assert page.script is None
    assert around(page, "title").input["value"] == '"><script>'
    assert page.select("fieldset label")[-1].get_text() == "<old>"


def test_a_password_is_never_shown_again(probe: Probe) -> None:
    box = around(draw(probe, PAGE, form=sent(secret="open sesame")), "secret").input

    assert (box["type"], box["value"]) == ("password", "")


def test_only_what_may_be_left_out_is_marked(probe: Probe) -> None:
    labels = draw(probe, PAGE, form=LoanForm()).select(".field > label")

    assert [" ".join(label.get_text().split()) for label in labels] == [
        "Title",
        "Password",
        "Note (optional)",
        "Days",
        "Cover",
    ]


def test_the_form_carries_its_hidden_fields_and_leaves_checking_to_us(probe: Probe) -> None:
    form = draw(probe, PAGE, form=LoanForm()).form

    assert (form["method"], form["action"], form.has_attr("novalidate")) == ("post", "/lend/", True)
    assert form.select_one("[name=_token]")["value"]
    assert form.select_one("[name=ticket]")["value"] == "sealed"
    assert not form.has_attr("enctype")


def test_a_form_with_files_says_so(probe: Probe) -> None:
    assert draw(probe, PAGE, form=LoanForm(), multipart=True).form["enctype"] == "multipart/form-data"


def test_gates_stand_between_fields_and_buttons_and_their_errors_in_the_summary(probe: Probe) -> None:
    again = GateForm(MultiDict())
    again.validate()
    gate = SimpleNamespace(form=again, legend=_("Confirm that it is you"), hint=_("Enter your password."))
    page = draw(probe, PAGE, [gate], form=sent(title="Emma", secret="x", kind="map"))

    assert page.select_one("fieldset.gate legend").get_text() == "Confirm that it is you"
    assert [child.get("class", [""])[0] for child in page.form.find_all(recursive=False)][-2:] == ["gate", "buttons"]
    assert [(link["href"], link.get_text()) for link in page.select(".summary a")] == [
        ("#again", "Enter your password again.")
    ]


def test_without_errors_there_is_no_summary(probe: Probe) -> None:
    assert draw(probe, PAGE, form=LoanForm()).select_one(".summary") is None


@pytest.mark.parametrize(
    ("value", "element"), [("ABCD", "input"), ("pypi-" + "A" * 150, "textarea"), ("a\nb", "textarea")]
)
def test_what_is_to_be_copied_is_a_labelled_box_that_holds_it_exactly(probe: Probe, value: str, element: str) -> None:
    page = draw(probe, COPY, id="token", label=_("Your token"), hint=_("Copy it."), value=value)
    box = page.find(id="token")

    assert box.name == element
    assert (box["value"] if element == "input" else box.string.removeprefix("\n")) == value
    assert box.has_attr("readonly")
    assert box["dir"] == "ltr"
    assert page.label["for"] == "token"
    assert box["aria-describedby"] == page.p["id"]
