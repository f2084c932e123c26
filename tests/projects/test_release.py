"""One release, as its owners see it."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from tests.projects.shelved import FIRST, RELEASE, SECOND, send, stocked
from tests.support.people import Someone
from tests.support.site import Site


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_each_file_can_be_withdrawn_and_deleted(site: Site, ada: Someone) -> None:
    links = {link["href"] for link in site.get(RELEASE).html.main.find_all("a")}
    for name in (FIRST, SECOND):
        assert {f"{RELEASE}files/{name}/yank/", f"{RELEASE}files/{name}/delete/"} <= links
    assert {f"{RELEASE}yank/", f"{RELEASE}delete/"} <= links


def test_why_a_release_was_withdrawn_is_said(site: Site, ada: Someone) -> None:
    assert send(site, f"{RELEASE}yank/", ada, reason="Loses data.").status_int == 303
    assert "The reason given: Loses data." in " ".join(site.get(RELEASE).html.main.text.split())


@pytest.mark.parametrize(
    "path", [RELEASE.replace("1.0", "9.9"), RELEASE.replace("1.0", "1" * 5000), RELEASE.replace("demo", "none")]
)
def test_what_is_not_there_is_not_found(site: Site, ada: Someone, path: str) -> None:
    assert site.get(path, expect_errors=True).status_int == 404
