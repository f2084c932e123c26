"""The letters, as their recipients read them."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.accounts.events import PasswordChanged, PasswordReset
from portal.accounts.models import Account, Address
from portal.audit.events import Event
from portal.factors.recovery.events import RecoveryCodesCreated, RecoveryCodeUsed
from portal.factors.totp.events import AuthenticatorAdded
from portal.kernel.ids import new_id
from portal.kernel.work import Actor, Instance
from portal.notices.service import send_due
from portal.tokens import service as tokens
from portal.tokens.events import ProjectTokenCreated, TokenCreated, TokenRevoked
from tests.notices.conftest import Postbox
from tests.support.clock import NOON

READER = Actor(address="192.0.2.7", browser="Firefox on Linux")
ADA = "ada@example.org"


@pytest.fixture
def ada(instance: Instance) -> Account:
    """Somebody with one confirmed address."""
    with instance.work() as work:
        account = Account(id=new_id(), username="Ada", username_key="ada", created_at=NOON)
        work.db.add(account)
        work.db.flush()
        work.db.add(_address(account, ADA, confirmed=True))
    return account


def _address(account: Account, email: str, *, confirmed: bool) -> Address:
    at = NOON if confirmed else None
    return Address(
        account_id=account.id, email=email, email_key=email, confirmed_at=at, is_primary=confirmed, created_at=NOON
    )


def sent(instance: Instance, postbox: Postbox, *events: Event) -> list[EmailMessage]:
    """What arrives after these events."""
    with instance.work(READER) as work:
        for event in events:
            work.record(event)
    send_due(instance)
    return postbox.messages


def text_of(message: EmailMessage) -> str:
    text: str = message.get_content()
    return text


def folded(message: EmailMessage) -> str:
    """The text without its line ends."""
    return " ".join(text_of(message).split())


def test_an_address_to_confirm_gets_a_link_that_works(instance: Instance, postbox: Postbox) -> None:
    with instance.work(READER) as work:
        accounts.register(work, username="Grace", email="grace@example.org", password_hash="x")
    send_due(instance)
    [message] = postbox.messages
    assert message["To"] == "grace@example.org"
    assert message["Subject"] == "Confirm your e-mail address"
    [link] = [line for line in text_of(message).splitlines() if "/verify-email/" in line]
    assert link.startswith("http://localhost/account/verify-email/")
    ticket = link.split("/")[-2]
    with instance.work() as work:
        assert tickets.find(work, tickets.Purpose.CONFIRM_ADDRESS, ticket).expires_at == NOON + timedelta(hours=24)
    assert "until 2 June 2026, 12:00 UTC." in folded(message)


def test_an_address_that_has_an_account_is_told_so_without_a_link_to_confirm(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    with instance.work(READER) as work:
        accounts.register(work, username="Mallory", email="ADA@example.org", password_hash="x")
    send_due(instance)
    [message] = postbox.messages
    assert message["To"] == "ADA@example.org"
    assert message["Subject"] == "You already have an account"
    assert "your account Ada" in folded(message)
    assert "verify-email" not in text_of(message)
    assert "for the account Mallory" in folded(message)


def test_security_letters_go_to_every_confirmed_address_and_to_no_other(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    second = "ada@work.example"
    with instance.work() as work:
        other = _address(ada, second, confirmed=True)
        other.is_primary = False
        work.db.add_all([other, _address(ada, "unproven@example.org", confirmed=False)])
    event = AuthenticatorAdded(account_id=ada.id, authenticator_id=new_id(), name="Phone", first=True)
    assert sorted(message["To"] for message in sent(instance, postbox, event)) == [ADA, second]


Case = tuple[str, type[Event], dict[str, Any], list[str]]
CASES: list[Case] = [
    (
        "Authenticator app added",
        AuthenticatorAdded,
        {"authenticator_id": new_id(), "name": "Phone", "first": True},
        ["The authenticator app Phone was added to your account.", "Two-factor authentication is now on"],
    ),
    (
        "New recovery codes made",
        RecoveryCodesCreated,
        {"count": 10, "replaced": True},
        ["a new list of 10 recovery codes.", "The codes of the earlier list no longer work."],
    ),
    ("Recovery code used", RecoveryCodeUsed, {"left": 9}, ["You have 9 recovery codes left."]),
    (
        "Password changed",
        PasswordChanged,
        {"end_sessions": True, "revoke_tokens": False},
        ["The password of your account was changed. Everybody who was signed in to your account elsewhere"],
    ),
    (
        "Password changed",
        PasswordReset,
        {"end_sessions": True, "revoke_tokens": True},
        ["was changed with a link that we had sent", "All your API tokens were revoked."],
    ),
    (
        "API token revoked",
        TokenRevoked,
        {"token_id": new_id(), "label": "CI"},
        ["The API token CI was revoked."],
    ),
    (
        "API token created",
        TokenCreated,
        {"token_id": new_id(), "label": "CI"},
        ["It can upload to every project that you can upload to.", "It works until you revoke it."],
    ),
    (
        "API token created",
        ProjectTokenCreated,
        {"token_id": new_id(), "label": "CI", "scope": ("apple", "pear"), "expires_at": NOON + timedelta(days=30)},
        [
            "- apple - pear",
            "It works until 1 July 2026, 12:00 UTC.",
            "http://localhost/manage/account/tokens/",
        ],
    ),
]


@pytest.mark.parametrize("case", CASES)
def test_a_security_letter_says_what_happened_when_where_and_what_to_do(
    instance: Instance, postbox: Postbox, ada: Account, case: Case
) -> None:
    subject, kind, facts, sentences = case
    [message] = sent(instance, postbox, kind(account_id=ada.id, **facts))
    assert message["Subject"] == subject
    text = folded(message)
    for sentence in [
        "Hello Ada,",
        *sentences,
        "Time: 1 June 2026, 12:00 UTC",
        "Network address: 192.0.2.7",
        "Browser or program: Firefox on Linux",
        "If it was not you",
        "http://localhost/manage/account/history/",
    ]:
        assert sentence in text


def test_tokens_revoked_together_are_told_by_the_letter_about_the_password_alone(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    with instance.work() as work:
        for name in ("laptop", "server"):
            tokens.create(work, ada.id, name=name, projects=None, expires_at=None)
    send_due(instance)
    postbox.messages.clear()
    changed = PasswordChanged(account_id=ada.id, end_sessions=False, revoke_tokens=True)
    assert [message["Subject"] for message in sent(instance, postbox, changed)] == ["Password changed"]


@pytest.mark.parametrize(("left", "reminded"), [(4, False), (3, True), (1, True), (0, True)])
def test_three_recovery_codes_or_fewer_are_a_reason_to_make_new_ones(
    instance: Instance, postbox: Postbox, ada: Account, left: int, reminded: bool
) -> None:
    [message] = sent(instance, postbox, RecoveryCodeUsed(account_id=ada.id, left=left))
    assert ("Make a new list soon." in folded(message)) is reminded
    assert ("/two-factor/recovery-codes/" in text_of(message)) is reminded
    number = {4: "4 recovery codes left", 3: "3 recovery codes left", 1: "1 recovery code left", 0: "no recovery codes"}
    assert number[left] in folded(message)


def test_every_letter_is_plain_text_in_lines_and_names_its_language(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    [message] = sent(instance, postbox, TokenRevoked(account_id=ada.id, token_id=new_id(), label="CI"))
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message["Content-Language"] == "en"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Doorward <no-reply@localhost>"
    assert message["Date"].datetime == NOON
    lines = text_of(message).splitlines()
    assert max(len(line) for line in lines if "http" not in line) <= 72
    assert [line for line in lines if "http" in line] == [line for line in lines if line.startswith("http")]


def test_a_letter_is_in_the_language_of_its_recipient(instance: Instance, postbox: Postbox, ada: Account) -> None:
    with instance.work() as work:
        work.db.get_one(Account, ada.id).locale = "en_XA"
    [message] = sent(instance, postbox, TokenRevoked(account_id=ada.id, token_id=new_id(), label="CI"))
    assert message["Content-Language"] == "en-XA"
    assert message["Subject"] != "API token revoked"
    assert "was revoked" not in folded(message)
    assert "CI" in text_of(message)


def test_what_a_person_typed_can_neither_break_a_line_nor_reorder_it(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    label = "<b>\nhttps://evil.example/ שלום"
    [message] = sent(instance, postbox, TokenRevoked(account_id=ada.id, token_id=new_id(), label=label))
    assert "\u2068<b> https://evil.example/ שלום\u2069" in folded(message)
    assert not any(line.startswith("https://evil") for line in text_of(message).splitlines())
