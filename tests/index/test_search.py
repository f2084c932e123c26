"""`/search/`: projects by words, or all of them by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, text

from portal.index.models import SearchProgress
from portal.index.search import service
from portal.index.search.port import DESCRIPTION_LIMIT, WORD_LENGTH, fits, words_of
from portal.kernel.sweeps import Sweep, Sweeps
from portal.kernel.work import Instance
from portal.projects.models import Release
from tests.index.shelf import add_file, set_status
from tests.support.site import Site


def names(site: Site, query: str, **asked: str) -> list[str]:
    """The names found, in their order."""
    service.catch_up(site.application.instance)
    page = site.get("/search/", {"q": query, **asked})
    return [link.get_text() for link in page.html.select("ol.results a")]


@pytest.mark.parametrize(
    "query", ["sample", "SAMPLE project", "samp", "a.sample-PROJECT", "sample_project", "project sample"]
)
def test_a_project_is_found_by_the_words_of_its_name(instance: Instance, site: Site, query: str) -> None:
    add_file(instance, name="A.Sample_Project")
    add_file(instance, name="other")
    assert names(site, query) == ["A.Sample_Project"]


def test_summary_keywords_and_description_are_searched(instance: Instance, site: Site) -> None:
    add_file(instance, name="one", summary="Paints geese.")
    add_file(instance, name="two", core_metadata={"keywords": ["herons", "ducks"]})
    add_file(instance, name="three", description="Long, about owls.")
    add_file(instance, name="four", core_metadata={"keywords": "swans,terns"})
    assert [names(site, word) for word in ("geese", "ducks", "owl", "terns")] == [["one"], ["two"], ["three"], ["four"]]


def test_a_name_weighs_more_than_a_description(instance: Instance, site: Site) -> None:
    add_file(instance, name="zebra", description="stripes " * 50)
    add_file(instance, name="stripes", description="of a zebra")
    assert names(site, "stripes") == ["stripes", "zebra"]
    assert names(site, "zebra") == ["zebra", "stripes"]


def test_all_words_must_be_found(instance: Instance, site: Site) -> None:
    add_file(instance, name="one", summary="red boat")
    add_file(instance, name="two", summary="red car")
    assert names(site, "red boat") == ["one"]


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "a' OR 1=1 --",
        '" OR name:*',
        "NEAR(a b)",
        "a & b | !c",
        "<->",
        "*",
        ":*",
        "-",
        "%",
        "\\",
        "\u202e",
        "\x85",
        "x" * 5000,
        "OR " * 1000,
        "a" + "\u0301" * 5000,
        "\u0301",
        "\U0001e900 \U00010d4a",
        "\ufdfa" * 200,
    ],
)
def test_no_sign_has_a_meaning_of_its_own(instance: Instance, site: Site, query: str) -> None:
    add_file(instance)
    assert site.get("/search/", {"q": query}, expect_errors=True).status_int == (200 if fits(query) else 422)


@pytest.mark.parametrize("query", ["\U0001f600", "%", "*", "++", "_", "-", "\u0301"])
def test_signs_that_are_no_words_find_nothing_and_are_told(instance: Instance, site: Site, query: str) -> None:
    add_file(instance)
    assert names(site, query) == []
    page = site.get("/search/", {"q": query})
    assert page.html.h1.get_text() == "Type letters or digits to search"
    assert page.html.title.get_text().startswith("Type letters or digits to search")
    assert "has no letter and no digit" in page.html.main.text
    assert page.click("See all projects").html.h1.get_text() == "All projects"


@pytest.mark.parametrize("query", ["x" * 201, "one two three four five six seven eight nine"])
def test_a_search_that_is_too_long_is_refused_in_words_and_not_cut(site: Site, query: str) -> None:
    page = site.get("/search/", {"q": query}, status=422)
    assert page.html.h1.get_text() == "Shorten your search"
    assert page.html.title.get_text().startswith("Error: Shorten your search")
    assert "at most 200 characters and 8 words" in page.html.main.text
    assert page.html.select_one("#site-search")["value"] == query


@pytest.mark.parametrize("query", ["x" * 200, "one two three four five six seven eight eight"])
def test_a_search_of_the_longest_length_is_searched(site: Site, query: str) -> None:
    assert site.get("/search/", {"q": query}).html.h1.get_text().startswith("Nothing found for")


def test_how_many_projects_were_found_is_said(instance: Instance, site: Site) -> None:
    add_file(instance, name="one")
    assert "1 project" in lead(site, "one")
    add_file(instance, name="one-two")
    service.catch_up(instance)
    assert "2 projects" in lead(site, "one")
    assert "2 projects" in lead(site, "")
    for number in range(service.PAGE_SIZE):
        add_file(instance, name=f"three-{number:02}")
    assert lead(site, "") == "Projects 1 to 20. There are more on the next page."
    assert lead(site, "", page="2") == "Projects 21 to 22. These are the last."


def lead(site: Site, query: str, **asked: str) -> str:
    """What the page says of its results, before them."""
    service.catch_up(site.application.instance)
    page = site.get("/search/", {"q": query, **asked})
    return " ".join(page.html.select_one("main .lead").get_text().split())


@pytest.mark.parametrize("status", ["deprecated", "archived"])
def test_what_is_deprecated_or_archived_is_marked(instance: Instance, site: Site, status: str) -> None:
    add_file(instance, name="old")
    add_file(instance, name="older")
    set_status(instance, "old", status)
    service.catch_up(instance)
    shown = [item.get_text() for item in site.get("/search/", {"q": "old"}).html.select("ol.results li")]
    assert sorted(f"({status})" in text for text in shown) == [False, True]


def test_the_newest_release_says_what_is_found(instance: Instance, site: Site) -> None:
    add_file(instance, version="1.0", summary="about geese")
    add_file(instance, version="2.0", summary="about ducks")
    assert names(site, "geese") == []
    assert names(site, "ducks") == ["Sample_Project"]
    assert "about ducks" in site.get("/search/", {"q": "ducks"}).text


def test_a_project_in_quarantine_is_not_found(instance: Instance, site: Site) -> None:
    add_file(instance)
    set_status(instance, "sample-project", "quarantined")
    assert names(site, "sample") == names(site, "") == []


def test_words_of_any_language_are_found(instance: Instance, site: Site) -> None:
    add_file(instance, summary="Мир и équipe")
    assert names(site, "мир") == names(site, "équipe") == ["Sample_Project"]


def test_without_words_all_projects_are_listed_by_name_page_by_page(instance: Instance, site: Site) -> None:
    for number in range(service.PAGE_SIZE + 1):
        add_file(instance, name=f"project-{number:02}")
    first = site.get("/search/")
    assert first.html.h1.get_text() == "All projects"
    assert len(first.html.select("ol.results li")) == service.PAGE_SIZE
    second = first.click("Next page")
    assert [link.get_text() for link in second.html.select("ol.results a")] == ["project-20"]
    assert second.html.ol["start"] == "21"
    assert "All projects, page 2" in second.html.title.get_text()
    assert second.click("Previous page").html.h1.get_text() == "All projects"


def test_results_go_on_on_the_next_page_with_the_same_words(instance: Instance, site: Site) -> None:
    for number in range(service.PAGE_SIZE + 1):
        add_file(instance, name=f"project-{number:02}")
    service.catch_up(instance)
    second = site.get("/search/", {"q": "project"}).click("Next page")
    assert len(second.html.select("ol.results li")) == 1
    assert second.html.select_one("#site-search")["value"] == "project"


def test_nothing_found_is_said_first_and_leads_on(instance: Instance, site: Site) -> None:
    add_file(instance)
    page = site.get("/search/", {"q": "heron<b>"})
    assert page.html.title.get_text().startswith("Nothing found for heron<b>")
    assert page.click("See all projects").html.h1.get_text() == "All projects"


@pytest.mark.parametrize("number", ["0", "-1", "x", "501", "99999", "\uff11"])
def test_a_page_that_is_none_is_not_found(site: Site, number: str) -> None:
    site.get("/search/", {"page": number}, status=404)


def test_a_description_of_any_length_is_taken_in(instance: Instance, site: Site) -> None:
    words = " ".join(f"word{number}" for number in range(300_000))
    add_file(instance, description=words)
    assert names(site, "word7") == ["Sample_Project"]
    assert len(words) > DESCRIPTION_LIMIT


def test_projects_from_before_the_search_are_taken_in(instance: Instance, site: Site) -> None:
    add_file(instance)
    service.catch_up(instance)
    with instance.work() as work:
        work.db.execute(text("DELETE FROM search_documents"))
    assert names(site, "sample") == []
    with instance.work() as work:
        work.db.execute(delete(SearchProgress))
    assert names(site, "sample") == ["Sample_Project"]


def test_an_upload_does_not_wait_for_the_search(instance: Instance, site: Site) -> None:
    add_file(instance)
    with instance.work() as work:
        assert work.db.scalar(text("SELECT count(*) FROM search_documents")) == 0


def test_the_worker_takes_in_changes_in_each_of_its_rounds(instance: Instance) -> None:
    assert Sweep(service.catch_up, timedelta(seconds=5)) in instance.ports[Sweeps]


def test_a_project_without_a_release_is_found_no_more(instance: Instance, site: Site) -> None:
    file: Any = add_file(instance)
    with instance.work() as work:
        from portal.projects.models import File, Project

        work.db.delete(work.db.get_one(File, file.id))
        work.db.flush()
        work.db.delete(work.db.get_one(Release, file.release_id))
        work.db.flush()
        service.keep_up(work, work.db.get_one(Project, file.project_id))
    assert names(site, "sample") == []


def test_a_query_is_cut_and_has_few_words() -> None:
    assert words_of("a b c d e f g h i j") == list("abcdefgh")
    assert words_of("x" * 500) == ["x" * WORD_LENGTH]
    assert words_of("b a B b") == ["b", "a"]


def test_keywords_without_end_keep_no_other_project_out_of_the_search(instance: Instance, site: Site) -> None:
    words = " ".join(f"word{number}" for number in range(160_000))
    add_file(instance, name="first", core_metadata={"keywords": words}, summary=words)
    add_file(instance, name="second")
    assert names(site, "second") == ["second"]
    assert names(site, "word7") == ["first"]


def test_a_project_that_the_database_cannot_take_in_keeps_no_other_waiting(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add_file(instance, name="first")
    add_file(instance, name="second")
    keep_up = service.keep_up

    def broken(work: Any, project: Any) -> None:
        if project.normalized == "first":
            work.db.execute(text("SELECT * FROM no_such_table"))
        keep_up(work, project)

    monkeypatch.setattr(service, "keep_up", broken)
    assert names(site, "second") == ["second"]
    assert "could not take in a project" in caplog.text
