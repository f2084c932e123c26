"""A release withdrawn, and offered again (PEP 592)."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.projects.shelved import FIRST, RELEASE, kinds, offered, send, stocked
from tests.support.people import Someone
from tests.support.site import Site

YANK = f"{RELEASE}yank/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_installers_are_told_the_reason_until_it_is_offered_again(site: Site, instance: Instance, ada: Someone) -> None:
    answer = send(site, YANK, ada, state="withdrawn", reason="Broken: use 1.1").follow()
    assert answer.html.title.text.startswith("Release 1.0 withdrawn – ")
    assert "This release is withdrawn." in answer.html.main.text
    assert offered(instance).count('"yanked":"Broken: use 1.1"') == 2
    assert "(withdrawn: Broken: use 1.1)" in site.get("/project/demo/").html.main.text
    answer = send(site, YANK, ada, state="offered").follow()
    assert answer.html.title.text.startswith("Release 1.0 is offered again – ")
    assert '"yanked":"' not in offered(instance)
    assert kinds(instance, ada)[-2:] == ["release.yanked", "release.restored"]


def test_the_form_shows_how_it_is_now(site: Site, ada: Someone) -> None:
    send(site, YANK, ada, state="withdrawn", reason="Broken")
    page = site.get(YANK)
    assert page.html.select_one("input[name=state][checked]")["value"] == "withdrawn"
    assert page.html.select_one("input[name=reason]")["value"] == "Broken"


def test_something_must_be_chosen_where_files_differ(site: Site, instance: Instance, ada: Someone) -> None:
    send(site, f"{RELEASE}files/{FIRST}/yank/", ada, state="withdrawn")
    assert site.get(YANK).html.select_one("input[name=state][checked]") is None
    answer = send(site, YANK, ada)
    assert answer.status_int == 422
    assert "Choose what installers should do." in answer.html.main.text
    assert offered(instance).count('"yanked":true') == 1
