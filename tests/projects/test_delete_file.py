"""A file deleted for good."""

from __future__ import annotations

import pytest

from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.models import FILE
from tests.projects.shelved import FIRST, RELEASE, SECOND, kinds, offered, send, stocked
from tests.support.people import Someone
from tests.support.site import Site

DELETE = f"{RELEASE}files/{FIRST}/delete/"


@pytest.fixture
def ada(site: Site, instance: Instance) -> Someone:
    """The owner, signed in."""
    return stocked(instance, site)


def test_the_typed_name_deletes_the_file_and_its_name(site: Site, instance: Instance, ada: Someone) -> None:
    assert FIRST in offered(instance)
    answer = send(site, DELETE, ada, name=FIRST).follow()
    assert answer.html.title.text.startswith(f"File {FIRST} deleted – ")
    assert FIRST not in offered(instance)
    assert SECOND in offered(instance)
    assert kinds(instance, ada)[-1] == "file.deleted"
    with instance.work() as work:
        assert projects.was_deleted(work, FILE, FIRST)


@pytest.mark.parametrize("typed", ["", "demo", FIRST.upper()])
def test_another_name_deletes_nothing(site: Site, instance: Instance, ada: Someone, typed: str) -> None:
    answer = send(site, DELETE, ada, name=typed)
    assert answer.status_int == 422
    assert FIRST in offered(instance)
