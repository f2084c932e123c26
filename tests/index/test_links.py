"""Which addresses given by users a page links to."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.index.links import external_links, may_link
from portal.kernel.settings import Settings

PUBLIC = Settings(data=Path(), base_url="https://packages.example.org", registration="open")
LOCAL = Settings(data=Path(), base_url="http://localhost:6543")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "http://docs.example.org/a?b=c#d",
        "https://packages.example.org/project/sample/",
        "https://packages.example.org",
        "https://example.org/account/",
    ],
)
def test_ordinary_links_are_followed(url: str) -> None:
    assert may_link(PUBLIC, url)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:ada@example.org",
        "//packages.example.org/account/",
        "/account/login/",
        "",
        "https://",
        "https://user:pass@example.org/",
        "https://exa mple.org/",
        "https://example.org/\nx",
        "https://[::1/",
        "https://example.org:port/",
        "https://example.org\\@packages.example.org/account/",
        "https://" + "a" * 2000 + ".org/",
    ],
)
def test_what_is_no_web_address_is_left_out(url: str) -> None:
    assert not may_link(PUBLIC, url)


@pytest.mark.parametrize(
    "host", ["packages.example.org", "PACKAGES.example.org", "packages.example.org:443", "packages.example.org."]
)
@pytest.mark.parametrize(
    "path",
    [
        "/~abcdefghijklmnopqrstuvwxyz/manage/account/",
        "/account/logout/",
        "/manage/account/",
        "/admin/",
        "/fr/account/login/",
        "/%61ccount/",
        "//account/",
        "/project/../account/",
        "/project/%2e%2e/account/",
    ],
)
def test_no_link_leads_into_an_account_on_this_site(host: str, path: str) -> None:
    assert not may_link(PUBLIC, f"https://{host}{path}")


@pytest.mark.parametrize(
    "host",
    [
        "packages%2Eexample.org",
        "%70ackages.example.org",
        "pack\u00adages.example.org",
        "\uff50ackages.example.org",
        "packages\u3002example.org",
        "packages\uff0eexample.org",
        "pac\u212aages.example.org",
        "packages_example.org",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.0x1",
        "127.0.0.1.0x",
        "0.0.0.0:80",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fe80::1%25eth0]",
        "...",
    ],
)
def test_a_host_that_a_browser_would_read_as_another_is_left_out(host: str) -> None:
    for settings in (PUBLIC, LOCAL):
        assert not may_link(settings, f"https://{host}/account/")
        assert not may_link(settings, f"https://{host}/project/sample/")


@pytest.mark.parametrize("host", ["192.0.2.1", "[2001:db8::1]", "xn--bcher-kva.example", "a-b.example.org."])
def test_hosts_written_plainly_are_followed(host: str) -> None:
    assert may_link(PUBLIC, f"https://{host}:8080/account/")


@pytest.mark.parametrize("host", ["localhost:6543", "127.0.0.1:6543", "127.8.8.8", "[::1]:6543", "x.localhost"])
def test_on_loopback_every_name_of_the_machine_is_this_site(host: str) -> None:
    assert not may_link(LOCAL, f"http://{host}/account/")
    assert may_link(PUBLIC, f"http://{host}/account/")


def test_home_page_and_labelled_links_are_listed_in_order() -> None:
    metadata = {
        "home_page": "https://example.org/",
        "project_urls": {"Docs": " https://docs.example.org/ ", "Bad": "javascript:x"},
    }
    assert external_links(PUBLIC, metadata) == [("", "https://example.org/"), ("Docs", "https://docs.example.org/")]
    assert external_links(PUBLIC, {}) == []
