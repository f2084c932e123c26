"""The language menu."""

from __future__ import annotations

from webtest import TestApp

from tests.language.conftest import Reader

HANDLE = "abcdefghijklmnopqrstuvwxyz"


def links(request: object) -> str:
    return "\n".join(f"{link.href} {link.lang} {link.name} {link.current}" for link in request.language_links())  # type: ignore[attr-defined]


def hrefs(text: str) -> list[str]:
    return [line.split(" ")[0] for line in text.splitlines()]


def test_each_language_is_listed_by_its_own_name_and_the_present_one_is_marked(reader: Reader) -> None:
    reader.look = links

    assert reader.get(prefix="fr").text.splitlines() == [
        "/en/shelf/one/ en English False",
        "/ar/shelf/one/ ar العربية False",
        "/fr/shelf/one/ fr français True",
        "/pt-BR/shelf/one/ pt-BR português (Brasil) False",
    ]


def test_a_link_keeps_page_query_and_handle(reader: Reader) -> None:
    reader.look = links

    assert hrefs(reader.get("/shelf/a%20b%C3%A9/?page=2&q=%22", handle=HANDLE).text)[0] == (
        f"/~{HANDLE}/en/shelf/a%20b%C3%A9/?page=2&q=%22"
    )


def test_after_a_post_the_links_lead_to_the_page_of_the_form(reader: Reader) -> None:
    reader.look = links

    assert hrefs(reader.post("/shelf/one/?sent=1").text)[0] == "/en/shelf/one/"


def test_where_there_is_no_page_the_links_lead_home(reader: Reader) -> None:
    reader.look = links

    assert hrefs(reader.get("/json").text)[0] == "/en/"


def test_the_pseudo_locale_is_listed_only_to_who_reads_it(reader: Reader) -> None:
    reader.look = links

    assert "en-XA" not in reader.get(prefix="fr").text
    assert "/en-XA/shelf/one/ en-XA ⟦Éñĝļîšĥ~~⟧ True" in reader.get(prefix="en-XA").text


def test_one_language_alone_makes_no_menu(reader: Reader) -> None:
    reader.look = links

    assert TestApp(reader.application({"en": "en"})).get("/shelf/one/").text == ""
