"""Names that nobody may take, how many projects may be made, and how large they may be."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from portal.kernel.work import Actor, Instance
from portal.projects import service as projects
from portal.projects.filenames import file_key
from portal.projects.models import FILE, PROJECT, Deleted
from portal.tokens import service as tokens
from portal.uploads import errors, flaws
from portal.uploads.errors import Refusal
from tests.support.instances import Bed
from tests.support.races import at_once
from tests.uploads.artefacts import metadata, sdist, wheel, wheel_members, zipped_wheel
from tests.uploads.conftest import Uploader, footprint, make_uploader


def deleted(instance: Instance, kind: str, name: str) -> None:
    """Say that this name was deleted."""
    with instance.work() as work:
        work.db.add(Deleted(kind=kind, name=name, deleted_at=work.now))


@pytest.mark.parametrize("name", ["requirements.txt", "Requirements_TXT", "setup.py"])
def test_what_a_slip_of_the_hand_installs_is_nobodys(uploader: Uploader, name: str) -> None:
    assert uploader.send(wheel(name)).code == errors.NAME_RESERVED.code


def test_an_operator_reserves_more_names(bed: Bed, uploader: Uploader) -> None:
    kept = bed.assemble(reserved_names="acme  acme-tools")
    strict = Uploader(kept.instance, uploader.account_id, uploader.token)
    assert strict.send(wheel("Acme.Tools")).code == errors.NAME_RESERVED.code
    assert strict.send(wheel("acme-toolbox")).new
    kept.instance.database.close()


@pytest.mark.parametrize("name", ["dem0", "d.e.m.o", "DEMO1"])
def test_a_name_that_looks_like_another_is_refused(uploader: Uploader, name: str) -> None:
    assert uploader.send(wheel()).new
    assert uploader.send(wheel("demoI")).new
    refusal = uploader.send(wheel(name))
    assert refusal.code == errors.NAME_ALIKE.code
    assert ("demoI" if name == "DEMO1" else "demo") in refusal.reason


def test_a_project_takes_files_under_every_spelling_of_its_name(uploader: Uploader) -> None:
    assert uploader.send(wheel("de-mo", "1.0")).new
    assert uploader.send(wheel("De.Mo", "2.0")).new


def test_the_name_of_a_deleted_project_is_never_given_again(uploader: Uploader) -> None:
    deleted(uploader.instance, PROJECT, "demo")
    assert uploader.send(wheel("Demo", "2.0")).code == errors.NAME_DELETED.code
    assert uploader.projects() == []


def test_the_name_of_a_deleted_file_is_never_used_again(uploader: Uploader) -> None:
    deleted(uploader.instance, FILE, file_key("demo-1.0-py3-none-any.whl"))
    assert uploader.send(wheel()).code == flaws.FILE_DELETED.code
    assert uploader.send(wheel("demo", "1.1")).new


def test_new_projects_of_an_account_are_counted_and_others_are_not(uploader: Uploader) -> None:
    free = uploader.instance.settings.throttle_free
    for number in range(free * 2):
        assert uploader.send(wheel(f"demo{number + 20}")).new
    refusal = uploader.send(wheel("demo-last"))
    assert (refusal.code, refusal.status) == (errors.NEW_PROJECTS.code, 429)
    assert refusal.until is not None
    assert uploader.send(wheel("demo20", "2.0")).new
    uploader.instance.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    assert uploader.send(wheel("demo-last")).new


def test_new_projects_are_counted_for_the_network_of_several_accounts_as_well(uploader: Uploader) -> None:
    instance = uploader.instance
    otto, nina = make_uploader(instance, "otto"), make_uploader(instance, "nina")
    for who, first in ((uploader, "quartz"), (otto, "basalt")):
        for number in range(instance.settings.throttle_free * 2):
            assert who.send(wheel(f"{first}{number + 20}")).new
    assert nina.send(wheel("marble")).code == errors.NEW_PROJECTS.code
    nina.actor = Actor(address="203.0.113.9", browser="twine")
    assert nina.send(wheel("marble")).new


def test_a_refused_file_counts_as_no_new_project(uploader: Uploader) -> None:
    for _time in range(uploader.instance.settings.throttle_free * 2 + 1):
        assert uploader.send(wheel().holding(b"no archive")).code == flaws.ARCHIVE.code
    assert uploader.send(wheel()).new


def test_the_files_of_a_project_have_a_limit_together(bed: Bed, uploader: Uploader) -> None:
    small = bed.assemble(project_limit=footprint(wheel()) + 10)
    tight = Uploader(small.instance, uploader.account_id, uploader.token)
    assert tight.send(wheel()).new
    assert tight.send(sdist()).code == errors.PROJECT_FULL.code
    assert tight.send(wheel("omed")).new
    small.instance.database.close()


def test_what_is_kept_of_the_metadata_counts_as_well(bed: Bed, uploader: Uploader) -> None:
    text = "A line of a description, and one more.\n" * 1500
    small = bed.assemble(project_limit=3 * len(text))
    told = wheel_members(inside=metadata(body=text))
    sent = wheel().holding(zipped_wheel(told))
    assert len(sent.content) < len(text)
    assert Uploader(small.instance, uploader.account_id, uploader.token).send(sent).code == errors.PROJECT_FULL.code
    assert uploader.send(sent).new


def test_metadata_far_larger_than_the_whole_archive_is_refused(uploader: Uploader) -> None:
    sent = wheel().holding(zipped_wheel(wheel_members(inside=metadata(body="x" * 400_000))))
    assert uploader.send(sent).code == flaws.ARCHIVE_BOMB.code
    assert (uploader.filenames(), uploader.stored()) == ([], [])


def test_the_first_file_of_a_project_has_the_same_limit(bed: Bed, uploader: Uploader) -> None:
    small = bed.assemble(project_limit=footprint(wheel()) - 1)
    assert Uploader(small.instance, uploader.account_id, uploader.token).send(wheel()).code == errors.PROJECT_FULL.code
    assert (uploader.projects(), uploader.filenames()) == ([], [])


@pytest.mark.parametrize("there", [True, False], ids=["old project", "new project"])
def test_several_files_at_once_are_not_larger_together_than_the_limit(
    bed: Bed, uploader: Uploader, there: bool
) -> None:
    small = bed.assemble(project_limit=footprint(wheel("demo", "1.0")) * 3 + 10).instance
    numbers = count()

    def send() -> Any:
        # Each with a token of its own: one token alone would keep them apart.
        number = next(numbers)
        with small.work() as work:
            made = tokens.create(work, uploader.account_id, name=f"t{number}", projects=None, expires_at=None)
        return Uploader(small, uploader.account_id, made.secret).send(wheel("demo", f"1.{number}"))

    first = [send()] if there else []
    outcomes = [*first, *at_once(send, 8)]
    refused = [outcome.code for outcome in outcomes if isinstance(outcome, Refusal)]
    assert refused == [errors.PROJECT_FULL.code] * (len(outcomes) - 3)
    assert len(uploader.filenames()) == 3


def test_the_same_content_lies_in_a_project_once(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    refusal = uploader.send(wheel().called("demo-1.0-1-py3-none-any.whl"))
    assert refusal.code == flaws.SAME_CONTENT.code
    assert refusal.reason.startswith("File already exists")


def test_what_the_form_shows_is_refused_before_the_project_is_looked_at(uploader: Uploader) -> None:
    other = make_uploader(uploader.instance, "noor")
    assert uploader.send(wheel()).new
    assert other.send(wheel("demo", "2.0").saying(classifiers=["Nonsense"])).code == flaws.CLASSIFIER.code


def test_two_names_that_look_alike_are_one_name_for_the_database(uploader: Uploader) -> None:
    with uploader.instance.work() as work:
        projects.create(work, "demo", uploader.account_id)
    with uploader.instance.work() as work, pytest.raises(projects.NameAlike):
        projects.create(work, "dem0", uploader.account_id)
