"""The letters about API tokens, as their recipients read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from portal.kernel.work import Instance
from portal.notices.service import send_due
from portal.tokens import reminding, replacing, service, using
from portal.tokens.limits import Networks, NewProject, UploadsLeft
from portal.tokens.limits.own import network
from portal.tokens.models import DOWNLOAD, UPLOAD, May, Token
from tests.notices.conftest import Postbox
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.people import make_person

DAY = timedelta(days=1)
AWAY = replace(READER, address="198.51.100.9", browser="twine on Linux")


@pytest.fixture
def token(instance: Instance, postbox: Postbox) -> Token:
    """A token whose making has been told."""
    person = make_person(instance)
    with instance.work(READER) as work:
        made = service.create(work, person.account_id, name="ci", projects=None, expires_at=NOON + 90 * DAY).token
    send_due(instance)
    postbox.messages.clear()
    return made


def sent(instance: Instance, postbox: Postbox) -> list[EmailMessage]:
    """What has come since the last time."""
    send_due(instance)
    found = list(postbox.messages)
    postbox.messages.clear()
    return found


def folded(message: EmailMessage) -> str:
    """The text without its line ends."""
    return " ".join(message.get_content().split())


def plain(message: EmailMessage) -> list[str]:
    """The lines."""
    text: str = message.get_content()
    return text.splitlines()


def test_the_letter_about_a_new_token_tells_its_limits_and_never_the_token(
    instance: Instance, postbox: Postbox
) -> None:
    person = make_person(instance)
    limits = [NewProject("Fresh"), UploadsLeft(3), Networks.of([network("192.0.2.0/24")])]
    with instance.work(READER) as work:
        made = service.create(work, person.account_id, name="ci", projects=None, expires_at=None, limits=limits)
    [message] = sent(instance, postbox)
    for sentence in (
        "It can create this project, and then upload to it only: - Fresh",
        "It works only from: 192.0.2.0/24.",
        "Uploads left: 3.",
        "It works until you revoke it.",
    ):
        assert sentence in folded(message)
    assert made.secret[:40] not in folded(message)


@pytest.mark.parametrize(
    ("hours", "sentence"), [(0, "The old one does not work any more."), (24, "works until 2 June 2026, 12:00 UTC.")]
)
def test_a_replacement_is_told_with_the_end_of_the_old_token(
    instance: Instance, postbox: Postbox, token: Token, hours: int, sentence: str
) -> None:
    with instance.work(READER) as work:
        new = replacing.replace(work, token.account_id, token.id, hours=hours)
    [message] = sent(instance, postbox)
    assert message["Subject"] == "API token replaced"
    assert sentence in folded(message)
    assert new.secret[:40] not in folded(message)


def used(instance: Instance, token: Token, **actor: str) -> None:
    """Use the token as somebody from elsewhere, or from where these say."""
    with instance.work(replace(AWAY, **actor)) as work:
        using.note_use(work, token.id)


def test_the_first_use_is_told_with_network_and_client(instance: Instance, postbox: Postbox, token: Token) -> None:
    used(instance, token)
    used(instance, token)
    [message] = sent(instance, postbox)
    assert message["Subject"] == "API token used for the first time"
    assert "Network address: 198.51.100.9" in folded(message)
    assert "Browser or program: twine on Linux" in folded(message)


@pytest.mark.parametrize(("may", "tool"), [(UPLOAD, "your upload tool"), (DOWNLOAD, "your installer")])
def test_the_letters_speak_of_the_tool_that_such_a_token_is_for(
    instance: Instance, postbox: Postbox, token: Token, may: May, tool: str
) -> None:
    with instance.work(READER) as work:
        made = service.create(work, token.account_id, name="other", projects=None, expires_at=None, may=may).token
    sent(instance, postbox)
    used(instance, made)
    used(instance, made, address="203.0.113.1")
    first, elsewhere = sent(instance, postbox)
    assert f"If that was {tool}" in folded(first)
    assert f"If that was {tool}" in folded(elsewhere)


def test_a_new_network_is_told_at_most_once_a_day(
    instance: Instance, postbox: Postbox, token: Token, clock: FixedClock
) -> None:
    used(instance, token)
    sent(instance, postbox)
    subjects = []
    for address, wait in (("203.0.113.1", DAY), ("192.0.2.1", DAY / 2), ("10.0.0.1", DAY)):
        used(instance, token, address=address)
        subjects.append([message["Subject"] for message in sent(instance, postbox)])
        clock.advance(wait)
    assert subjects == [["API token used from a new network"]] * 2 + [[]]


def test_an_end_that_comes_near_is_told_with_the_page_to_replace_it(
    instance: Instance, postbox: Postbox, token: Token, clock: FixedClock
) -> None:
    clock.advance(61 * DAY)
    reminding.sweep(instance)
    [message] = sent(instance, postbox)
    assert message["Subject"] == "An API token expires soon"
    assert "expires at 30 August 2026, 12:00 UTC." in folded(message)
    assert f"http://localhost/manage/account/tokens/{token.id}/" in folded(message)


def test_many_revoked_at_once_are_told_in_one_letter(instance: Instance, postbox: Postbox, token: Token) -> None:
    with instance.work(READER) as work:
        other = service.create(work, token.account_id, name="other", projects=None, expires_at=None).token
    sent(instance, postbox)
    with instance.work(READER) as work:
        service.revoke_many(work, token.account_id, [token.id, other.id])
    [message] = sent(instance, postbox)
    assert message["Subject"] == "API tokens revoked"
    assert {"- ci", "- other"} <= {line.strip() for line in plain(message)}
