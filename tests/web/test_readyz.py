"""Whether the process reaches its database."""

from __future__ import annotations

from pathlib import Path

from tests.support.instances import Bed
from tests.support.site import Site


def test_it_is_ready_with_its_database(site: Site) -> None:
    assert site.get("/readyz").text == "ready\n"


def test_it_is_not_ready_when_the_database_can_not_be_reached(bed: Bed, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    lost = f"sqlite:///{nowhere}/x" if bed.settings.database_url.startswith("sqlite") else _elsewhere(nowhere)
    application = bed.assemble(database_url=lost)
    answer = Site(application).get("/readyz", status=503)
    application.instance.database.close()

    assert answer.text == "no database\n"


def _elsewhere(folder: Path) -> str:
    return f"postgresql+psycopg://nobody@/tests?host={folder}"


def test_pages_say_that_it_is_our_mistake_when_the_database_can_not_be_reached(bed: Bed, tmp_path: Path) -> None:
    application = bed.assemble(database_url=_elsewhere(tmp_path))
    answer = Site(application).get("/account/login/", headers={"Cookie": "session=x"}, expect_errors=True)
    application.instance.database.close()

    assert answer.status_int == 500
    assert answer.html.h1.text == "Something went wrong here"
    assert str(tmp_path) not in answer.text
