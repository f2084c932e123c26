"""What is gone, or in quarantine, takes no place among the results of a search."""

from __future__ import annotations

from sqlalchemy import text

from portal.index.search import service
from portal.kernel.work import Instance
from portal.projects import service as projects
from portal.projects.releases import service as releases
from tests.index.shelf import add_file, set_status, uploader


def found(instance: Instance, query: str, page: int = 1) -> list[str]:
    with instance.work(write=False) as work:
        return [project.name for project, _ in service.find(work, query, page).rows]


def test_of_a_deleted_project_no_word_is_kept(instance: Instance) -> None:
    add_file(instance, name="secret")
    add_file(instance, name="other")
    service.catch_up(instance)
    with instance.work() as work:
        releases.delete_project(work, projects.find(work, "secret"), by=uploader(instance))
        assert work.db.scalar(text("SELECT count(*) FROM search_documents")) == 1
    service.catch_up(instance)
    assert found(instance, "secret") == []
    assert found(instance, "other") == ["other"]


def test_projects_in_quarantine_empty_no_page(instance: Instance) -> None:
    for number in range(service.PAGE_SIZE + 1):
        add_file(instance, name=f"match-{number:02}")
    add_file(instance, name="good", description="match")
    service.catch_up(instance)
    for number in range(service.PAGE_SIZE + 1):
        set_status(instance, f"match-{number:02}", "quarantined")
    assert found(instance, "match") == ["good"]
    assert found(instance, "match", 2) == []
