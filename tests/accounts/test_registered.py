from __future__ import annotations

from portal.kernel.commands import command
from portal.kernel.work import Instance
from tests.support.site import Site


def test_the_page_says_what_to_do_next_and_what_if_no_letter_comes(site: Site) -> None:
    page = site.get("/account/registered/")
    assert page.html.h1.get_text() == "Check your mail"
    assert len(page.html.select("main ol li")) == 3
    assert "No letter came" in page.text
    assert page.html.select_one('main a[href="/account/login/"]') is not None


def test_the_command_that_shows_the_letter_is_the_one_that_the_server_names_when_it_starts(
    instance: Instance, site: Site
) -> None:
    shown = site.get("/account/registered/").html.select_one("main code").get_text()
    assert shown == command("letters", instance.settings.data)
    assert shown.endswith(f"--data {instance.settings.data}")
