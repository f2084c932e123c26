"""No search keeps others waiting: what is searched for is cut, counted, and given up in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.index.search import port, postgresql, service, sqlite
from portal.index.search.port import words_of
from portal.kernel.work import Instance
from portal.throttle.limits import Kind, Window, limit_of
from tests.index.shelf import add_file
from tests.index.test_search import names
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.site import Site

ENDLESS = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
    " SELECT max(x) FROM n WHERE :words <> :hidden LIMIT :limit OFFSET :offset"
)


def ceiling(site: Site) -> int:
    """How often one network may search in a minute."""
    limit = limit_of(Kind.SEARCH, site.application.instance.settings)
    assert isinstance(limit, Window)
    return limit.ceiling


def test_a_network_that_searches_too_often_is_told_when_to_come_back(
    bed: Bed, instance: Instance, clock: FixedClock
) -> None:
    add_file(instance)
    site = Site(bed.assemble(throttle_free=1))
    for _search in range(ceiling(site)):
        site.get("/search/", {"q": "sample"}, status=200)
    page = site.get("/search/", {"q": "sample"}, status=429)
    assert page.html.h1.get_text() == "Too many searches"
    assert page.html.title.get_text().startswith("Error: Too many searches")
    assert "You can try again at 12:01:00" in " ".join(page.html.main.get_text().split())
    assert "letter" not in page.html.main.get_text()
    assert page.headers["Retry-After"] == "60"
    clock.advance(timedelta(seconds=60))
    site.get("/search/", {"q": "sample"}, status=200)


def test_another_network_and_the_list_of_all_projects_stay_open(bed: Bed, instance: Instance) -> None:
    add_file(instance)
    site = Site(bed.assemble(throttle_free=1))
    for _search in range(ceiling(site) + 1):
        last = site.get("/search/", {"q": "sample"}, expect_errors=True)
    assert last.status_int == 429
    assert "Sample_Project" in site.get("/search/", status=200).text
    assert site.get("/search/", {"q": "-- !"}, status=200).html.h1.get_text() == "Type letters or digits to search"
    Site(site.application, REMOTE_ADDR="198.51.100.9").get("/search/", {"q": "sample"}, status=200)


def test_one_letter_finds_only_itself(instance: Instance, site: Site) -> None:
    add_file(instance, name="c")
    add_file(instance, name="cython")
    assert names(site, "c") == ["c"]
    assert names(site, "cy") == ["cython"]


def test_a_search_that_takes_too_long_is_given_up_and_says_what_helps(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_file(instance)
    for module in (sqlite, postgresql):
        monkeypatch.setattr(module, "FIND", text(ENDLESS))
    monkeypatch.setattr(port, "SECONDS", 0.2)
    page = site.get("/search/", {"q": "sample"}, status=422)
    assert page.html.h1.get_text() == "This search takes too long"
    monkeypatch.undo()
    assert names(site, "sample") == ["Sample_Project"]


def test_the_limit_of_a_search_does_not_outlive_it(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    add_file(instance)
    service.catch_up(instance)
    with instance.work(write=False) as work:
        assert service.find(work, "sample", 1).rows
        if not instance.database.is_sqlite:
            assert work.db.scalar(text("SHOW statement_timeout")) == "0"


@pytest.mark.parametrize("path", ["/search/?q=%00", "/search/?q=%ED%A0%80", "/search/?q=%ff"])
def test_what_is_no_text_is_refused_before_it_is_looked_at(site: Site, path: str) -> None:
    site.get(path, status=400)


def test_marks_belong_to_their_letters(instance: Instance, site: Site) -> None:
    add_file(instance, name="one", summary="\u0939\u093f\u0928\u094d\u0926\u0940")
    add_file(instance, name="two", summary="\u0939 \u0928 \u0926")
    assert names(site, "\u0939\u093f\u0928\u094d\u0926\u0940") == ["one"]
    assert words_of("a\u0903b") == ["a\u0903b"]


@pytest.mark.parametrize("written", ["e\u0301quipe", "\u00e9quipe", "\u00c9QUIPE", "\uff45\u0301quipe"])
def test_one_word_is_found_however_its_letters_are_written(instance: Instance, site: Site, written: str) -> None:
    add_file(instance, summary="Une e\u0301quipe")
    assert names(site, written) == ["Sample_Project"]
