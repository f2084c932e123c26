"""A release withdrawn, and offered again (PEP 592)."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.projects.shelved import FIRST, RELEASE, kinds, offered, send, stocked
from tests.support.people import Someone, last_form
from tests.support.site import Site

YANK = f"{RELEASE}yank/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_installers_are_told_the_reason_until_it_is_offered_again(site: Site, instance: Instance, ada: Someone) -> None:
    answer = send(site, YANK, ada, reason="Broken: use 1.1").follow()
    assert answer.html.title.text.startswith("Release 1.0 withdrawn – ")
    assert "This release is withdrawn." in answer.html.main.text
    assert offered(instance).count('"yanked":"Broken: use 1.1"') == 2
    assert "(withdrawn: Broken: use 1.1)" in site.get("/project/demo/").html.main.text
    answer = send(site, YANK, ada).follow()
    assert answer.html.title.text.startswith("Release 1.0 is offered again – ")
    assert '"yanked":"' not in offered(instance)
    assert kinds(instance, ada)[-2:] == ["release.yanked", "release.restored"]


def test_link_page_and_button_name_the_one_thing_that_is_possible_now(site: Site, ada: Someone) -> None:
    page = site.get(RELEASE).click("Withdraw this release")
    assert page.html.h1.text == "Withdraw release 1.0?"
    assert [button.text for button in page.html.select("main .buttons button")] == ["Withdraw this release"]
    send(site, YANK, ada, reason="Broken")
    page = site.get(RELEASE).click("Offer this release again")
    assert page.html.h1.text == "Offer release 1.0 again?"
    assert [button.text for button in page.html.select("main .buttons button")] == ["Offer this release again"]
    assert page.html.select_one("input[name=reason]") is None
    assert "The reason that was given: Broken" in page.html.main.text


def test_a_form_opened_before_somebody_else_was_faster_changes_nothing(
    site: Site, instance: Instance, ada: Someone
) -> None:
    form = last_form(site.get(YANK))
    send(site, YANK, ada, reason="Broken")
    form["reason"] = "Broken"
    answer = form.submit().follow()
    assert answer.html.title.text.startswith("Nothing changed: release 1.0 was withdrawn already – ")
    assert offered(instance).count('"yanked":"Broken"') == 2
    assert kinds(instance, ada).count("release.yanked") == 1
    assert "release.restored" not in kinds(instance, ada)


def test_where_files_differ_the_whole_release_can_be_withdrawn(site: Site, instance: Instance, ada: Someone) -> None:
    send(site, f"{RELEASE}files/{FIRST}/yank/", ada)
    assert offered(instance).count('"yanked":true') == 1
    send(site, YANK, ada)
    assert offered(instance).count('"yanked":true') == 2


def test_a_form_that_does_not_say_what_is_wanted_does_nothing(site: Site, instance: Instance, ada: Someone) -> None:
    answer = send(site, YANK, ada, state="x")
    assert answer.status_int == 422
    assert '"yanked":true' not in offered(instance)
