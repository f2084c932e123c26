"""What `doorward doctor` finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.accounts import refusals
from portal.app import assemble
from portal.cli import looked_at
from portal.cli.configuration import open_configuration
from portal.cli.doctor import findings
from portal.kernel.settings import Settings
from portal.notices.models import Letter
from portal.tokens import service as tokens
from tests.cli.conftest import Command, Said
from tests.support.clock import NOON
from tests.support.people import make_person, set_up
from tests.tokens.made import add_account


def found(**given: Any) -> list[str]:
    return list(findings(Settings(data=Path("/nowhere"), **given), NOON))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "ran out on 2026-05-31 and is not served"),
        (0, "ran out on 2026-06-01"),
        (1, "runs out on 2026-06-02"),
        (30, "runs out on 2026-07-01"),
        (31, None),
        (365, None),
        (400, "more than a year"),
    ],
)
def test_security_txt_is_watched_from_thirty_days_before_its_end(days: int, words: str | None) -> None:
    told = found(security_contact="mailto:a@example.org", security_expires=NOON + timedelta(days=days))
    assert len(told) == (0 if words is None else 1)
    assert words is None or words in told[0]
    assert all("doorward.security_expires" in sentence for sentence in told)


def test_without_security_txt_there_is_nothing_to_watch() -> None:
    assert found() == []


PUBLIC = {
    "base_url": "https://packages.example.org",
    "trusted_proxy": "127.0.0.1",
    "mail": "smtp://mail.example.org",
    "contact": "mailto:packages@example.org",
}


@pytest.mark.parametrize(
    ("without", "words"),
    [
        ("trusted_proxy", "doorward.trusted_proxy is not set"),
        ("contact", "doorward.contact is not set"),
        ("mail", "No letter leaves this machine: letters are only put into /nowhere/mail"),
    ],
)
def test_what_an_index_of_others_lacks_is_told(without: str, words: str) -> None:
    assert found(**PUBLIC) == []
    [sentence] = found(**{name: value for name, value in PUBLIC.items() if name != without})
    assert sentence.startswith(words)
    assert f"doorward.{without}" in sentence


def told(said: Said) -> list[str]:
    """The sentences below what was looked at."""
    return said.out.partition("\n\n")[2].splitlines()


@pytest.mark.parametrize("registration", ["open", "invite", "closed"])
def test_an_index_for_members_whom_anybody_can_join_is_told(registration: str) -> None:
    told = found(**PUBLIC, reading="members", registration=registration)
    assert len(told) == (1 if registration == "open" else 0)
    assert all("doorward.reading" in one and "Set doorward.registration to invite or closed." in one for one in told)
    assert found(**PUBLIC, registration=registration) == []


def write(data: Path, *lines: str) -> None:
    data.mkdir()
    head = "[app:main]\nuse = egg:doorward\ndoorward.data = %(here)s\n"
    (data / "doorward.ini").write_text(head + "".join(f"{line}\n" for line in lines) + "[server:main]\nlisten =\n")


def test_a_healthy_index_is_told_so(command: Command, data: Path) -> None:
    write(data)
    said = command("doctor")
    assert (said.status, told(said)) == (0, ["Nothing needs attention."])


def test_it_says_what_it_looked_at_one_line_a_subject(command: Command, data: Path) -> None:
    write(data, "doorward.contact = mailto:packages@example.org", "doorward.reading = members")
    looked_at = command("doctor").out.partition("\n\n")[0].splitlines()
    assert [line.partition(":")[0] for line in looked_at] == [
        *("Address", "People", "Contact", "Mail", "Database", "Disk"),
        *("Passwords stolen elsewhere", "security.txt"),
    ]
    assert looked_at[:4] == [
        "Address: http://localhost:6543",
        "People: reading is members, registration is open",
        "Contact: mailto:packages@example.org",
        f"Mail: letters stay in {data / 'mail'}",
    ]
    assert "free for" in looked_at[5]


def test_no_password_of_a_database_is_shown() -> None:
    settings = Settings(data=Path("/nowhere"), database_url="postgresql+psycopg://ada:not-to-be-shown@db/doorward")
    shown = "".join(looked_at.subjects(settings, mail_taken=True))
    assert "postgresql+psycopg://ada:***@db/doorward" in shown
    assert "not-to-be-shown" not in shown


@pytest.mark.parametrize(("mail_taken", "words"), [(True, "takes letters from a@b.example"), (False, "can't be used")])
def test_the_mail_server_is_named_with_what_it_said(mail_taken: bool, words: str) -> None:
    settings = Settings(data=Path("/nowhere"), mail="smtp://mail.example.org", mail_from="a@b.example")
    [line] = [line for line in looked_at.subjects(settings, mail_taken=mail_taken) if line.startswith("Mail: ")]
    assert line.startswith("Mail: mail.example.org, port 587, ")
    assert words in line


def test_a_disk_that_is_nearly_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=Path("/nowhere"), upload_limit=1000)
    monkeypatch.setattr(looked_at, "free", lambda _settings: 9_999)
    assert [sentence[:5] for sentence in looked_at.full(settings)] == ["Only "]
    monkeypatch.setattr(looked_at, "free", lambda _settings: 10_000)
    assert list(looked_at.full(settings)) == []


def test_a_finding_is_printed_and_ends_with_status_1(command: Command, data: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    write(data, "doorward.security_contact = mailto:a@example.org", f"doorward.security_expires = {soon}")
    said = command("doctor")
    assert said.status == 1
    assert f"runs out on {soon}" in said.out


def test_where_there_is_no_index_it_says_how_to_start_one(command: Command) -> None:
    said = command("doctor")
    assert said.status == 1
    assert "Start a new one with" in said.err


def test_an_index_without_an_administrator_is_told_how_to_get_one(command: Command, data: Path) -> None:
    write(data)
    command("migrate")
    said = command("doctor")
    assert said.status == 1
    assert told(said)[0].startswith("This Doorward has no administrator yet, so nobody else can register.")
    assert f"first-administrator --data {data}" in said.out
    instance = assemble(open_configuration(data).settings).instance
    with instance.work() as work:
        set_up(work)
    instance.database.close()
    assert told(command("doctor")) == ["Nothing needs attention."]


def test_letters_that_could_not_be_sent_are_counted(command: Command, data: Path) -> None:
    write(data)
    command("migrate")
    instance = assemble(open_configuration(data).settings).instance
    with instance.work() as work:
        set_up(work)
        for tries in (0, 1, 2, 5):
            work.db.add(Letter(account_id=None, created_at=work.now, tries=tries, next_try_at=work.now))
    instance.database.close()
    assert told(command("doctor")) == [
        "Letters that could not be sent so far: 2. They are tried again; the log says why."
    ]


def test_people_whose_address_was_refused_are_named(command: Command, data: Path) -> None:
    write(data)
    command("migrate")
    instance = assemble(open_configuration(data).settings).instance
    with instance.work() as work:
        set_up(work)
    for name in ("carol", "bob", "dan"):
        person = make_person(instance, name, confirmed=False)
        if name != "dan":
            with instance.work() as work:
                refusals.note(work, person.account_id, person.email)
    instance.database.close()
    said = command("doctor")
    assert said.status == 1
    assert "has lately refused the e-mail addresses of these people, whom no letter reaches: bob, carol." in said.out
    assert "bob@example.org" not in said.out


def test_tokens_from_before_their_bound_are_counted(command: Command, data: Path) -> None:
    write(data, "doorward.token_days = 30")
    command("migrate")
    instance = assemble(replace(open_configuration(data).settings, token_days=0)).instance
    with instance.work() as work:
        set_up(work)
        account_id = add_account(work)
        for name, end in (("never", None), ("later", work.now + timedelta(days=31)), ("soon", work.now)):
            tokens.create(work, account_id, name=name, projects=None, expires_at=end)
    instance.database.close()
    said = command("doctor")
    assert said.status == 1
    assert told(said)[0].startswith("API tokens that work longer than doorward.token_days allows a new one: 2. ")
