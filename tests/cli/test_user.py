"""`doorward user`: what an operator does for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from portal import cli
from portal.accounts import leaving
from portal.accounts.models import Invitation
from portal.app import assemble
from portal.cli.configuration import open_configuration
from portal.desk.recovery import service as recovery
from portal.kernel.work import Instance
from portal.language.pseudo import OPEN
from portal.notices.models import Letter
from portal.notices.service import compose
from tests.support.people import make_person, set_up

from .conftest import Command


@pytest.fixture
def running(command: Command, data: Path) -> Iterator[Instance]:
    """The instance in the data directory."""
    command("migrate")
    instance = assemble(open_configuration(data).settings).instance
    yield instance
    instance.database.close()


def test_an_invitation_is_written_and_its_link_is_shown_to_nobody_else(command: Command, running: Instance) -> None:
    with running.work() as work:
        set_up(work)
    said = command("user", "invite", "grace@example.org")
    assert (said.status, said.err) == (0, "")
    assert "grace@example.org" in said.out
    assert "http" not in said.out
    with running.work() as work:
        assert [row.email for row in work.db.scalars(select(Invitation))] == ["grace@example.org"]
        assert len(work.db.scalars(select(Letter)).all()) == 1


@pytest.mark.parametrize("mail", ["maildir", "smtp://mail.example.org"])
def test_the_operator_is_told_whether_an_invitation_leaves_this_machine(
    command: Command, running: Instance, data: Path, monkeypatch: pytest.MonkeyPatch, mail: str
) -> None:
    with running.work() as work:
        set_up(work)
    monkeypatch.setenv("DOORWARD_MAIL", mail)
    way = f"is put into {data / 'mail'}" if mail == "maildir" else "leaves"
    said = command("user", "invite", "grace@example.org").out
    assert said.startswith(f"The invitation to grace@example.org {way} when Doorward runs.")


def test_somebody_with_an_account_is_not_invited(command: Command, running: Instance) -> None:
    make_person(running)
    said = command("user", "invite", "ADA@example.org")
    assert said.status == 1
    assert said.err == "ADA@example.org has an account already. No letter was written.\n"


def subject_of(running: Instance) -> tuple[str, str]:
    """(language, subject) of the only letter."""
    with running.work() as work:
        [letter] = work.db.scalars(select(Letter))
        message = compose(running, letter)
    return str(message["Content-Language"]), str(message["Subject"])


def test_the_operator_names_the_language_of_an_invitation(command: Command, running: Instance) -> None:
    with running.work() as work:
        set_up(work)
    said = command("user", "invite", "grace@example.org", "--language", "EN-xa")
    assert (said.status, said.err) == (0, "")
    language, subject = subject_of(running)
    assert language == "en-XA"
    assert subject.startswith(OPEN)


def test_without_a_language_an_invitation_is_in_that_of_the_instance(
    command: Command, running: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running.work() as work:
        set_up(work)
    monkeypatch.setenv("DOORWARD_LETTER_LANGUAGE", "en-XA")
    assert command("user", "invite", "grace@example.org").status == 0
    assert subject_of(running)[0] == "en-XA"


@pytest.mark.usefixtures("running")
def test_a_language_that_there_is_not_is_refused_with_those_that_there_are(command: Command) -> None:
    said = command("user", "invite", "grace@example.org", "--language", "tlh")
    assert said.status == 1
    assert said.err.startswith("There are no letters in tlh. Write one of: en")


@pytest.mark.usefixtures("running")
def test_an_instance_does_not_start_with_a_language_that_there_is_not(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORWARD_LETTER_LANGUAGE", "tlh")
    said = command("user", "invite", "grace@example.org")
    assert said.status == 2
    assert "doorward.letter_language must be one of: en" in said.err


def test_what_is_no_address_is_refused(command: Command, running: Instance) -> None:
    said = command("user", "invite", "grace")
    assert said.status == 1
    assert "no e-mail address" in said.err


@pytest.mark.usefixtures("running")
def test_nobody_is_invited_before_there_is_an_administrator(command: Command) -> None:
    said = command("user", "invite", "grace@example.org")
    assert said.status == 1
    assert "no administrator yet" in said.err


def test_where_nobody_registers_the_operator_is_told_what_to_set(
    command: Command, running: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running.work() as work:
        set_up(work)
    monkeypatch.setenv("DOORWARD_REGISTRATION", "closed")
    said = command("user", "invite", "grace@example.org")
    assert said.status == 1
    assert "Set doorward.registration to invite" in said.err


def test_a_recovery_is_started(command: Command, running: Instance) -> None:
    person = make_person(running, authenticator=True)
    said = command("user", "recover", "Ada")
    assert (said.status, said.err) == (0, "")
    assert said.out == "The recovery of ada has begun. In 24 hours a link leaves for the primary address.\n"
    with running.work() as work:
        assert recovery.under_way(work, person.account_id) is not None
    again = command("user", "recover", "ada")
    assert (again.status, again.out) == (1, "")
    assert again.err == "A recovery of this account is under way already. Nothing was started.\n"


def test_the_recovery_of_an_administrator_waits_for_another_one(command: Command, running: Instance) -> None:
    make_person(running, admin=True, authenticator=True)
    make_person(running, "root", admin=True)
    said = command("user", "recover", "ada")
    assert "Another one has to approve this" in said.out
    assert command("user", "recover", "ada").status == 0


@pytest.mark.usefixtures("running")
def test_nobody_unknown_is_recovered(command: Command) -> None:
    said = command("user", "recover", "nobody")
    assert (said.status, said.err) == (1, "Nobody has the user name nobody. Nothing was started.\n")


def test_somebody_is_made_an_administrator_and_the_last_one_stays(command: Command, running: Instance) -> None:
    make_person(running, "root", admin=True)
    make_person(running)
    said = command("user", "make-admin", "Ada")
    assert (said.status, said.err) == (0, "")
    assert said.out == "ada is an administrator from now on. All administrators get a letter when Doorward runs.\n"
    assert command("user", "make-admin", "ada").err == "ada is an administrator already.\n"
    said = command("user", "remove-admin", "root")
    assert said.out == "root is no administrator any more. All administrators get a letter when Doorward runs.\n"
    said = command("user", "remove-admin", "ada")
    assert (said.status, said.out) == (1, "")
    assert said.err == (
        "ada is the only administrator. First make somebody else one with: doorward user make-admin NAME\n"
    )
    with running.work() as work:
        assert len(work.db.scalars(select(Letter)).all()) == 4


def test_who_can_not_be_made_or_removed_is_told_so(command: Command, running: Instance) -> None:
    make_person(running, "root", admin=True)
    person = make_person(running)
    for action in ("make-admin", "remove-admin"):
        said = command("user", action, "nobody")
        assert (said.status, said.err) == (1, "Nobody has the user name nobody. Nothing was changed.\n")
    assert command("user", "remove-admin", "ada").err == "ada is no administrator. Nothing was changed.\n"
    with running.work() as work:
        leaving.close(work, person.account_id)
    said = command("user", "make-admin", "ada")
    assert (said.status, said.err) == (1, "The account ada is closed. Nothing was changed.\n")


@pytest.mark.parametrize("action", ["invite", "recover", "make-admin", "remove-admin"])
def test_the_data_directory_may_be_named_at_the_end(
    data: Path, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["user", action, "grace", "--data", str(data)]) == 1
    assert capsys.readouterr().err.startswith(f"There is no Doorward in {data}.")
    assert cli.main(["user", "--data", str(data), action, "grace"]) == 1
    assert capsys.readouterr().err.startswith(f"There is no Doorward in {data}.")
