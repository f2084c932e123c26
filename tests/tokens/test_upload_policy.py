"""Who may upload with what, by the operator's policy."""

from __future__ import annotations

from base64 import b64encode

import pytest
from sqlalchemy import select

from portal.audit.models import Entry
from portal.kernel.errors import Throttled
from portal.kernel.work import Instance
from portal.tokens import policy, service
from portal.tokens.errors import TokenRefused
from portal.tokens.policy import Bearer
from tests.factors.people import add_app
from tests.support.clock import FixedClock
from tests.support.instances import READER, Bed
from tests.support.people import Someone, make_person
from tests.tokens.made import basic


@pytest.fixture
def person(instance: Instance) -> Someone:
    """Somebody without a second factor."""
    return make_person(instance)


def asked(instance: Instance, header: str) -> Bearer | str:
    """The bearer, or the code of the refusal; nothing is left open."""
    work = instance.open(READER)
    try:
        return policy.authenticate(work, header)
    except TokenRefused as refusal:
        return refusal.code if refusal.reason.isascii() and len(refusal.reason) <= 200 else refusal.reason
    finally:
        work.require_settled()
        work.db.close()


def token_of(instance: Instance, person: Someone) -> str:
    with instance.work(READER) as work:
        return basic(service.create(work, person.account_id, name="CI", projects=None, expires_at=None).secret)


def pair(name: str, password: str) -> str:
    return "Basic " + b64encode(f"{name}:{password}".encode()).decode()


def test_by_default_a_password_is_refused_and_a_token_is_enough(instance: Instance, person: Someone) -> None:
    assert asked(instance, pair("ada", person.password)) == "user-name"
    assert isinstance(asked(instance, token_of(instance, person)), Bearer)


@pytest.mark.parametrize("strictness", [{"upload_policy": "token-only-with-2fa"}, {"two_factor": "required"}])
def test_where_2fa_is_wanted_a_token_of_somebody_without_it_waits(
    bed: Bed, person: Someone, strictness: dict[str, str]
) -> None:
    strict = bed.assemble(**strictness).instance
    header = token_of(strict, person)
    assert asked(strict, header) == "no-2fa"
    add_app(strict, person.account_id)
    assert isinstance(asked(strict, header), Bearer)


@pytest.fixture
def lenient(bed: Bed) -> Instance:
    """An index that takes passwords, too."""
    return bed.assemble(upload_policy="password-or-token").instance


def test_a_password_uploads_for_its_owner_and_has_no_limits(lenient: Instance, person: Someone) -> None:
    bearer = asked(lenient, pair("Ada", person.password))
    assert isinstance(bearer, Bearer)
    assert (bearer.account_id, bearer.token_id) == (person.account_id, None)
    with lenient.work(READER) as work:
        policy.authorize(work, bearer, "anything")
        policy.note_use(work, bearer)
        policy.confirm(work, bearer)


def test_tokens_go_on_working(lenient: Instance, person: Someone) -> None:
    bearer = asked(lenient, token_of(lenient, person))
    assert isinstance(bearer, Bearer)
    assert bearer.token_id is not None


def test_with_a_second_factor_the_password_is_not_enough(lenient: Instance, person: Someone) -> None:
    add_app(lenient, person.account_id)
    assert asked(lenient, pair("ada", person.password)) == "password-with-2fa"
    assert asked(lenient, pair("ada", "something else entirely")) == "wrong-password"


def test_a_wrong_password_and_a_wrong_name_are_told_apart_by_nobody(lenient: Instance, person: Someone) -> None:
    assert asked(lenient, pair("ada", "something else entirely")) == "wrong-password"
    assert asked(lenient, pair("nobody", "something else entirely")) == "wrong-password"
    with lenient.work() as work:
        kinds = list(
            work.db.scalars(select(Entry.kind).where(Entry.account_id == person.account_id).order_by(Entry.id))
        )
    assert kinds == ["session.refused.password"]


def test_guessing_is_throttled_as_at_the_sign_in(lenient: Instance, person: Someone, clock: FixedClock) -> None:
    for _ in range(10):
        assert asked(lenient, pair("ada", "something else entirely")) == "wrong-password"
    with pytest.raises(Throttled):
        asked(lenient, pair("ada", person.password))


@pytest.mark.parametrize("header", ["", "Basic !!!", "Basic " + b64encode(b"nocolon").decode(), "Digest x"])
def test_what_cannot_be_read_is_refused_as_ever(lenient: Instance, header: str) -> None:
    assert asked(lenient, header) in {"missing", "ill-formed"}
