"""entry_points.txt is read in bounded time, whatever stands in it."""

from __future__ import annotations

import pytest

from portal.uploads.entry_points import LINE_LIMIT, check_entry_points
from portal.uploads.errors import Refusal


def test_ordinary_entry_points_are_taken() -> None:
    check_entry_points(
        b"[console_scripts]\ngreet = greeting.cli:main [extra]\n\n[greeting.plugins]\none = greeting.one\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"[console_scripts]\na" + b" " * LINE_LIMIT + b"b = c:d",
        b"x" * (LINE_LIMIT + 1),
        b"[console_scripts]\ngreet = greeting\n",
        b"[console_scripts]\n../greet = greeting:main\n",
        b"[console_scripts]\n.. = greeting:main\n",
        b"no section = x\n",
        b"\xff",
    ],
)
def test_long_lines_and_broken_ones_are_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        check_entry_points(content)
    assert refused.value.code == "entry-points"


def test_no_line_that_is_read_is_longer_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("configparser.ConfigParser.read_string", lambda _self, text: read.append(text))
    check_entry_points(b"a" * LINE_LIMIT)
    with pytest.raises(Refusal):
        check_entry_points(b"a" * (LINE_LIMIT + 1))
    assert [len(text) for text in read] == [LINE_LIMIT]
