"""`doorward letters`: for a newcomer on their own machine, and for an operator whose letters stay here."""

from __future__ import annotations

import os
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from portal.cli.configuration import open_configuration
from portal.notices.transport import MaildirTransport

from .conftest import Command

LINK = "http://localhost:6543/account/verify-email/a-ticket/"


@pytest.fixture
def written(command: Command, data: Path) -> None:
    """Four letters, a second apart."""
    settings = open_configuration(data).settings
    transport = MaildirTransport(settings.data / "mail")
    for number in range(1, 5):
        message = EmailMessage()
        message["To"] = "ada@example.org"
        message["Subject"] = f"Letter {number}"
        message["Date"] = f"Mon, 01 Jun 2026 12:00:0{number} +0000"
        message.set_content(f"Hello,\n\n{LINK}\n")
        before = set((data / "mail" / "new").glob("*"))
        transport.send(message)
        (new,) = set((data / "mail" / "new").glob("*")) - before
        os.utime(new, (number, number))


@pytest.mark.usefixtures("written")
def test_the_newest_letters_are_shown_with_their_links_and_the_newest_comes_last(command: Command) -> None:
    said = command("letters", "-n", "2")
    assert said.status == 0
    assert said.out.index("Subject: Letter 3") < said.out.index("Subject: Letter 4")
    assert "Letter 2" not in said.out
    assert said.out.count(f"\n{LINK}\n") == 2
    assert "To:      ada@example.org" in said.out
    assert "Older letters that are not shown here: 2. To see more, add for example: -n 4" in said.out
    assert "Older letters" not in command("letters", "-n", "4").out


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that others reach."""
    monkeypatch.setenv("DOORWARD_BASE_URL", "https://packages.example.org")
    monkeypatch.setenv("DOORWARD_REGISTRATION", "closed")


@pytest.mark.usefixtures("written", "public")
def test_the_operator_of_an_index_that_others_reach_sees_letters_that_stay_here_and_what_to_do(
    command: Command,
) -> None:
    said = command("letters", "-n", "1")
    assert said.status == 0
    assert "Subject: Letter 4" in said.out
    assert said.out.rstrip().endswith("its links are for that person alone.")
    assert "have not left this machine" in said.out


@pytest.mark.usefixtures("written")
def test_on_this_machine_nobody_is_told_to_hand_letters_on(command: Command) -> None:
    assert "Hand each on" not in command("letters").out


@pytest.mark.usefixtures("written", "public")
def test_with_a_mail_server_it_is_said_where_letters_go(
    command: Command, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORWARD_MAIL", "smtp://mail.example.org")
    said = command("letters")
    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("Letters are sent through mail.example.org, and none is kept here.")
    assert str(data / "mail") in said.err


def test_no_letter_yet_is_said(command: Command, data: Path) -> None:
    open_configuration(data)
    assert command("letters").out.startswith("There is no letter yet.")


def test_a_folder_without_an_instance_is_named_with_what_to_do(command: Command, data: Path) -> None:
    said = command("letters")
    assert said.status == 1
    assert said.err.startswith(
        f"There is no Doorward in {data}. If its data lies elsewhere, name the folder with --data DIR"
    )
    assert f"serve --data {data}" in said.err


@pytest.mark.usefixtures("written")
def test_a_terminal_that_lacks_a_sign_shows_a_question_mark_in_its_place(data: Path) -> None:
    message = EmailMessage()
    message["To"], message["Subject"], message["Date"] = (
        "ada@example.org",
        "For \u2068ada\u2069",
        "Tue, 02 Jun 2026 12:00:00 +0000",
    )
    message.set_content("Hello.\n")
    MaildirTransport(open_configuration(data).settings.data / "mail").send(message)
    program = Path(sys.executable).with_name("doorward")
    said = subprocess.run(
        [program, "letters", "--data", data, "-n", "9"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "Subject: For ?ada?" in said.stdout
