"""The Maildir, and reading letters back from it."""

from __future__ import annotations

import logging
import stat
from dataclasses import replace
from datetime import timedelta
from mailbox import Maildir
from pathlib import Path

import pytest

from portal.kernel.settings import Settings
from portal.kernel.work import Instance
from portal.notices import service
from portal.notices.port import Link, MailTransport
from portal.notices.reading import NotKept, newest
from portal.notices.service import send_due
from portal.notices.transport import FOLDER, MaildirTransport, staying
from tests.support.clock import NOON, FixedClock


@pytest.fixture(autouse=True)
def _folder(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(instance.ports, MailTransport, MaildirTransport(instance.settings.data / FOLDER))


def send(instance: Instance, to: str, link: str = "http://localhost/account/verify-email/abc/") -> None:
    values = {"username": "Åsa", "confirm": Link(link), "until": NOON}
    with instance.work() as work:
        service.write(work, "address_to_confirm", to, values, language="en", account_id=None)
    assert send_due(instance) == 1


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_server_s_user_can_read_the_letters(instance: Instance) -> None:
    send(instance, "asa@example.org")
    box = instance.settings.data / FOLDER
    assert mode(box) == 0o700
    assert [mode(path) for path in (box / "new").iterdir()] == [0o600]
    assert list((box / "tmp").iterdir()) == []


def test_any_mail_program_finds_the_letter_in_the_maildir(instance: Instance) -> None:
    send(instance, "asa@example.org")
    [message] = Maildir(instance.settings.data / FOLDER, create=False)
    assert message["To"] == "asa@example.org"
    assert message["Content-Transfer-Encoding"] == "8bit"
    assert "Hello Åsa,".encode() in message.get_payload(decode=True)


def test_the_newest_letters_are_read_with_their_links(instance: Instance, clock: FixedClock) -> None:
    for number in range(3):
        send(instance, f"asa{number}@example.org", f"http://localhost/account/verify-email/{number}/")
        clock.advance(timedelta(minutes=1))
    found = newest(instance.settings, 2)
    assert [letter.to for letter in found] == ["asa2@example.org", "asa1@example.org"]
    assert found[0].subject == "Confirm your e-mail address"
    assert found[0].links == ["http://localhost/account/verify-email/2/"]
    assert found[0].date == NOON + timedelta(minutes=2)
    assert "Hello Åsa," in found[0].text


def test_there_are_no_letters_before_the_first(instance: Instance) -> None:
    assert newest(replace(instance.settings, data=instance.settings.data / "elsewhere"), 5) == []


def test_letters_that_leave_for_a_mail_server_are_not_looked_for_here(instance: Instance) -> None:
    settings = replace(instance.settings, mail="smtp://mail.example.org")
    with pytest.raises(NotKept, match=r"mail\.example\.org"):
        newest(settings, 5)


def test_the_log_says_that_a_letter_was_put_into_the_folder_and_not_that_it_was_sent(
    instance: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    send(instance, "asa@example.org")
    folder = instance.settings.data / FOLDER
    assert f"put into {folder} for asa@example.org: Confirm your e-mail address" in caplog.messages
    assert not any(line.startswith("sent") for line in caplog.messages)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"base_url": "https://packages.example.org"}, True),
        ({"base_url": "https://packages.example.org", "mail": "smtp://mail.example.org"}, False),
        ({"base_url": "http://localhost:6543"}, False),
    ],
)
def test_only_an_index_of_others_without_a_mail_server_is_told_that_its_letters_stay(
    given: dict[str, str], told: bool
) -> None:
    sentence = staying(Settings(data=Path("/srv/doorward"), **given))
    assert (sentence is not None) is told
    assert sentence is None or "/srv/doorward/mail" in sentence
    assert sentence is None or "doorward.mail = smtp://" in sentence
