"""`doorward token`: narrower copies, and tokens that an operator ends."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pypitoken
import pytest

from portal import cli
from portal.app import assemble
from portal.cli.configuration import open_configuration
from portal.kernel.work import Instance
from portal.notices.reading import newest
from portal.notices.service import send_due
from portal.tokens import service
from portal.tokens.models import DOWNLOAD, Token
from portal.tokens.service import Created
from tests.tokens.ended import ended_at, history
from tests.tokens.made import KEY, appended, issued, minted

from .conftest import Command

Typed = Callable[[str], None]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Put a text on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture
def running(command: Command, data: Path) -> Iterator[Instance]:
    """The instance in the data directory."""
    command("migrate")
    instance = assemble(open_configuration(data).settings).instance
    yield instance
    instance.database.close()


@pytest.fixture
def token(running: Instance) -> Created:
    """A working token of Mira."""
    return issued(running)


def test_a_narrower_copy_is_all_that_is_printed_and_no_index_is_needed(
    command: Command, typed: Typed, data: Path
) -> None:
    typed(f"{minted()}\n")
    said = command("token", "narrow", "--project", "My.Project", "--minutes", "15")
    assert (said.status, said.err, said.out.count("\n")) == (0, "", 1)
    assert not data.exists()
    copy = pypitoken.Token.load(said.out.strip())
    copy.check(key=KEY, project_name="my-project")
    over = int((datetime.now(UTC) + timedelta(minutes=16)).timestamp())
    with pytest.raises(pypitoken.ValidationError):
        copy.check(key=KEY, project_name="my-project", now=over)


def test_every_limit_can_be_asked_for(command: Command, typed: Typed) -> None:
    typed(minted())
    times = ("--until", "2035-01-01", "--not-before", "2034-01-01T00:00+01:00")
    own = ("--network", "192.0.2.7", "--network", "2001:db8::/32", "--release", "1.0", "--new-releases")
    said = command("token", "narrow", "--project-id", "7", *times, *own)
    typed(said.out)
    again = command("token", "narrow", "--release", "1.0.0")
    assert (said.status, again.status, again.err) == (0, 0, "")
    assert len(again.out) > len(said.out) > len(minted())


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "Say what the copy is for"),
        (("--minutes", "0"), "1 or more"),
        (("--project", "Ä x"), "Ä x can’t be the name of a project"),
        (("--project", "fine", "--project", ""), "can’t be the name of a project"),
        (("--until", "soon"), "no time"),
        (("--until", "2001-01-01"), "The end that you gave, 2001-01-01 00:00 UTC, is past."),
        (("--not-before", "2091-01-02", "--until", "2091-01-01"), "would end before it begins"),
        (("--not-before", "2030-01-01"), "the end as well"),
        (("--network", "192.0.2.0/99"), "A network is written like"),
        (("--release", "new"), "no version"),
    ],
)
def test_what_can_not_be_made_is_told_in_a_sentence(
    command: Command, typed: Typed, arguments: tuple[str, ...], reason: str
) -> None:
    typed(minted())
    said = command("token", "narrow", *arguments)
    assert (said.status, said.out) == (1, "")
    assert reason in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("caveat", "arguments", "reason"),
    [
        ("[0,4000000000,0]", ("--not-before", "2099-01-01", "--until", "2099-02-01"), "ends at 2096-10-02 07:06 UTC"),
        ("[0,1000000000,0]", ("--minutes", "5"), "The token itself expired at 2001-09-09 01:46 UTC"),
        ("[0,4100000000,4000000000]", ("--until", "2091-01-01"), "does not work before the end that you gave"),
    ],
)
def test_where_the_token_leaves_no_time_that_is_the_reason(
    command: Command, typed: Typed, caveat: str, arguments: tuple[str, ...], reason: str
) -> None:
    typed(minted(caveat))
    said = command("token", "narrow", *arguments)
    assert (said.status, said.out) == (1, "")
    assert reason in said.err


def test_what_is_no_token_is_not_repeated(command: Command, typed: Typed) -> None:
    typed(minted()[:-6])
    said = command("token", "narrow", "--minutes", "5")
    assert (said.status, said.out) == (1, "")
    assert "no API token" in said.err
    assert minted()[:40] not in said.err


def test_a_found_token_is_revoked_and_its_owner_gets_a_letter(
    command: Command, typed: Typed, running: Instance, token: Created, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    typed(f"found this: {token.secret}\n")
    said = command("token", "revoke")
    assert (said.status, said.err) == (0, "")
    assert f"“laptop” ({str(token.token.id)[:8]}…) of mira is revoked" in said.out
    assert ended_at(running, token) is not None
    assert history(running, token)[-1].kind == "token.ended_by_operator"
    send_due(running)
    letters = newest(open_configuration(running.settings.data).settings, 5)
    assert "API token revoked by the people who run this index" in [letter.subject for letter in letters]
    shown = said.out + "".join(f"{record.getMessage()}" for record in caplog.records)
    assert token.secret[20:60] not in shown


def test_an_id_is_enough_for_an_operator(command: Command, running: Instance, token: Created) -> None:
    assert command("token", "revoke", str(token.token.id)).status == 0
    assert ended_at(running, token) is not None
    again = command("token", "revoke", str(token.token.id))
    assert again.status == 1
    assert "was revoked before" in again.err


def test_the_beginning_of_an_id_is_enough_as_pages_show_it(
    command: Command, running: Instance, token: Created, typed: Typed
) -> None:
    typed(f"{token.token.start}\n")
    said = command("token", "revoke")
    assert (said.status, said.err) == (0, "")
    assert f"“laptop” ({token.token.start}) of mira is revoked" in said.out
    assert ended_at(running, token) is not None


def test_where_more_than_one_id_begins_so_all_are_named_and_none_ends(
    command: Command, running: Instance, token: Created
) -> None:
    digits = token.token.id.hex
    other = UUID(digits[:12] + ("0" if digits[12] != "0" else "1") + digits[13:])
    with running.work() as work:
        given = {"account_id": token.token.account_id, "sealed_key": b"", "created_with_2fa": False}
        work.db.add(Token(id=other, name="second", created_at=work.now, **given))
    said = command("token", "revoke", digits[:8])
    assert said.status == 1
    for told in (str(other), str(token.token.id), "“laptop”", "“second”", "More than one id begins so"):
        assert told in said.err
    assert ended_at(running, token) is None
    assert command("token", "revoke", str(token.token.id)[:15]).status == 0


def test_what_is_not_of_this_index_revokes_nothing(command: Command, running: Instance, token: Created) -> None:
    for text in (minted(), token.secret[:-8], appended(token.secret, b"[3]")[:-4] + "AAAA"):
        said = command("token", "revoke", text)
        assert said.status == 1
        assert "not a token of this index" in said.err
        assert text[:40] not in said.err
    for text in ("nonsense", "0" * 32, str(token.token.id)[:7], "0" * 40):
        said = command("token", "revoke", text)
        assert said.status == 1
        assert "at least its first 8 characters" in said.err
    assert ended_at(running, token) is None


@pytest.mark.parametrize("action", ["narrow", "revoke"])
def test_nothing_on_standard_input_is_told_as_such(
    command: Command, running: Instance, typed: Typed, action: str
) -> None:
    typed(" \n")
    said = command("token", action, *(["--minutes", "5"] if action == "narrow" else []))
    assert (said.status, said.out) == (1, "")
    assert f"Nothing came on standard input. Put the token there, for example: doorward token {action}" in said.err


def test_help_says_that_a_terminal_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("narrow", "revoke"):
        with pytest.raises(SystemExit):
            cli.main(["token", action, "--help"])
        assert "On a terminal the command asks for it" in " ".join(capsys.readouterr().out.split())


def test_a_token_for_downloads_is_not_limited_by_what_is_uploaded(
    command: Command, running: Instance, token: Created, typed: Typed
) -> None:
    with running.work() as work:
        facts = {"name": "reader", "projects": None, "expires_at": None, "may": DOWNLOAD}
        reader = service.create(work, token.token.account_id, **facts)
    for limit in (("--project", "demo"), ("--release", "1.0"), ("--new-releases",), ("--project-id", "7")):
        typed(reader.secret)
        said = command("token", "narrow", *limit)
        assert (said.status, said.out) == (1, "")
        assert "the copy would read nothing" in said.err
    typed(reader.secret)
    assert command("token", "narrow", "--minutes", "5").status == 0
