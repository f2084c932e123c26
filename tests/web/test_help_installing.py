"""Help with installing from this index."""

from __future__ import annotations

import tomllib

from tests.support.instances import BASE_URL, Bed
from tests.support.site import Site

PAGE = "/help/installing/"


def examples(site: Site) -> list[str]:
    """What is to be copied."""
    return [example.get_text().strip() for example in site.get(PAGE).html.main.find_all("pre")]


def test_home_and_help_lead_there(site: Site) -> None:
    for path in ("/", "/help/"):
        assert site.get(path).html.main.find("a", href=PAGE)


def test_the_settings_of_uv_take_only_named_packages_from_here(site: Site) -> None:
    settings = next(text for text in examples(site) if "tool.uv" in text)
    told = tomllib.loads(settings)["tool"]["uv"]
    assert told["index"] == [{"name": "doorward", "url": f"{BASE_URL}/simple/", "explicit": True}]
    assert told["sources"] == {"my-package": {"index": "doorward"}}


def test_no_example_mixes_two_indexes_and_the_page_says_why(site: Site) -> None:
    assert not any("--extra-index-url" in text for text in examples(site))
    warning = " ".join(site.get(PAGE).html.main.select_one(".warning").get_text().split())
    assert "--extra-index-url" in warning
    assert "dependency confusion" in warning


def test_each_installer_has_its_example(site: Site) -> None:
    shown = "\n".join(examples(site))
    assert f"pip install --index-url {BASE_URL}/simple/ NAME" in shown
    assert f"poetry source add --priority=explicit doorward {BASE_URL}/simple/" in shown
    assert f"pip install --no-deps --index-url {BASE_URL}/simple/ my-package" in shown


def test_feeds_and_documents_that_it_names_are_there(site: Site) -> None:
    main = site.get(PAGE).html.main
    feeds = [code.get_text() for code in main.select("dd code")]
    for address in feeds[:2]:
        assert site.get(address.removeprefix(BASE_URL)).content_type == "application/rss+xml"
    assert feeds[2] == f"{BASE_URL}/rss/project/NAME/releases.xml"
    assert f"{BASE_URL}/pypi/NAME/VERSION/json" in examples(site)[-1]


def test_tokens_are_spoken_of_only_where_installers_need_one(site: Site, bed: Bed) -> None:
    assert "__token__" not in site.get(PAGE).text
    shown = Site(bed.assemble(reading="members")).get(PAGE)
    assert "UV_INDEX_DOORWARD_USERNAME=__token__" in shown.text
    assert shown.html.main.select_one('a[href$="#download"]')
