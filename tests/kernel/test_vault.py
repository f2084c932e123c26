"""Encryption at rest and sealed form fields."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.vault import Unsealable, Vault, add_key, load_vault
from tests.support.clock import NOON

VAULT = Vault({b"\0\0\0\0": b"k" * 32}, b"\0\0\0\0")
LATER = NOON + timedelta(minutes=10)


def test_what_is_sealed_opens_again_and_hides_its_content() -> None:
    sealed = VAULT.seal(b"a secret", purpose="letters")

    assert b"secret" not in sealed
    assert VAULT.open(sealed, purpose="letters") == b"a secret"


def test_the_same_content_never_looks_the_same() -> None:
    assert VAULT.seal(b"x", purpose="p") != VAULT.seal(b"x", purpose="p")


def test_a_value_opens_only_for_its_purpose() -> None:
    with pytest.raises(Unsealable):
        VAULT.open(VAULT.seal(b"x", purpose="one"), purpose="two")


@given(st.binary(max_size=80))
def test_bytes_that_were_not_sealed_here_do_not_open(junk: bytes) -> None:
    with pytest.raises(Unsealable):
        VAULT.open(b"\0\0\0\0" + junk, purpose="p")
    with pytest.raises(Unsealable):
        VAULT.open(junk[:3], purpose="p")


@given(st.integers(0, 60), st.integers(0, 7))
def test_one_altered_bit_is_noticed(place: int, bit: int) -> None:
    sealed = bytearray(VAULT.seal(b"forty bytes of content, more or less so", purpose="p"))
    sealed[place] ^= 1 << bit

    with pytest.raises(Unsealable):
        VAULT.open(bytes(sealed), purpose="p")


def test_a_sealed_field_gives_its_facts_until_its_time_is_over() -> None:
    text = VAULT.seal_field({"tries": 5}, purpose="step", until=LATER)

    assert VAULT.open_field(text, purpose="step", now=NOON) == {"tries": 5}
    with pytest.raises(Unsealable):
        VAULT.open_field(text, purpose="step", now=LATER)


@given(st.text(max_size=200))
def test_no_text_that_a_stranger_sends_opens_or_crashes(text: str) -> None:
    with pytest.raises(Unsealable):
        VAULT.open_field(text, purpose="step", now=NOON)


def test_what_an_older_key_sealed_opens_after_a_new_key_was_put_in_front() -> None:
    rotated = Vault({b"\0\0\0\0": b"k" * 32, b"\0\0\0\1": b"n" * 32}, b"\0\0\0\1")

    assert rotated.open(VAULT.seal(b"x", purpose="p"), purpose="p") == b"x"
    assert rotated.mac(b"m", purpose="p") == VAULT.mac(b"m", purpose="p")
    with pytest.raises(Unsealable):
        VAULT.open(rotated.seal(b"x", purpose="p"), purpose="p")


def test_signatures_differ_by_purpose() -> None:
    assert VAULT.mac(b"m", purpose="one") != VAULT.mac(b"m", purpose="two")


def test_the_key_file_is_made_once_and_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keys.json"
    sealed = load_vault(path).seal(b"x", purpose="p")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_vault(path).open(sealed, purpose="p") == b"x"


def test_a_new_key_seals_and_every_older_one_goes_on_opening_and_signing(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = load_vault(path)
    sealed = [first.seal(b"0", purpose="p")]
    for number in (b"1", b"2"):
        add_key(path)
        sealed.append(load_vault(path).seal(number, purpose="p"))

    newest = load_vault(path)
    assert [newest.open(value, purpose="p") for value in sealed] == [b"0", b"1", b"2"]
    assert newest.mac(b"m", purpose="p") == first.mac(b"m", purpose="p")
    assert len({value[:4] for value in sealed}) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_two_who_add_a_key_at_once_one_is_refused_and_no_key_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    sealed = load_vault(path).seal(b"x", purpose="p")
    (tmp_path / "keys.json.new").write_text("")

    with pytest.raises(FileExistsError):
        add_key(path)
    assert load_vault(path).open(sealed, purpose="p") == b"x"


def test_two_instances_do_not_open_each_others_values(tmp_path: Path) -> None:
    one, other = load_vault(tmp_path / "one"), load_vault(tmp_path / "other")

    assert len(bytes.fromhex(next(iter(json.loads((tmp_path / "one").read_text())["keys"].values())))) == 32
    with pytest.raises(Unsealable):
        other.open(one.seal(b"x", purpose="p"), purpose="p")
