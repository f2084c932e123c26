"""Who may upload with what they sent, and what everybody else is told."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta

import pypitoken
import pytest
from sqlalchemy import delete, select

from portal.audit.models import Entry
from portal.kernel.errors import Throttled
from portal.kernel.work import Instance
from portal.tokens import policy, service
from portal.tokens.errors import TokenRefused, no_role
from portal.tokens.macaroon import mint
from portal.tokens.models import Token
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.races import at_once
from tests.tokens.made import appended, basic, issued, minted

DAY = timedelta(days=1)


def refusal(instance: Instance, header: str | None, project: str = "alpha") -> TokenRefused:
    """Why an upload with this header is refused; nothing is left open."""
    work = instance.open(READER)
    with pytest.raises(TokenRefused) as caught:
        policy.authorize(work, policy.authenticate(work, header), project)
    work.require_settled()
    work.db.close()
    assert caught.value.reason.isascii()
    assert caught.value.reason.isprintable()
    assert len(caught.value.reason) <= 200
    return caught.value


@pytest.mark.parametrize(
    "make",
    [
        basic,
        lambda token: basic(f"  {token}\r\n"),
        lambda token: basic(token, " __token__ "),
        lambda token: basic(token).replace("Basic", "bASIC") + "  ",
        lambda token: f"Bearer {token}",
        lambda token: f"token  {token} ",
    ],
    ids=["plain", "spaces around the token", "spaces around the name", "other letters", "bearer", "token"],
)
def test_a_good_token_is_its_owners(instance: Instance, make: Callable[[str], str]) -> None:
    created = issued(instance)
    with instance.work(READER) as work:
        bearer = policy.authenticate(work, make(created.secret))
        work.require_settled()
        policy.authorize(work, bearer, "anything")
        policy.note_use(work, bearer)
        policy.confirm(work, bearer)
    assert (bearer.token_id, bearer.account_id) == (created.token.id, created.token.account_id)
    assert (bearer.username, bearer.label) == ("mira", "laptop")
    with instance.work() as work:
        assert work.db.get_one(Token, created.token.id).last_used_at == NOON


@pytest.mark.parametrize(
    ("header", "code", "status"),
    [
        (None, "missing", 401),
        ("  ", "missing", 401),
        ("Basic", "ill-formed", 401),
        ("Basic !", "ill-formed", 401),
        ("Basic é", "ill-formed", 401),
        ("Basic " + b64encode(b"__token__").decode(), "ill-formed", 401),
        ("Basic " + b64encode(b"__token__:\xff").decode(), "ill-formed", 401),
        ("Digest username=x", "ill-formed", 401),
        (minted(), "ill-formed", 401),
        (basic(minted(), "mira"), "user-name", 403),
        (basic(minted(), ""), "user-name", 403),
        (basic(""), "not-ours", 403),
        (basic("hunter2"), "not-ours", 403),
        (basic(minted()), "not-ours", 403),
        (basic("pypi-" + "A" * 5000), "not-ours", 403),
        (basic("pypi-" + "A" * 50_000), "not-ours", 403),
        ("Bearer \0", "not-ours", 403),
    ],
)
def test_what_is_no_token_is_refused(instance: Instance, header: str | None, code: str, status: int) -> None:
    found = refusal(instance, header)
    assert (found.code, found.status) == (code, status)


def test_another_user_name_is_named_as_the_mistake(instance: Instance) -> None:
    assert '"mirä"'.encode("ascii", "backslashreplace").decode() in refusal(instance, basic("x", "mirä")).reason
    assert "\n" not in refusal(instance, basic("x", "a\nb")).reason


def test_a_token_of_another_index_is_told_where_it_may_belong(instance: Instance) -> None:
    assert "the index at packages.example.org" in refusal(instance, basic(minted())).reason
    ours = issued(instance).secret
    assert "copy the whole token again" in refusal(instance, basic(ours[:-4])).reason


def test_altered_tokens_are_refused_alike_whatever_their_limits_say(instance: Instance) -> None:
    token = issued(instance).token
    forged = mint(
        location=instance.settings.host, token_id=token.id, key=secrets.token_bytes(32), caveats=["[0,1,0]", "[99]"]
    )
    unknown = mint(location=instance.settings.host, token_id=token.account_id, key=bytes(32), caveats=[])
    assert refusal(instance, basic(forged)).sentence == refusal(instance, basic(unknown)).sentence


def test_a_changed_location_does_not_matter_to_a_signed_token(instance: Instance) -> None:
    created = issued(instance)
    loaded = pypitoken.Token.load(created.secret)
    loaded._macaroon.location = "elsewhere.example"
    with instance.work(READER) as work:
        assert policy.authenticate(work, basic(loaded.dump())).token_id == created.token.id


def test_an_expired_token_is_told_when(instance: Instance, clock: FixedClock) -> None:
    created = issued(instance, expires_at=NOON + DAY)
    clock.advance(DAY - timedelta(seconds=1))
    with instance.work(READER) as work:
        bearer = policy.authenticate(work, basic(created.secret))
    clock.advance(timedelta(seconds=1))
    found = refusal(instance, basic(created.secret))
    assert found.code == "expired"
    assert "2026-06-02 12:00 UTC" in found.reason
    with instance.work(READER) as work, pytest.raises(TokenRefused, match="expired"):
        policy.confirm(work, bearer)


def test_a_revoked_token_is_told_so_also_when_it_has_expired(instance: Instance, clock: FixedClock) -> None:
    created = issued(instance, expires_at=NOON + DAY)
    with instance.work() as work:
        service.revoke(work, created.token.account_id, created.token.id)
    clock.advance(2 * DAY)
    assert refusal(instance, basic(created.secret)).code == "revoked"


def test_a_token_revoked_while_the_upload_was_received_is_refused_at_its_end(instance: Instance) -> None:
    created = issued(instance)
    with instance.work(READER) as work:
        bearer = policy.authenticate(work, basic(created.secret))
    with instance.work() as work:
        service.revoke(work, created.token.account_id, created.token.id)
    with instance.work(READER) as work, pytest.raises(TokenRefused, match="revoked"):
        policy.confirm(work, bearer)


def test_many_uploads_with_one_token_do_not_wait_for_each_other_for_ever(instance: Instance) -> None:
    header = basic(issued(instance).secret)

    def upload() -> str:
        with instance.work(READER) as work:
            bearer = policy.authenticate(work, header)
            policy.note_use(work, bearer)
            policy.confirm(work, bearer)
        return "done"

    assert set(at_once(upload)) == {"done"}


def test_the_use_of_an_ended_token_is_in_the_history_once_an_hour(instance: Instance, clock: FixedClock) -> None:
    created = issued(instance, expires_at=NOON + DAY)
    clock.advance(DAY)
    for minutes in (0, 59, 1):
        clock.advance(timedelta(minutes=minutes))
        refusal(instance, basic(created.secret))
    with instance.work() as work:
        service.revoke(work, created.token.account_id, created.token.id)
    clock.advance(timedelta(hours=1))
    refusal(instance, basic(created.secret))
    with instance.work() as work:
        tried = list(work.db.scalars(select(Entry).where(Entry.kind.like("token.tried%")).order_by(Entry.id)))
    assert [entry.kind for entry in tried] == ["token.tried_expired"] * 2 + ["token.tried_revoked"]
    assert {(entry.account_id, entry.address) for entry in tried} == {(created.token.account_id, READER.address)}


def test_another_project_is_named_with_those_the_token_is_for(instance: Instance) -> None:
    created = issued(instance, projects=["alpha", "beta", "gamma"])
    found = refusal(instance, basic(created.secret), "delta")
    assert found.code == "other-project"
    said, _, remedy = found.reason.partition(" Use another")
    assert said == 'This API token is not for the project "delta". It is for: alpha, beta, ....'
    assert remedy
    with instance.work(READER) as work:
        policy.authorize(work, policy.authenticate(work, basic(created.secret)), "beta")


@pytest.mark.parametrize(
    ("caveat", "code"),
    [
        (b"[0, 4102444800, 4102444000]", "not-yet-valid"),
        (b"[0, %d, %d]" % (10**40, 10**40), "not-yet-valid"),
        (b"[0, 5, 0]", "expired"),
        (b"[0, -5, -9]", "expired"),
        (b'[1, ["beta"]]', "other-project"),
        (b"[1, []]", "other-project"),
        (b'[2, ["0190b9d8-5c2f-4a5e-8f00-1234567890ab"]]', "other-project"),
        (b'[3, "somebody"]', "other-account"),
        (b'[4, "publisher", {}]', "unknown-limit"),
        (b"[100, 5]", "unknown-limit"),
        (b"\xff", "unknown-limit"),
        (b"", "unknown-limit"),
    ],
)
def test_a_limit_that_its_holder_added_is_told(instance: Instance, caveat: bytes, code: str) -> None:
    assert refusal(instance, basic(appended(issued(instance).secret, caveat))).code == code


def test_a_token_narrowed_by_pypitoken_works_for_its_project_only(instance: Instance) -> None:
    created = issued(instance, projects=["alpha", "beta"])
    narrowed = pypitoken.Token.load(created.secret).restrict(project_names=["beta"]).dump()
    assert refusal(instance, basic(narrowed), "alpha").code == "other-project"
    with instance.work(READER) as work:
        policy.authorize(work, policy.authenticate(work, basic(narrowed)), "beta")


def test_the_token_of_a_closed_account_is_not_ours(instance: Instance) -> None:
    created = issued(instance)
    with instance.work() as work:
        work.db.execute(delete(Token))
    assert refusal(instance, basic(created.secret)).code == "not-ours"


def test_a_key_that_no_longer_opens_is_not_ours(instance: Instance) -> None:
    created = issued(instance)
    with instance.work() as work:
        work.db.get_one(Token, created.token.id).sealed_key = b"x" * 80
    assert refusal(instance, basic(created.secret)).code == "not-ours"


def test_a_network_that_sends_many_wrong_tokens_waits_but_its_good_tokens_work(instance: Instance) -> None:
    good = basic(issued(instance).secret)
    for _ in range(30 * instance.settings.throttle_free):
        refusal(instance, basic("wrong"))
    work = instance.open(READER)
    with pytest.raises(Throttled):
        policy.authenticate(work, basic("wrong"))
    assert policy.authenticate(work, good).username == "mira"
    work.db.close()


def test_a_lost_role_is_told_in_a_reason_phrase() -> None:
    found = no_role("alpha")
    assert (found.code, found.status) == ("no-role", 403)
    assert '"alpha"' in found.reason
