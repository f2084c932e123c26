"""Codes as text: the RFC's own examples, what people type, what a key looks like."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from portal.factors.recovery.codes import ALPHABET, COUNT, names_one_of, new_codes, read_code
from portal.factors.totp.codes import (
    code_at,
    fitting_steps,
    key_text,
    minutes_off,
    new_key,
    provisioning_uri,
    start_of,
    step_at,
)
from portal.factors.typed import fold, is_totp_code

RFC_KEY = b"12345678901234567890"
# RFC 6238, appendix B, the SHA-1 rows, cut to six digits.
RFC_VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}
NOW = datetime(2026, 6, 1, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), RFC_VECTORS.items())
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert code_at(RFC_KEY, step_at(datetime.fromtimestamp(seconds, UTC))) == code


def test_a_step_begins_every_thirty_seconds() -> None:
    assert start_of(step_at(NOW)) == datetime(2026, 6, 1, 12, 0, 0, tzinfo=UTC)
    assert start_of(step_at(NOW) + 1) == datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC)


def test_a_code_fits_one_step_before_and_after_and_no_further() -> None:
    present = step_at(NOW)
    fitting = [drift for drift in range(-3, 4) if fitting_steps(RFC_KEY, code_at(RFC_KEY, present + drift), NOW)]
    assert fitting == [-1, 0, 1]


@pytest.mark.parametrize(("steps", "minutes"), [(-2, -1), (2, 1), (-4, -2), (4, 2), (-20, -10), (20, 10)])
def test_a_wrong_clock_is_told_in_minutes(steps: int, minutes: int) -> None:
    assert minutes_off(RFC_KEY, code_at(RFC_KEY, step_at(NOW) + steps), NOW) == minutes


@pytest.mark.parametrize("steps", [-21, 21])
def test_a_clock_more_than_ten_minutes_off_is_not_guessed(steps: int) -> None:
    assert minutes_off(RFC_KEY, code_at(RFC_KEY, step_at(NOW) + steps), NOW) is None


def test_a_key_has_160_bits() -> None:
    assert len(new_key()) * 8 == 160
    assert new_key() != new_key()


GROUPED = ["287082", " 287 082 ", "287-082", "287\u00a0082", "\u200e287082\u200f"]
# Full-width, Arabic, Persian and Devanagari digits.
NATIVE = ["287082".translate({ord("0") + n: zero + n for n in range(10)}) for zero in (0xFF10, 0x660, 0x6F0, 0x966)]


@pytest.mark.parametrize("typed", GROUPED + NATIVE)
def test_a_code_is_read_in_any_digits_and_grouping(typed: str) -> None:
    assert fold(typed) == "287082"
    assert is_totp_code(fold(typed))


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "28708a", "²87082x", "\ud800" * 6, "½87082", "-1"])
def test_what_is_no_six_digits_is_no_code(typed: str) -> None:
    assert not is_totp_code(fold(typed))


def test_ten_recovery_codes_of_80_bits_have_different_selectors() -> None:
    codes = new_codes()
    assert len(codes) == COUNT == 10
    assert len({code.selector for code in codes}) == COUNT
    assert len(ALPHABET) == 32
    assert all(len(code.secret) * 5 == 80 for code in codes)
    assert not set("ilou") & set(ALPHABET)


def test_a_recovery_code_is_read_in_any_writing() -> None:
    code = read_code("k3vw-8fhd-92mq-0pxs-1r6b")
    assert code is not None
    assert code.text == "k3vw-8fhd-92mq-0pxs-1r6b"
    for typed in ("K3VW 8FHD 92MQ OPXS LR6B", "k3vw8fhd92mqopxsir6b", " k3vw–8fhd–92mq–0pxs–1r6b\n"):
        assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "k3vw", "k3vw-8fhd-92mq-0pxs-1r6", "k3vw-8fhd-92mq-0pxs-1r6b-x", "uuuu" * 5, "é" * 20]
)
def test_what_is_no_recovery_code_is_not_read(typed: str) -> None:
    assert read_code(typed) is None


def test_one_code_or_the_whole_file_shows_that_codes_are_kept() -> None:
    codes = new_codes()
    listed = "\r\n".join(f"{number}. {code.text.upper()}" for number, code in enumerate(codes, 1))
    assert names_one_of(codes[7].text, codes)
    assert names_one_of(f"Recovery codes of ada\r\n\r\n{listed}\r\n", codes)
    assert names_one_of("".join(code.text for code in codes), codes)
    assert not names_one_of(new_codes()[0].text, codes)
    assert not names_one_of(codes[0].text[:-1], codes)
    assert not names_one_of("", codes)


def test_the_address_in_the_qr_code_names_site_and_host() -> None:
    key = new_key()
    uri = provisioning_uri(key, username="ada", issuer="Doorward (localhost:6543)")
    read = pyotp.parse_uri(uri)
    assert uri.startswith("otpauth://totp/Doorward%20%28localhost%206543%29:ada?")
    assert read.issuer == "Doorward (localhost 6543)"
    assert read.name == "ada"
    assert base64.b32decode(read.secret) == key
    assert key_text(key) == read.secret
    assert isinstance(read, pyotp.TOTP)
    assert read.at(NOW) == code_at(key, step_at(NOW))
    assert read.at(NOW + timedelta(seconds=30)) == code_at(key, step_at(NOW) + 1)
