"""One file withdrawn, and offered again."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.projects.shelved import FIRST, RELEASE, kinds, offered, send, stocked
from tests.support.people import Someone
from tests.support.site import Site

YANK = f"{RELEASE}files/{FIRST}/yank/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_one_file_is_withdrawn_and_the_other_is_not(site: Site, instance: Instance, ada: Someone) -> None:
    answer = send(site, YANK, ada).follow()
    assert answer.html.title.text.startswith(f"File {FIRST} withdrawn – ")
    assert offered(instance).count('"yanked":true') == 1
    links = [" ".join(link.text.split()) for link in site.get(RELEASE).html.select(f'main a[href="{YANK}"]')]
    assert links == [f"Offer {FIRST} again"]
    send(site, YANK, ada)
    assert '"yanked":true' not in offered(instance)
    assert kinds(instance, ada)[-2:] == ["file.yanked", "file.restored"]


def test_a_file_that_is_not_there_is_not_found(site: Site, ada: Someone) -> None:
    assert site.get(f"{RELEASE}files/none.whl/yank/", expect_errors=True).status_int == 404
