"""The `doorward` command as a whole: it speaks in sentences, never in tracebacks."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from portal import cli
from portal.cli import commands
from tests.tokens.made import minted

from .conftest import Command


def test_version_is_the_installed_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"doorward {version('doorward')}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    said = capsys.readouterr().out
    assert all(name in said for name in ("serve", "worker", "migrate", "letters", "first-administrator"))


def test_a_number_that_is_no_port_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["serve", "--port", "70000"])
    assert ended.value.code == 2
    assert "'70000' is no port: give a number from 1 to 65535" in capsys.readouterr().err


def test_unsafe_settings_end_with_status_2_and_say_what_to_write(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORWARD_BASE_URL", "http://packages.example.org")
    said = command("serve")
    assert said.status == 2
    assert said.err == (
        "Doorward can’t use these settings. doorward.base_url must begin with https:// unless the host is localhost.\n"
    )
    assert said.out == f"{cli.STARTING}\n"


def test_help_about_serving_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["serve", "--help"])
    assert cli.STARTING not in capsys.readouterr().out


def test_the_first_word_comes_before_anything_slow_is_loaded() -> None:
    program = (
        "import sys; from portal import cli; cli.import_module = lambda name: sys.exit("
        "sorted({'sqlalchemy', 'pyramid', 'alembic', 'email'} & set(sys.modules)) or 0); cli.main(['serve'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{cli.STARTING}\n", "")


def test_a_data_directory_that_is_a_file_is_named(command: Command, data: Path) -> None:
    data.write_text("")
    said = command("migrate")
    assert said.status == 1
    assert said.err.startswith(f"Doorward can’t use {data}")
    assert said.err.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_told_in_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOORWARD_DATABASE_URL", f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    said = command("migrate")
    assert said.status == 1
    assert said.err.startswith("The database can’t be used: ")
    assert said.err.count("\n") == 1


def test_what_each_command_is_for_stands_first_in_its_module() -> None:
    told = {name: (commands.module_of(name).__doc__ or "").splitlines()[0] for name in commands.COMMANDS}
    assert told == commands.COMMANDS


SLOW = ("sqlalchemy", "pyramid", "alembic", "chameleon", "webob", "waitress", "babel", "wtforms", "plaster")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--version"], "doorward "),
        (["--help"], "usage: doorward"),
        (["token", "narrow", "--help"], "usage: doorward token narrow"),
        (["token", "narrow", "--project", "demo", "--minutes", "15"], "pypi-"),
        (["token", "narrow"], ""),
    ],
    ids=["version", "help", "help-to-narrow", "narrow", "narrow-in-vain"],
)
def test_what_needs_no_index_does_not_load_one(words: list[str], told: str) -> None:
    program = (
        "import atexit, sys; from portal import cli;"
        f"atexit.register(lambda: print('loaded:', *sorted(set({SLOW!r}) & set(sys.modules)), file=sys.stderr));"
        f"sys.exit(cli.main({words!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=minted(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.startswith(told)
    assert done.stderr.splitlines()[-1].strip() == "loaded:"
