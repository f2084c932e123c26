"""The Maildir, and reading letters back from it."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import timedelta
from mailbox import Maildir
from pathlib import Path

import pytest

from portal.kernel.work import Instance
from portal.notices import service
from portal.notices.port import Link, MailTransport
from portal.notices.reading import NotOnLoopback, newest
from portal.notices.service import send_due
from portal.notices.transport import FOLDER, MaildirTransport
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
    assert "Hello \u2068Åsa\u2069,".encode() in message.get_payload(decode=True)


def test_the_newest_letters_are_read_with_their_links(instance: Instance, clock: FixedClock) -> None:
    for number in range(3):
        send(instance, f"asa{number}@example.org", f"http://localhost/account/verify-email/{number}/")
        clock.advance(timedelta(minutes=1))
    found = newest(instance.settings, 2)
    assert [letter.to for letter in found] == ["asa2@example.org", "asa1@example.org"]
    assert found[0].subject == "Confirm your e-mail address"
    assert found[0].links == ["http://localhost/account/verify-email/2/"]
    assert found[0].date == NOON + timedelta(minutes=2)
    assert "Hello \u2068Åsa\u2069," in found[0].text


def test_there_are_no_letters_before_the_first(instance: Instance) -> None:
    assert newest(replace(instance.settings, data=instance.settings.data / "elsewhere"), 5) == []


def test_nobody_reads_letters_of_an_instance_that_serves_others(instance: Instance) -> None:
    settings = replace(instance.settings, base_url="https://packages.example.org")
    with pytest.raises(NotOnLoopback):
        newest(settings, 5)
