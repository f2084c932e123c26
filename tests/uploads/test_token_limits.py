"""Real uploads with limited tokens: what counts, what is bound, and the header that tells a near end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.projects import service as projects
from portal.projects.errors import NameTaken
from portal.tokens import service as tokens
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import Limit, NewProject, NewReleases, OneVersion, UploadsLeft
from portal.tokens.models import Token
from portal.uploads.views.legacy import TOKEN_EXPIRES
from tests.support.clock import NOON, FixedClock
from tests.support.races import at_once
from tests.support.site import Site
from tests.uploads.artefacts import sdist, wheel
from tests.uploads.conftest import Uploader
from tests.uploads.test_legacy import Tool

DAY = timedelta(days=1)


def limited(uploader: Uploader, *limits: Limit, expires_at: datetime | None = None) -> Uploader:
    """The same person with a limited token."""
    with uploader.instance.work() as work:
        made = tokens.create(
            work, uploader.account_id, name="limited", projects=None, expires_at=expires_at, limits=limits
        )
    return Uploader(uploader.instance, uploader.account_id, made.secret)


def row(uploader: Uploader) -> Token:
    """The limited token as it is kept now."""
    with uploader.instance.work() as work:
        return work.db.scalars(select(Token).where(Token.name == "limited")).one()


def test_only_files_that_are_new_on_the_index_count(uploader: Uploader) -> None:
    sender = limited(uploader, UploadsLeft(2))
    assert sender.send(wheel()).new
    assert not sender.send(wheel()).new
    assert sender.send(wheel().holding(b"no archive")).code != "used-up"
    assert row(uploader).uploads_left == 1
    assert sender.send(sdist()).new
    with pytest.raises(TokenRefused, match="used-up"):
        sender.send(wheel("demo", "2.0"))


def test_of_many_uploads_at_once_as_many_files_lie_on_the_index_as_were_left(uploader: Uploader) -> None:
    sender = limited(uploader, UploadsLeft(2))
    versions = iter(range(1, 9))
    outcomes = at_once(lambda: sender.send(wheel("demo", f"{next(versions)}.0")), 8)
    assert sum(getattr(outcome, "new", False) for outcome in outcomes) == 2
    assert {getattr(outcome, "code", "used-up") for outcome in outcomes} == {"used-up"}
    assert len(uploader.filenames()) == 2


def test_a_token_for_a_new_project_makes_it_and_adds_to_it(uploader: Uploader) -> None:
    sender = limited(uploader, NewProject("Demo"))
    assert sender.send(wheel("other", "1.0")).code == "other-project"
    assert sender.send(wheel()).new
    assert sender.send(wheel("demo", "2.0")).new
    with uploader.instance.work() as work:
        assert row(uploader).new_project_id == projects.find(work, "demo").id


def test_a_project_that_is_there_is_no_new_one(uploader: Uploader) -> None:
    sender = limited(uploader, NewProject("demo"))
    assert uploader.send(wheel()).new
    assert sender.send(wheel("demo", "2.0")).code == "project-exists"
    limits = [NewProject("demo")]
    with uploader.instance.work() as work, pytest.raises(NameTaken):
        tokens.create(work, uploader.account_id, name="x", projects=None, expires_at=None, limits=limits)


def test_one_version_and_new_releases_are_held_by_uploads(uploader: Uploader, clock: FixedClock) -> None:
    sender = limited(uploader, OneVersion.of("2"), NewReleases())
    assert sender.send(wheel()).code == "other-version"
    assert sender.send(wheel("demo", "2.0")).new
    clock.advance(DAY)
    assert sender.send(sdist("demo", "2.0")).code == "old-release"


def test_a_refused_version_is_told_as_it_was_written(site: Site, uploader: Uploader) -> None:
    tool = Tool(site, limited(uploader, OneVersion.of("2")).token)
    assert "is not for version 1.0. It is for: 2." in tool.upload(wheel()).text
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        made = tokens.create(
            work, uploader.account_id, name="new", projects=None, expires_at=None, limits=[NewReleases()]
        )
    assert "Version 1.0 is not one of them." in Tool(site, made.secret).upload(sdist()).text


@pytest.mark.parametrize(("days", "told"), [(30, True), (31, False), (None, False)])
def test_answers_tell_an_end_within_thirty_days(site: Site, uploader: Uploader, days: int | None, told: bool) -> None:
    sender = limited(uploader, expires_at=None if days is None else NOON + days * DAY)
    tool = Tool(site, sender.token)
    answers: list[Any] = [tool.upload(wheel()), tool.upload(wheel()), tool.upload(wheel().holding(b"no archive"))]
    assert [answer.status_int for answer in answers] == [200, 200, 400]
    expected = "Wed, 01 Jul 2026 12:00:00 GMT" if told else None
    assert [answer.headers.get(TOKEN_EXPIRES) for answer in answers] == [expected] * 3
