"""A list of published passwords that lies on this machine."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from portal.accounts import breached, passwords
from portal.accounts.breached import UnreadableList, check_list, is_breached
from portal.accounts.strength import BREACHED
from portal.kernel.settings import read_settings
from portal.kernel.work import Instance

STOLEN = "correct horse battery staple"
COMPOSED, DECOMPOSED = "caf\u00e9 au lait le matin", "cafe\u0301 au lait le matin"
OTHERS = [f"stolen password number {number}" for number in range(300)]


def hash_of(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


def write(path: Path, *texts: str, line: str = "{}:{}", end: str = "\n", last: str = "\n") -> Path:
    """A list of these passwords, as it is downloaded."""
    lines = [line.format(found, 10 ** (place % 9)) for place, found in enumerate(sorted(map(hash_of, texts)))]
    path.write_bytes((end.join(lines) + last).encode())
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pwned.txt"


@pytest.mark.parametrize("count", [1, 2, 3, 4, 50, 300])
@pytest.mark.parametrize(("line", "end", "last"), [("{}:{}", "\n", "\n"), ("{}", "\r\n", ""), ("{}:7", "\n", "\n\n")])
def test_every_password_of_the_list_is_found_and_no_other(
    path: Path, count: int, line: str, end: str, last: str
) -> None:
    write(path, *OTHERS[:count], line=line, end=end, last=last)
    assert [text for text in OTHERS[:count] if not is_breached(path, text)] == []
    assert [text for text in [STOLEN, "", *OTHERS[count:]] if is_breached(path, text)] == []


def test_hashes_in_small_letters_are_found_too(path: Path) -> None:
    path.write_text("\n".join(sorted(hash_of(text).lower() for text in [STOLEN, *OTHERS])))
    assert is_breached(path, STOLEN)


def test_of_a_large_list_little_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, STOLEN, *(f"{number} bottles" for number in range(20_000)), line="{}:1")
    read: list[int] = []
    real = breached.os.pread
    monkeypatch.setattr(breached.os, "pread", lambda *given: (read.append(given[1]), real(*given))[1])
    assert is_breached(path, STOLEN)
    assert len(read) <= 22
    assert max(read) <= 240


@pytest.mark.parametrize("content", ["no hashes\n" * 50, "0" * 39 + "\n", "A" * 5000, "F" * 41 + "\n"])
def test_what_is_no_list_takes_no_password(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(UnreadableList):
        is_breached(path, STOLEN)
    with pytest.raises(UnreadableList):
        check_list(path)


def test_a_list_that_is_gone_takes_no_password(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        is_breached(path, STOLEN)


def test_a_list_in_another_order_is_noticed(path: Path) -> None:
    check_list(write(path, *OTHERS))
    path.write_text("\n".join(map(hash_of, OTHERS)))
    with pytest.raises(UnreadableList):
        check_list(path)


def test_a_published_password_is_refused_in_words_and_without_a_list_none_is(instance: Instance, path: Path) -> None:
    write(path, STOLEN + " again", COMPOSED, *OTHERS)
    with instance.work() as work:
        assert passwords.objections(work, STOLEN + " again", words=[]) == []
        known = replace(work, instance=replace(instance, settings=replace(work.settings, breached_passwords=path)))
        assert passwords.objections(known, STOLEN + " again", words=[]) == [BREACHED]
        assert passwords.objections(known, DECOMPOSED, words=[]) == [BREACHED]
        assert passwords.objections(known, "a long walk by the sea", words=[]) == []


def test_the_list_is_named_by_a_setting(path: Path) -> None:
    write(path, STOLEN)
    settings = read_settings({"doorward.data": str(path.parent), "doorward.breached_passwords": str(path)}, {})
    assert settings.breached_passwords == path.resolve()
