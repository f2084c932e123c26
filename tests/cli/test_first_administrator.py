"""`doorward first-administrator`: a link for one person, while nobody has become the administrator."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.accounts import first_admin
from portal.app import assemble
from portal.cli.configuration import open_configuration
from portal.cli.first_link import FILE
from portal.kernel.errors import NotFound
from portal.kernel.work import Work

from .conftest import Command


@pytest.fixture
def new_work(command: Command, data: Path) -> Iterator[Work]:
    """A unit of work on a new instance in the data directory."""
    command("migrate")
    instance = assemble(open_configuration(data).settings).instance
    work = instance.open()
    yield work
    work.db.close()
    instance.database.close()


def link(data: Path) -> str:
    return (data / FILE).read_text().strip()


def secret(data: Path) -> str:
    return link(data).rstrip("/").rpartition("/")[2]


@pytest.mark.usefixtures("new_work")
def test_without_a_terminal_the_link_is_in_a_file_of_its_own_and_nowhere_else(command: Command, data: Path) -> None:
    said = command("first-administrator")
    assert said.status == 0
    assert str(data / FILE) in said.out
    assert secret(data) not in said.out + said.err
    assert link(data).startswith("http://localhost:6543/account/first-administrator/")
    assert stat.S_IMODE((data / FILE).stat().st_mode) == 0o600


def test_a_new_link_voids_the_one_before(command: Command, data: Path, new_work: Work) -> None:
    command("first-administrator")
    old = secret(data)
    command("first-administrator")
    first_admin.check(new_work, secret(data))
    with pytest.raises(NotFound):
        first_admin.check(new_work, old)


def test_once_there_is_an_administrator_no_link_is_made(command: Command, data: Path, new_work: Work) -> None:
    command("first-administrator")
    first_admin.register(new_work, secret(data), username="ada", email="ada@example.org", password_hash="-")
    new_work.settle()
    said = command("first-administrator")
    assert said.status == 1
    assert said.err == "This Doorward has an administrator already. No link was made.\n"
    assert not (data / FILE).exists()


@pytest.mark.usefixtures("new_work")
def test_keys_beside_an_empty_database_make_no_administrator(command: Command, data: Path) -> None:
    for path in data.glob("doorward.sqlite3*"):
        path.unlink()
    said = command("first-administrator")
    assert said.status == 1
    assert said.err.startswith("The data directory holds keys or files, but the database is empty.")
    assert not (data / FILE).exists()
