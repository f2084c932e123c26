"""Which language a page is in."""

from __future__ import annotations

import pytest
from pyramid.interfaces import ILocalizer
from sqlalchemy.exc import OperationalError
from webtest import TestApp

from tests.language.conftest import Reader


def test_the_language_in_the_address_wins_over_everything(reader: Reader) -> None:
    reader.stores("ar")

    assert reader.get(prefix="fr", Accept_Language="pt-BR").text == "fr"


def test_the_language_a_person_has_stored_wins_over_the_browser(reader: Reader) -> None:
    reader.stores("pt_BR")

    assert reader.get(Accept_Language="fr").text == "pt_BR"


def test_a_stranger_gets_what_the_browser_asks_for(reader: Reader) -> None:
    assert reader.get(Accept_Language="tlh, fr-CA;q=0.8, ar;q=0.3").text == "fr"


@pytest.mark.parametrize("asked", ["", "tlh", "*", "fr;q=x", ";;;", "é", "de" * 5000])
def test_who_asks_for_nothing_we_have_reads_english(reader: Reader, asked: str) -> None:
    assert reader.get(Accept_Language=asked.encode("utf-8").decode("latin-1")).text == "en"


@pytest.mark.parametrize("name", ["tlh", "", "../../etc", "en\x00", "EN"])
def test_a_language_that_is_not_on_offer_is_never_taken(reader: Reader, name: str) -> None:
    reader.stores(name)

    assert reader.get(prefix=name, Accept_Language="fr").text == "fr"


def test_a_browser_that_asks_for_the_pseudo_locale_reads_english(reader: Reader) -> None:
    assert reader.get(Accept_Language="en-XA").text == "en"
    assert reader.get(prefix="en-XA").text == "en_XA"


def test_made_up_names_leave_nothing_in_memory(reader: Reader) -> None:
    reader.look = lambda request: request.localizer.locale_name
    application = reader.application({"en": "en"})
    for number in range(50):
        TestApp(application).get(f"/shelf/one/?_LOCALE_=de_{number}", headers={"Accept-Language": f"de-{number}"})

    localizers = [name for name, _found in application.registry.getUtilitiesFor(ILocalizer)]
    assert localizers == ["en"]


def test_a_page_still_has_a_language_when_the_database_is_gone(reader: Reader) -> None:
    class Lost:
        @property
        def locale(self) -> str:
            raise OperationalError("SELECT", {}, Exception("gone"))

    reader.person = Lost()

    assert reader.get(Accept_Language="fr").text == "fr"


def test_the_answer_names_its_language_and_what_the_choice_depended_on(reader: Reader) -> None:
    reader.look = lambda request: request.localizer.locale_name
    answer = reader.get(Accept_Language="pt")

    assert answer.headers["Content-Language"] == "pt-BR"
    assert answer.headers["Vary"] == "Accept-Language, Cookie"
    assert "Vary" not in reader.get(prefix="fr").headers


def test_an_answer_without_words_names_no_language(reader: Reader) -> None:
    reader.look = lambda request: "*"

    assert "Content-Language" not in reader.get().headers


def test_direction_and_tag_suit_the_language(reader: Reader) -> None:
    reader.look = lambda request: f"{request.locale_lang} {request.text_direction}"

    assert reader.get(prefix="ar").text == "ar rtl"
    assert reader.get(prefix="pt-BR").text == "pt-BR ltr"
    assert reader.get(prefix="en-XA").text == "en-XA ltr"
