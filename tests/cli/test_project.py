"""`doorward project`: what an operator does with projects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import cli
from portal.app import assemble
from portal.audit.models import Entry
from portal.cli.configuration import open_configuration
from portal.kernel.work import Instance
from portal.notices.models import Letter
from portal.projects import service as projects
from tests.index.shelf import add_file
from tests.support.people import make_person

from .conftest import Command

TOLD = "Everybody who works on it gets a letter when Doorward runs.\n"


@pytest.fixture
def running(command: Command, data: Path) -> Iterator[Instance]:
    """The instance in the data directory, with a project."""
    command("migrate")
    instance = assemble(open_configuration(data).settings).instance
    add_file(instance, "Sample_Project", owner=make_person(instance, "grace").account_id)
    yield instance
    instance.database.close()


def test_a_project_is_put_into_quarantine_and_released(command: Command, running: Instance) -> None:
    said = command("project", "quarantine", "sample.project", "--reason", " Malware ")
    assert (said.status, said.out, said.err) == (0, f"Sample_Project is in quarantine. {TOLD}", "")
    with running.work() as work:
        project = projects.find(work, "sample-project")
        assert (project.status, project.status_reason) == ("quarantined", "Malware")
        assert len(work.db.scalars(select(Letter)).all()) == 1
    said = command("project", "quarantine", "sample-project")
    assert (said.status, said.err) == (1, "Sample_Project is in quarantine already. Nothing was changed.\n")
    said = command("project", "release", "sample-project")
    assert said.out == f"Sample_Project is released from quarantine. Its status is: active. {TOLD}"
    said = command("project", "release", "sample-project")
    assert (said.status, said.err) == (1, "Sample_Project is not in quarantine. Nothing was changed.\n")
    with running.work() as work:
        kinds = set(work.db.scalars(select(Entry.kind).where(Entry.actor_id.is_(None))))
    assert kinds >= {"project.quarantined", "project.released", "project.theirs.quarantined"}


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("action", ["quarantine", "release"])
def test_a_project_that_is_not_there_is_named(command: Command, action: str) -> None:
    said = command("project", action, "nowhere")
    assert (said.status, said.err) == (1, "There is no project nowhere. Nothing was changed.\n")


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("reason", ["x" * 301, "two\nlines", "hid\u202eden"])
def test_a_reason_is_one_readable_line(command: Command, reason: str) -> None:
    said = command("project", "quarantine", "sample-project", "--reason", reason)
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("Give the reason in one line of at most 300 characters.")


@pytest.mark.parametrize("action", ["quarantine", "release"])
def test_the_data_directory_may_be_named_at_the_end(
    data: Path, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["project", action, "sample", "--data", str(data)]) == 1
    assert capsys.readouterr().err.startswith(f"There is no Doorward in {data}.")
