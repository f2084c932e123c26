"""The settings file of a data directory."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from portal.cli.configuration import FILE, Failure, open_configuration
from portal.kernel.written import UnsafeSettings


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory that does not exist yet, with no setting in the environment."""
    monkeypatch.delenv("DOORWARD_BASE_URL", raising=False)
    monkeypatch.delenv("DOORWARD_DATA", raising=False)
    return tmp_path / "a folder"


def change(data: Path, old: str, new: str) -> None:
    path = data / FILE
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def write_address(data: Path, address: str) -> None:
    change(data, "# doorward.base_url = https://packages.example.org", f"doorward.base_url = {address}")


def test_the_first_start_writes_a_file_that_only_its_owner_reads(data: Path) -> None:
    open_configuration(data)
    assert stat.S_IMODE((data / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_the_first_start_notes_the_port_it_was_given(data: Path) -> None:
    first = open_configuration(data, port=7001)
    again = open_configuration(data)
    assert first == again
    assert again.settings.base_url == "http://localhost:7001"
    assert again.listen == "localhost:7001"
    assert again.settings.data == data.resolve()


def test_another_port_moves_the_address_that_nobody_wrote(data: Path) -> None:
    open_configuration(data, port=7001)
    assert open_configuration(data, port=7002).settings.base_url == "http://localhost:7002"
    assert open_configuration(data).settings.base_url == "http://localhost:7001"


@pytest.mark.parametrize(
    "written",
    [
        "http://localhost:7001",
        "http://127.0.0.1:7001",
        "https://localhost:8443",
        "http://localhost",
        "https://p.example",
    ],
)
def test_another_port_leaves_an_address_alone_that_somebody_wrote(data: Path, written: str) -> None:
    open_configuration(data, port=7001)
    write_address(data, f"{written}\ndoorward.registration = invite")
    assert open_configuration(data, port=7002).settings.base_url == written


def test_an_empty_address_is_as_good_as_none(data: Path) -> None:
    open_configuration(data, port=7001)
    write_address(data, "")
    assert open_configuration(data, port=7002).settings.base_url == "http://localhost:7002"


def test_the_address_that_nobody_wrote_follows_the_port_of_the_file(data: Path) -> None:
    open_configuration(data, port=7001)
    change(data, "listen = localhost:7001", "listen = 0.0.0.0:7003 [::]:7004")
    assert open_configuration(data).settings.base_url == "http://localhost:7003"


def test_the_environment_wins_over_the_file_and_over_the_port(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWARD_BASE_URL", "http://localhost:9000")
    assert open_configuration(data, port=7001).settings.base_url == "http://localhost:9000"


def test_the_folder_on_the_command_line_wins_over_the_environment(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORWARD_DATA", "/somewhere/else")
    assert open_configuration(data).settings.data == data.resolve()


def test_a_public_address_without_a_word_on_registration_is_refused(data: Path) -> None:
    open_configuration(data, port=7001)
    write_address(data, "https://packages.example.org")
    with pytest.raises(UnsafeSettings, match="write open, invite or closed"):
        open_configuration(data)


def test_a_file_that_is_no_ini_is_refused_by_name(data: Path) -> None:
    open_configuration(data)
    (data / FILE).write_text("no section\n")
    with pytest.raises(UnsafeSettings, match=r"doorward\.ini can’t be read"):
        open_configuration(data)


def test_a_command_that_needs_an_instance_does_not_make_one(data: Path) -> None:
    with pytest.raises(Failure, match="There is no Doorward in"):
        open_configuration(data, create=False)
    assert not data.exists()
