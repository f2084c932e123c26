"""A release deleted for good."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.models import FILE
from tests.projects.shelved import FIRST, RELEASE, SECOND, kinds, offered, send, stocked
from tests.support.people import Someone
from tests.support.site import Site

DELETE = f"{RELEASE}delete/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_the_typed_version_deletes_the_release_with_its_files(site: Site, instance: Instance, ada: Someone) -> None:
    answer = send(site, DELETE, ada, name="1.0").follow()
    assert answer.html.title.text.startswith("Release 1.0 deleted – ")
    assert "This project has no release." in answer.html.main.text
    assert "demo-1.0" not in offered(instance)
    assert kinds(instance, ada)[-1] == "release.deleted"
    with instance.work() as work:
        assert all(projects.was_deleted(work, FILE, name) for name in (FIRST, SECOND))


def test_another_version_deletes_nothing(site: Site, instance: Instance, ada: Someone) -> None:
    assert "Type the version here to confirm" in site.get(DELETE).html.main.form.text
    refused = send(site, DELETE, ada, name="1.0.0")
    assert refused.status_int == 422
    assert "This is another version." in refused.html.select_one(".summary").text
    assert FIRST in offered(instance)
