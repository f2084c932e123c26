"""What a use leaves behind, and what it uses up; of many at the same instant no more than are allowed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select, text, update

from portal.audit.models import Entry
from portal.kernel.work import Instance, Work
from portal.projects import service as projects
from portal.projects.errors import NameTaken
from portal.projects.models import Project, Release
from portal.tokens import narrowing, policy, service, using
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import Networks, NewProject, NewReleases, OneVersion, UploadsLeft
from portal.tokens.limits.own import network
from portal.tokens.models import Token
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.races import at_once
from tests.support.serving import PATIENCE_SECONDS
from tests.tokens.made import add_project, appended, basic, issued

MINUTE = timedelta(minutes=1)
AWAY = replace(READER, address="198.51.100.9", browser="twine on Linux")


def row(instance: Instance, token_id: UUID) -> Token:
    """The token as it is kept now."""
    with instance.work() as work:
        return work.db.get_one(Token, token_id)


def kinds(instance: Instance) -> list[str]:
    """What the history says of tokens, without their making."""
    with instance.work() as work:
        found = work.db.scalars(select(Entry.kind).where(Entry.kind.like("token.%")).order_by(Entry.id))
        return [kind for kind in found if not kind.startswith("token.created")]


def upload(instance: Instance, header: str, name: str = "alpha", version: str = "1.0") -> str:
    """One upload, as far as tokens are concerned; "done", or the code of the refusal."""
    with instance.work(READER) as work:
        try:
            bearer = policy.authenticate(work, header)
            found = projects.find_or_none(work, name)
            policy.authorize(work, bearer, name, project_id=found.id if found else None, version=version)
            work.settle()
            token = policy.confirm(work, bearer)
            project, created = project_of(work, name, bearer.account_id)
            if projects.release_or_none(work, project.id, version.removesuffix(".0")) is None:
                add_release(work, project, version, bearer.token_id)
            policy.spend(work, bearer, token, name, project_id=project.id, version=version, created=created)
        except TokenRefused as refusal:
            work.db.rollback()
            return refusal.code
    return "done"


def project_of(work: Work, name: str, owner_id: UUID) -> tuple[Project, bool]:
    """The project, and whether it was made here."""
    if (found := projects.find_or_none(work, name)) is not None:
        return found, False
    try:
        return projects.create(work, name, owner_id), True
    except NameTaken:
        return projects.find(work, name), False


def add_release(work: Work, project: Project, version: str, token_id: UUID | None) -> None:
    """A release that a token made."""
    canonical = version.removesuffix(".0")
    work.db.add(
        Release(project_id=project.id, version=version, canonical=canonical, created_at=work.now, token_id=token_id)
    )
    work.db.flush()


def test_a_use_is_written_down_at_most_once_a_minute(instance: Instance, clock: FixedClock) -> None:
    token_id = issued(instance).token.id
    seen = []
    for wait in (0, 59, 1, 60):
        clock.advance(timedelta(seconds=wait))
        with instance.work() as work:
            using.note_use(work, token_id)
        seen.append(row(instance, token_id).last_used_at)
    assert seen == [NOON, NOON, NOON + MINUTE, NOON + 2 * MINUTE]


def test_the_row_says_from_where_and_with_what_it_was_used_last(instance: Instance) -> None:
    token_id = issued(instance).token.id
    for actor in (READER, AWAY):
        with instance.work(actor) as work:
            using.note_use(work, token_id)
    found = row(instance, token_id)
    assert (found.last_address, found.last_client) == ("198.51.100.9", "twine on Linux")


def test_the_first_use_and_each_new_network_stand_in_the_history_once(instance: Instance, clock: FixedClock) -> None:
    token_id = issued(instance).token.id
    neighbour = replace(READER, address="192.0.200.7")
    for actor in (READER, neighbour, AWAY, READER, AWAY):
        clock.advance(MINUTE)
        with instance.work(actor) as work:
            using.note_use(work, token_id)
    assert kinds(instance) == ["token.first_used", "token.used_elsewhere"]


def test_a_refused_upload_with_a_good_token_is_a_use_as_well(instance: Instance) -> None:
    created = issued(instance)
    with instance.work(AWAY) as work:
        bearer = policy.authenticate(work, basic(created.secret))
        policy.note_use(work, bearer)
    assert row(instance, created.token.id).last_used_at == NOON


def test_each_upload_takes_one_of_those_that_are_left(instance: Instance) -> None:
    created = issued(instance, limits=[UploadsLeft(2)])
    header = basic(created.secret)
    assert [upload(instance, header) for _ in range(3)] == ["done", "done", "used-up"]
    assert row(instance, created.token.id).uploads_left == 0


def test_of_many_uploads_at_once_as_many_are_taken_as_were_left(instance: Instance) -> None:
    created = issued(instance, limits=[UploadsLeft(3)])
    outcomes = at_once(partial(upload, instance, basic(created.secret)), 20)
    assert sorted(map(str, outcomes)) == ["done"] * 3 + ["used-up"] * 17
    assert row(instance, created.token.id).uploads_left == 0


def test_of_two_who_both_saw_one_upload_left_the_second_gets_none(instance: Instance) -> None:
    token = issued(instance, limits=[UploadsLeft(1)]).token
    with instance.work() as work:
        using.count_upload(work, token)
    with instance.work() as work, pytest.raises(TokenRefused, match="used-up"):
        using.count_upload(work, token)
    assert row(instance, token.id).uploads_left == 0


def test_an_upload_that_is_not_kept_uses_nothing_up(instance: Instance) -> None:
    created = issued(instance, projects=["alpha"], limits=[UploadsLeft(1), OneVersion.of("1.0")])
    header = basic(created.secret)
    assert upload(instance, header, version="2.0") == "other-version"
    assert upload(instance, header, "beta") == "other-project"
    assert row(instance, created.token.id).uploads_left == 1
    assert upload(instance, header) == "done"


def test_a_token_for_a_new_project_creates_it_and_is_tied_to_it(instance: Instance) -> None:
    created = issued(instance, limits=[NewProject("Fresh")])
    header = basic(created.secret)
    assert upload(instance, header, "other") == "other-project"
    assert upload(instance, header, "fresh") == "done"
    assert upload(instance, header, "fresh", "2.0") == "done"
    with instance.work() as work:
        assert row(instance, created.token.id).new_project_id == projects.find(work, "fresh").id


def test_of_many_tokens_for_one_new_project_one_is_tied_to_it(instance: Instance) -> None:
    first = issued(instance, limits=[NewProject("fresh")])
    with instance.work() as work:
        owner = first.token.account_id
        service_create = partial(create_more, work, owner)
        headers = [basic(first.secret), *(basic(service_create(number)) for number in range(9))]
    waiting = iter(headers)
    outcomes = at_once(lambda: upload(instance, next(waiting), "fresh"), 10)
    assert sorted(map(str, outcomes)) == ["done"] + ["project-exists"] * 9
    with instance.work() as work:
        tied = work.db.scalars(select(Token).where(Token.new_project_id.is_not(None))).all()
        assert [token.new_project_id for token in tied] == [projects.find(work, "fresh").id]


def create_more(work: Work, owner_id: UUID, number: int) -> str:
    """One more token for the same new project."""
    limits = [NewProject("fresh")]
    return service.create(work, owner_id, name=f"t{number}", projects=None, expires_at=None, limits=limits).secret


def test_many_first_uploads_with_one_token_all_land_in_the_one_new_project(instance: Instance) -> None:
    created = issued(instance, limits=[NewProject("fresh")])
    outcomes = at_once(partial(upload, instance, basic(created.secret), "fresh"), 10)
    assert set(outcomes) == {"done"}
    with instance.work() as work:
        assert len(work.db.scalars(select(Project)).all()) == 1


def test_a_new_project_that_somebody_else_has_created_is_told(instance: Instance) -> None:
    created = issued(instance, limits=[NewProject("fresh")])
    with instance.work() as work:
        add_project(work, created.token.account_id, "fresh")
    assert upload(instance, basic(created.secret), "fresh") == "project-exists"


def test_a_token_for_new_releases_adds_to_its_own_for_a_day(instance: Instance, clock: FixedClock) -> None:
    created = issued(instance, projects=["alpha"], limits=[NewReleases()])
    with instance.work() as work:
        add_release(work, projects.find(work, "alpha"), "1.0", None)
    header = basic(created.secret)
    assert upload(instance, header, version="1.0") == "old-release"
    assert upload(instance, header, version="2.0") == "done"
    clock.advance(timedelta(hours=23, minutes=59))
    assert upload(instance, header, version="2.0") == "done"
    clock.advance(MINUTE)
    assert upload(instance, header, version="2.0") == "old-release"


def test_a_token_used_from_elsewhere_is_refused_and_its_owner_finds_it_in_the_history(instance: Instance) -> None:
    created = issued(instance, limits=[Networks.of([network("203.0.113.0/24")])])
    header = basic(created.secret)
    assert [upload(instance, header) for _ in range(2)] == ["other-network"] * 2
    assert kinds(instance) == ["token.tried_elsewhere"]


def narrowed_while_receiving(change: Callable[[Work, Token], object], instance: Instance, header: str) -> str:
    """An upload during which the row changed. Raises TokenRefused."""
    with instance.work(READER) as work:
        bearer = policy.authenticate(work, header)
    with instance.work() as other:
        change(other, other.db.get_one(Token, bearer.token_id))
    with instance.work(READER) as work:
        policy.confirm(work, bearer)
    return "done"


def test_what_the_owner_took_away_while_an_upload_was_received_is_gone_at_its_end(instance: Instance) -> None:
    def use_up(work: Work, token: Token) -> None:
        work.db.execute(update(Token).values(uploads_left=0))

    header = basic(issued(instance).secret)
    with pytest.raises(TokenRefused, match="used-up"):
        narrowed_while_receiving(use_up, instance, header)


def somebody_waits(work: Work) -> bool:
    """Whether another transaction waits for a row; on SQLite nobody can tell, and nothing depends on it there."""
    if work.instance.database.is_sqlite:
        return True
    # Not of pg_stat_activity: within a transaction that stays as it was first seen.
    return bool(work.db.scalar(text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")))


def test_an_upload_that_waits_while_its_token_is_narrowed_is_held_to_the_new_limits(instance: Instance) -> None:
    created = issued(instance)
    with instance.work(READER) as work:
        bearer = policy.authenticate(work, basic(created.secret))

    def confirm() -> None:
        with instance.work(READER) as work:
            policy.confirm(work, bearer)

    elsewhere = Networks.of([network("203.0.113.0/24")])
    end = time.monotonic() + PATIENCE_SECONDS
    with ThreadPoolExecutor(1) as pool:
        with instance.work() as owner:
            narrowing.narrow(owner, created.token.account_id, created.token.id, [elsewhere])
            outcome = pool.submit(confirm)
            while not somebody_waits(owner):
                assert time.monotonic() < end
        with pytest.raises(TokenRefused, match="other-network"):
            outcome.result(PATIENCE_SECONDS)


def test_a_flood_of_refused_tokens_makes_one_write_an_hour(instance: Instance, clock: FixedClock) -> None:
    made = issued(instance)
    with instance.work() as work:
        service.revoke(work, made.token.account_id, made.token.id)
    engine, written = instance.database.engine, []

    def watch(*seen: Any) -> None:
        written.extend([seen[2]] if seen[2].startswith(("UPDATE", "INSERT", "DELETE")) else [])

    event.listen(engine, "before_cursor_execute", watch)
    try:
        counts = []
        for wait in (timedelta(), timedelta(minutes=59), MINUTE):
            clock.advance(wait)
            del written[:]
            assert {upload(instance, basic(made.secret)) for _ in range(20)} == {"revoked"}
            counts.append(sum("last_refused_at" in statement for statement in written))
            counts.append(len(written) > 0)
    finally:
        event.remove(engine, "before_cursor_execute", watch)
    assert counts == [1, True, 0, False, 1, True]
    assert kinds(instance).count("token.tried_revoked") == 2


def test_a_useless_copy_hides_nothing_that_is_done_with_the_token_itself(instance: Instance) -> None:
    made = issued(instance)
    over = appended(made.secret, f"[0,{int((NOON - timedelta(days=1)).timestamp())},0]".encode())
    assert upload(instance, basic(over)) == "expired"
    with instance.work() as work:
        service.revoke(work, made.token.account_id, made.token.id)
    assert upload(instance, basic(made.secret)) == "revoked"
    assert [kind for kind in kinds(instance) if "tried" in kind] == ["token.tried_expired_copy", "token.tried_revoked"]
