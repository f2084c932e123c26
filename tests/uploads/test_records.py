"""RECORD lists every file of a wheel with its hash, and entry points can be imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from portal.uploads import flaws
from portal.uploads.declared import WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.wheels import read_wheel
from tests.uploads.artefacts import metadata, record, wheel_members, zipped, zipped_wheel

INFO = "demo-1.0.dist-info"
MEMBERS = wheel_members()
RECORD = record(MEMBERS, INFO)
LINES = RECORD.splitlines()


def outcome(folder: Path, content: bytes) -> str:
    """The code with which a wheel is refused; empty where it is taken."""
    path = folder / "received.part"
    path.write_bytes(content)
    try:
        inside = read_wheel(path, "demo-1.0-py3-none-any.whl", Declared("demo", Version("1.0"), WHEEL, "py3", {}, None))
    except Refusal as refusal:
        return refusal.code
    assert inside.metadata == metadata().encode()
    return ""


def recorded(folder: Path, text: str | bytes, **more: str) -> str:
    """What becomes of a wheel with this RECORD."""
    members = MEMBERS | {f"{INFO}/{name}": value for name, value in more.items()}
    return outcome(folder, zipped({**members, f"{INFO}/RECORD": text}))


def test_a_record_may_quote_leave_out_sizes_and_list_folders(tmp_path: Path) -> None:
    plain = RECORD.replace('"', "")
    assert recorded(tmp_path, plain) == ""
    assert recorded(tmp_path, plain.replace("\n", "\r\n")) == ""
    assert recorded(tmp_path, "demo/,,\n" + "\n".join(f"{line.rpartition(',')[0]}," for line in LINES)) == ""


def test_every_line_has_three_fields_or_some_installers_fail(tmp_path: Path) -> None:
    own = LINES[-1]
    assert recorded(tmp_path, "\n".join(LINES)) == ""
    for lines in ([*LINES, ""], ["", *LINES], [*LINES[:-1], own.rstrip(",")], [*LINES[:-1], f"{own},"]):
        assert recorded(tmp_path, "\n".join(lines) + "\n") == flaws.RECORD.code
    assert own.endswith(",,")


def test_a_record_need_not_list_itself_and_its_signature(tmp_path: Path) -> None:
    assert recorded(tmp_path, "\n".join(LINES[:-1])) == ""
    assert recorded(tmp_path, RECORD, **{"RECORD.jws": "{}"}) == ""


@pytest.mark.parametrize("at", range(3))
def test_every_file_is_listed(tmp_path: Path, at: int) -> None:
    assert recorded(tmp_path, "\n".join(LINES[:at] + LINES[at + 1 :])) == flaws.RECORD_LACKS.code


def test_a_file_without_a_hash_is_as_good_as_not_listed(tmp_path: Path) -> None:
    path = LINES[0].partition(",")[0]
    assert recorded(tmp_path, "\n".join([f"{path},,", *LINES[1:]])) == flaws.RECORD_LACKS.code


def test_what_is_listed_is_there(tmp_path: Path) -> None:
    assert recorded(tmp_path, f"{RECORD}demo/more.py,sha256=abc,1\n") == flaws.RECORD_ABSENT.code


def test_hash_and_size_are_compared(tmp_path: Path) -> None:
    members = {**MEMBERS, "demo/__init__.py": '"""Demo."""\n', f"{INFO}/RECORD": RECORD}
    assert outcome(tmp_path, zipped(members)) == flaws.RECORD_DIFFERS.code
    wrong_size = "\n".join(line + "0" if "__init__" in line else line for line in LINES)
    assert recorded(tmp_path, wrong_size) == flaws.RECORD_DIFFERS.code


@pytest.mark.parametrize(
    "line",
    [
        "demo/__init__.py,md5=abc,1",
        "demo/__init__.py,sha256=,1",
        "demo/__init__.py,sha256=abc,one",
        "demo/__init__.py,sha256=abc",
        "demo/__init__.py,sha256=abc,1,more",
        ",sha256=abc,1",
        '"demo/__init__.py"x,sha256=abc,1',
        '"demo/__init__.py,sha256=abc,1',
        f"{INFO}/RECORD,,",
        f"demo/{'x' * 140_000},,",
    ],
)
def test_lines_that_are_none_are_refused(tmp_path: Path, line: str) -> None:
    assert recorded(tmp_path, f"{LINES[-1]}\n{line}\n") == flaws.RECORD.code


def test_a_record_that_is_no_text_is_refused(tmp_path: Path) -> None:
    assert recorded(tmp_path, RECORD.encode("utf-16")) == flaws.RECORD.code


@pytest.mark.parametrize(
    "text",
    [
        "[console_scripts]\ndemo = demo:main\nde-mo=demo.sub : main.run [extra]\n",
        "# note\n[gui_scripts]\ndemo = demo:main\n\n[demo.plugins]\nOne = demo\none = demo.sub:Two\n",
        "",
        "\ufeff[a]\nb = c\n",
    ],
)
def test_entry_points_are_taken(tmp_path: Path, text: str) -> None:
    assert outcome(tmp_path, zipped_wheel({**MEMBERS, f"{INFO}/entry_points.txt": text})) == ""


@pytest.mark.parametrize(
    "text",
    [
        "demo = demo:main\n",
        "[console_scripts]\ndemo\n",
        "[console_scripts]\ndemo = demo\n",
        "[console_scripts]\n../../bin/sh = demo:main\n",
        "[console_scripts]\n..\\sh = demo:main\n",
        "[console_scripts]\ndemo = demo:main; import os\n",
        "[console_scripts]\ndemo = a:b\ndemo = a:c\n",
        "[a]\nb = c\n[a]\nd = e\n",
        "[a/b]\nc = d\n",
        "[a]\n = b\n",
        b"[a]\nb = \xff\n",
    ],
)
def test_entry_points_that_are_none_are_refused(tmp_path: Path, text: str | bytes) -> None:
    content = zipped_wheel({**MEMBERS, f"{INFO}/entry_points.txt": text})
    assert outcome(tmp_path, content) == flaws.ENTRY_POINTS.code
