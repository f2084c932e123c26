"""Creating, listing and ending tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.errors import NotFound
from portal.kernel.model import Base
from portal.kernel.vault import Unsealable
from portal.kernel.work import Instance, Work
from portal.tokens import known, listing, service
from portal.tokens.errors import AddressNotConfirmed, AlreadyRevoked, NameTaken, TokenTooLong, TooManyTokens
from portal.tokens.limits import Owner, ProjectNames
from portal.tokens.limits import read as read_limits
from portal.tokens.macaroon import read
from tests.support.clock import NOON, FixedClock
from tests.support.races import at_once
from tests.tokens.made import add_account, add_project, issued, raw

DAY = timedelta(days=1)


def history(work: Work) -> list[Entry]:
    """Everything that was recorded, oldest first."""
    return list(work.db.scalars(select(Entry).order_by(Entry.id)))


def test_the_chosen_limits_stand_in_the_token(work: Work) -> None:
    owner = add_account(work)
    add_project(work, owner, "alpha")
    add_project(work, owner, "beta")
    created = service.create(work, owner, name="ci", projects={"beta", "alpha"}, expires_at=NOON + DAY)
    limits = read_limits(read(created.secret).caveats)
    assert limits.get(ProjectNames) == ProjectNames.of({"alpha", "beta"})
    assert limits.expires_at == NOON + DAY
    assert limits.get(Owner) == Owner.of(owner)
    assert limits == created.token.limits


def test_a_token_for_everything_names_no_project_and_no_end(work: Work) -> None:
    owner = add_account(work)
    sent = read(service.create(work, owner, name="ci", projects=None, expires_at=None).secret)
    assert read_limits(sent.caveats).held == (Owner.of(owner),)
    assert sent.location == work.settings.host


def everything(work: Work) -> bytes:
    """Every cell of every table."""
    cells = [cell for table in Base.metadata.sorted_tables for row in work.db.execute(select(table)) for cell in row]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


def test_neither_token_nor_key_is_stored_or_recorded(instance: Instance) -> None:
    created = issued(instance, projects=["alpha"])
    with instance.work() as work:
        key = known.open_key(work, created.token)
        held = everything(work)
    signature = raw(created.secret)[-32:]
    assert read(created.secret).signed_by(key)
    assert created.token.sealed_key in held
    for secret in (created.secret.encode(), created.secret[-40:].encode(), signature, key):
        assert secret not in held
        assert secret.hex().encode() not in held
    assert created.secret not in repr(created)


def test_the_key_of_one_row_does_not_open_for_another(instance: Instance, work: Work) -> None:
    created = issued(instance)
    other = service.create(work, created.token.account_id, name="other", projects=None, expires_at=None)
    other.token.sealed_key = created.token.sealed_key
    with pytest.raises(Unsealable):
        known.open_key(work, other.token)


def test_a_token_needs_a_confirmed_address(work: Work) -> None:
    owner = add_account(work, confirmed=False)
    with pytest.raises(AddressNotConfirmed):
        service.create(work, owner, name="ci", projects=None, expires_at=None)


def test_a_token_is_only_for_projects_that_its_owner_may_upload_to(work: Work) -> None:
    owner, other = add_account(work), add_account(work, "noa")
    add_project(work, other, "theirs")
    with pytest.raises(NotFound):
        service.create(work, owner, name="ci", projects={"theirs"}, expires_at=None)


def test_project_names_too_long_for_one_token_are_refused(work: Work) -> None:
    owner = add_account(work)
    names = {f"{number:02}" + "x" * 90 for number in range(40)}
    for name in names:
        add_project(work, owner, name)
    with pytest.raises(TokenTooLong):
        service.create(work, owner, name="ci", projects=names, expires_at=None)


def test_names_are_unique_among_the_working_tokens_of_an_account(instance: Instance, clock: FixedClock) -> None:
    owner = issued(instance, name="Laptop", expires_at=NOON + DAY).token.account_id
    with instance.work() as work:
        other = add_account(work, "noa")
        service.create(work, other, name="laptop", projects=None, expires_at=None)
        with pytest.raises(NameTaken):
            service.create(work, owner, name="lapTop", projects=None, expires_at=None)
    clock.advance(DAY)
    with instance.work() as work:
        again = service.create(work, owner, name="laptop", projects=None, expires_at=None).token
        service.revoke(work, owner, again.id)
        service.create(work, owner, name="laptop", projects=None, expires_at=None)


def test_an_account_has_at_most_a_hundred_working_tokens(work: Work) -> None:
    owner = add_account(work)
    for number in range(service.LIVE_LIMIT):
        last = service.create(work, owner, name=f"t{number}", projects=None, expires_at=None).token
    with pytest.raises(TooManyTokens):
        service.create(work, owner, name="one more", projects=None, expires_at=None)
    service.revoke(work, owner, last.id)
    service.create(work, owner, name="one more", projects=None, expires_at=None)


def test_creating_and_revoking_stand_in_the_history(instance: Instance) -> None:
    created = issued(instance, name="ci", projects=["alpha"])
    with instance.work() as work:
        service.create(work, created.token.account_id, name="all", projects=None, expires_at=None)
        service.revoke(work, created.token.account_id, created.token.id)
        entries = [entry for entry in history(work) if entry.kind.startswith("token.")]
        assert [entry.kind for entry in entries] == ["token.created_for_projects", "token.created", "token.revoked"]
        assert {entry.account_id for entry in entries} == {created.token.account_id}
        assert entries[0].facts["scope"] == ["alpha"]


def test_somebody_elses_token_is_not_found(instance: Instance, work: Work) -> None:
    created = issued(instance)
    stranger = add_account(work, "noa")
    for act in (service.find_own, service.revoke):
        with pytest.raises(NotFound):
            act(work, stranger, created.token.id)


def test_a_token_is_revoked_once(instance: Instance, work: Work) -> None:
    created = issued(instance)
    service.revoke(work, created.token.account_id, created.token.id)
    with pytest.raises(AlreadyRevoked):
        service.revoke(work, created.token.account_id, created.token.id)


def test_of_many_revocations_at_once_one_wins(instance: Instance) -> None:
    created = issued(instance)

    def revoke() -> str:
        with instance.work() as work:
            service.revoke(work, created.token.account_id, created.token.id)
        return "revoked"

    outcomes = at_once(revoke)
    assert outcomes.count("revoked") == 1
    assert sum(isinstance(outcome, AlreadyRevoked) for outcome in outcomes) == len(outcomes) - 1
    with instance.work() as work:
        assert [entry.kind for entry in history(work)].count("token.revoked") == 1


def test_of_many_tokens_with_one_name_at_once_one_is_made(instance: Instance) -> None:
    owner = issued(instance, name="first").token.account_id

    def create() -> str:
        with instance.work() as work:
            service.create(work, owner, name="same", projects=None, expires_at=None)
        return "made"

    outcomes = at_once(create)
    assert outcomes.count("made") == 1
    assert sum(isinstance(outcome, NameTaken) for outcome in outcomes) == len(outcomes) - 1


def test_working_tokens_are_listed_first_and_ended_ones_in_pages(instance: Instance, clock: FixedClock) -> None:
    owner = issued(instance, name="keeps").token.account_id
    for number in range(listing.PAGE_SIZE + 2):
        clock.advance(timedelta(seconds=number % 2))
        with instance.work() as work:
            ended = service.create(work, owner, name=f"e{number}", projects=None, expires_at=None).token
            service.revoke(work, owner, ended.id)
    with instance.work() as work:
        first = listing.listed(work, owner)
        second = listing.listed(work, owner, behind=first.more)
        names = [token.name for token in first.tokens]
        assert names[0] == "keeps"
        assert len(names) == listing.PAGE_SIZE
        assert len({token.id for token in first.tokens + second.tokens}) == listing.PAGE_SIZE + 3
        assert second.more is None
        with pytest.raises(NotFound):
            listing.listed(work, add_account(work, "noa"), behind=first.more)
