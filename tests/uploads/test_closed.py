"""Uploads to a project that takes none: asked when the upload begins, and once more when its row is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.lifecycle import service as lifecycle
from portal.projects.store import FileStore
from portal.uploads import errors
from portal.uploads.keep import Taken
from tests.support.races import at_once
from tests.uploads.artefacts import wheel
from tests.uploads.conftest import Uploader

MANY = 12
CAUSES = {"archived": errors.PROJECT_CLOSED, "quarantined": errors.PROJECT_QUARANTINED}


def close(uploader: Uploader, status: str) -> None:
    """Archive the project, or put it into quarantine."""
    with uploader.instance.work() as work:
        project = projects.find(work, "demo")
        if status == "quarantined":
            lifecycle.quarantine(work, project, "", by=None)
        else:
            lifecycle.mark(work, project, status, "", by=uploader.account_id)


@dataclass
class ClosingStore:
    """A file store in whose use the project is closed: behind the checks, before the row is written."""

    inner: FileStore
    uploader: Uploader
    status: str
    closed: bool = False

    def put(self, sources: Mapping[str, Path]) -> None:
        """Close the project once, then keep the files."""
        if not self.closed:
            self.closed = True
            close(self.uploader, self.status)
        self.inner.put(sources)

    def open(self, key: str) -> BinaryIO:
        """As before."""
        return self.inner.open(key)


@pytest.mark.parametrize("status", CAUSES)
def test_a_closed_project_takes_nothing_and_says_who_can_change_that(uploader: Uploader, status: str) -> None:
    assert uploader.send(wheel()).new
    close(uploader, status)
    refusal = uploader.send(wheel("demo", "2.0"))
    assert (refusal.code, refusal.status) == (CAUSES[status].code, 403)


def test_a_deprecated_project_takes_files(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    close(uploader, "deprecated")
    assert uploader.send(wheel("demo", "2.0")).new


@pytest.mark.parametrize("status", CAUSES)
def test_an_upload_that_is_under_way_when_its_project_is_closed_is_refused(
    uploader: Uploader, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    assert uploader.send(wheel()).new
    ports: Any = uploader.instance.ports
    monkeypatch.setitem(ports, FileStore, ClosingStore(ports[FileStore], uploader, status))
    assert uploader.send(wheel("demo", "2.0")).code == CAUSES[status].code
    assert uploader.filenames() == ["demo-1.0-py3-none-any.whl"]


def entries(instance: Instance, kind: str) -> list[int]:
    """The ids of the events of a kind, which grow with time."""
    with instance.work(write=False) as work:
        return list(work.db.scalars(select(Entry.id).where(Entry.kind == kind).order_by(Entry.id)))


def test_no_file_comes_behind_the_end_of_a_project(uploader: Uploader) -> None:
    assert uploader.send(wheel("demo", "0.1")).new
    number = count()

    def one_of_all() -> Any:
        mine = next(number)
        if mine == MANY // 2:
            return close(uploader, "archived")
        return uploader.send(wheel("demo", f"1.{mine}"))

    outcomes = [each for each in at_once(one_of_all, MANY) if each is not None]
    taken = [each for each in outcomes if isinstance(each, Taken)]
    assert {each.code for each in outcomes if each not in taken} <= {errors.PROJECT_CLOSED.code}
    assert len(uploader.filenames()) == len(taken) + 1
    [archived] = entries(uploader.instance, "project.archived")
    assert all(uploaded < archived for uploaded in entries(uploader.instance, "file.uploaded"))
