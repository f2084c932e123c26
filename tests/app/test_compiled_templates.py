"""Pages that many ask for at once, first of all: compiled before the server serves, and by one thread in any case."""

from __future__ import annotations

from typing import Any

import pytest

from portal.app import Application, compile_templates
from portal.web.renderer import SharedLoader, Template
from tests.support.instances import Bed
from tests.support.people import make_person
from tests.support.races import at_once
from tests.support.site import Site

PAGES = ("/account/login/", "/account/register/", "/help/", "/")
THREADS = 12


@pytest.fixture
def fresh(bed: Bed, monkeypatch: pytest.MonkeyPatch) -> Application:
    """An application of which nothing is compiled."""
    make_person(bed.application.instance)
    monkeypatch.setattr(SharedLoader, "known", {})
    return bed.assemble()


def statuses(application: Application, path: str) -> set[Any]:
    """What so many get who open a page in the same instant."""
    return set(at_once(lambda: Site(application).get(path, expect_errors=True).status_int, THREADS))


def test_a_server_compiles_every_page_before_the_first_is_shown(
    fresh: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_templates(fresh)
    cooked: list[str] = []
    monkeypatch.setattr(Template, "cook", lambda self, _body: cooked.append(str(self.filename)))
    for path in PAGES:
        assert Site(fresh).get(path, expect_errors=True).status_int in {200, 303}
    assert cooked == []


def test_a_page_that_many_open_first_in_the_same_instant_is_shown_to_all(fresh: Application) -> None:
    for path in PAGES:
        assert statuses(fresh, path) <= {200, 303}
