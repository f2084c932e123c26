"""The text of a token: what is read, what is refused, and that nothing else ever happens."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pymacaroons
import pypitoken
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymacaroons.serializers import JsonSerializer

from portal.tokens import limits
from portal.tokens.errors import TokenTooLong
from portal.tokens.macaroon import MINT_LIMIT, READ_LIMIT, Unreadable, mint, read
from tests.tokens.made import HOST, KEY, TOKEN_ID, appended, encoded, minted, packet, raw

VECTOR = (
    "pypi-AgEUcGFja2FnZXMuZXhhbXBsZS5vcmcCJDAxOTBiOWQ4LTVjMmYtNGE1ZS04ZjAwLTEyMzQ1Njc4OTBhYgACFFsxLFsiYWxwaGEiLCJiZXRh"
    "Il1dAAAGIOsCp-H_tlRS_G4X9vww3XdrJJoWPxS0Zl8vFvVet2kv"
)
PROJECTS = '[1,["alpha","beta"]]'


def location_of(text: str) -> str | None:
    """The location that an unreadable token claims."""
    with pytest.raises(Unreadable) as caught:
        read(text)
    return caught.value.location


def test_a_token_reads_back_as_it_was_made() -> None:
    sent = read(minted(PROJECTS))
    assert (sent.token_id, sent.location, sent.caveats) == (TOKEN_ID, HOST, (PROJECTS.encode(),))
    assert sent.signed_by(KEY)


def test_another_key_has_not_signed_it() -> None:
    assert not read(minted(PROJECTS)).signed_by(bytes(32))


def test_the_text_is_pinned_so_that_issued_tokens_stay_readable() -> None:
    assert minted(PROJECTS) == VECTOR
    assert read(VECTOR).signed_by(KEY)


def test_pypitoken_reads_and_checks_a_token_of_ours() -> None:
    loaded = pypitoken.Token.load(minted(PROJECTS, limits.Owner.of(TOKEN_ID).caveat()))
    assert (loaded.prefix, loaded.domain, loaded.identifier) == ("pypi", HOST, str(TOKEN_ID))
    loaded.check(key=KEY, project_name="beta", user_id=str(TOKEN_ID))
    with pytest.raises(pypitoken.ValidationError):
        loaded.check(key=KEY, project_name="gamma", user_id=str(TOKEN_ID))


def test_a_token_that_pypitoken_made_and_narrowed_is_read() -> None:
    token = pypitoken.Token.create(domain=HOST, identifier=str(TOKEN_ID), key=KEY)
    token.restrict(project_names=["alpha"], not_before=1, not_after=2, user_id="me")
    sent = read(token.dump())
    assert sent.signed_by(KEY)
    assert sorted(json.loads(caveat)[0] for caveat in sent.caveats) == [0, 1, 3]


def test_a_token_of_ours_that_pypitoken_narrowed_is_read() -> None:
    narrowed = pypitoken.Token.load(minted(PROJECTS)).restrict(project_names=["alpha"]).dump()
    sent = read(narrowed)
    assert sent.signed_by(KEY)
    assert limits.read(sent.caveats).held == (limits.ProjectNames.of(["alpha"]),)


def test_a_token_cut_off_anywhere_is_unreadable() -> None:
    text = minted(PROJECTS)
    for length in range(len(text)):
        location_of(text[:length])


def test_a_token_cut_off_behind_its_location_still_tells_it() -> None:
    text = minted(PROJECTS, location="pypi.org")
    assert location_of(text[:-1]) == "pypi.org"
    assert location_of(text[:40]) == "pypi.org"
    assert location_of(text[:10]) is None


def test_a_flipped_bit_anywhere_is_unreadable_or_unsigned_or_only_in_the_location() -> None:
    held = raw(minted(PROJECTS))
    location = range(3, 3 + len(HOST))
    for place in range(len(held)):
        for bit in range(8):
            altered = bytearray(held)
            altered[place] ^= 1 << bit
            try:
                sent = read(encoded(bytes(altered)))
            except Unreadable:
                continue
            assert not sent.signed_by(KEY) or (place in location and sent.token_id == TOKEN_ID)


@pytest.mark.parametrize("ending", ["=", "=="])
def test_padding_is_forgiven_and_names_the_same_row(ending: str) -> None:
    assert read(minted(PROJECTS) + ending).token_id == TOKEN_ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pypi-",
        "pypi-=",
        "pypi-A",
        "pypi-Ag",
        "pypi-AgAA",
        "pypi-AgEIcHlwaS5vcmc",
        "PYPI-" + minted().removeprefix("pypi-"),
        minted().removeprefix("pypi-"),
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        minted()[:30] + "\n" + minted()[30:],
        minted()[:30] + "!" + minted()[30:],
        minted() + "A",
        minted() + "AAAA",
        minted().replace("pypi-A", "pypi-é"),
        "pypi-\ud800",
        "pypi-" + "A" * READ_LIMIT,
        "pypi-" + "_" * 2000,
        "\0",
    ],
)
def test_what_is_no_token_is_unreadable(text: str) -> None:
    location_of(text)


def test_the_standard_alphabet_of_base64_is_not_ours() -> None:
    text = minted('[1,["~~~~????>>>>"]]')
    assert "_" in text or "-" in text[5:]
    location_of("pypi-" + text[5:].replace("_", "/").replace("-", "+"))


def test_other_formats_of_macaroons_are_refused() -> None:
    first = pymacaroons.Macaroon(location=HOST, identifier=str(TOKEN_ID), key=KEY, version=pymacaroons.MACAROON_V1)
    second = pymacaroons.Macaroon(location=HOST, identifier=str(TOKEN_ID), key=KEY, version=pymacaroons.MACAROON_V2)
    location_of("pypi-" + first.serialize())
    location_of("pypi-" + urlsafe_b64encode(second.serialize(JsonSerializer()).encode()).decode().rstrip("="))


def test_a_third_party_caveat_is_refused() -> None:
    macaroon = pymacaroons.Macaroon.deserialize(minted()[5:])
    macaroon.add_third_party_caveat("https://elsewhere.example", "key", "identifier")
    location_of("pypi-" + macaroon.serialize())
    location_of(appended(minted(), b"x", packet(4, b"verification")))


def test_thirty_two_caveats_are_read_and_thirty_three_refused() -> None:
    assert len(read(minted(*['[3,"a"]'] * 32)).caveats) == 32
    location_of(appended(minted(*['[3,"a"]'] * 32), b'[3,"a"]'))


def test_an_identifier_that_is_no_row_id_is_unreadable() -> None:
    for identifier in (str(TOKEN_ID).upper(), TOKEN_ID.hex, f"{{{TOKEN_ID}}}", "", "x", b"\xff\xfe"):
        macaroon = pymacaroons.Macaroon(location=HOST, identifier=identifier, key=KEY, version=2)
        location_of("pypi-" + macaroon.serialize())


def test_a_length_written_longer_than_needed_is_unreadable() -> None:
    held = raw(minted())
    location_of(encoded(held[:2] + bytes([len(HOST) | 0x80, 0]) + held[3:]))
    location_of(encoded(held[:2] + b"\xff" * 600 + held[3:]))


def test_a_claimed_location_is_told_only_if_it_can_be_a_host() -> None:
    assert location_of(minted(location="localhost:6543")[:-1]) == "localhost:6543"
    for location in ("evil\r\nX: y", "<b>host</b>", "a" * 101, "höst"):
        assert location_of(minted(location=location)[:-1]) is None


def test_a_caveat_that_is_no_text_is_kept_for_the_limits_to_refuse() -> None:
    sent = read(appended(minted(), b"\xff\xfe"))
    assert sent.signed_by(KEY)
    assert sent.caveats == (b"\xff\xfe",)


def test_a_token_above_three_kilobytes_is_not_made() -> None:
    with pytest.raises(TokenTooLong):
        minted(limits.ProjectNames.of(f"{number:02}" * 40 for number in range(50)).caveat())
    usual = limits.ProjectNames.of(f"a-usual-project-name-{number}" for number in range(50))
    assert len(minted(usual.caveat())) < MINT_LIMIT


def test_a_token_is_not_made_without_a_whole_key() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        mint(location=HOST, token_id=TOKEN_ID, key=b"", caveats=[])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.binary(max_size=120).map(encoded)))
def test_any_text_is_read_or_unreadable(text: str) -> None:
    try:
        read(text)
    except Unreadable:
        return


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=8), st.integers(0, 160), st.integers(0, 12))
def test_no_mutation_is_signed_with_another_meaning(inserted: bytes, at: int, removed: int) -> None:
    held = raw(minted(PROJECTS))
    try:
        sent = read(encoded(held[:at] + inserted + held[at + removed :]))
    except Unreadable:
        return
    assert not sent.signed_by(KEY) or (sent.token_id, sent.caveats) == (TOKEN_ID, (PROJECTS.encode(),))


def test_pypitoken_loads_and_narrows_a_token_with_limits_of_our_own() -> None:
    own = ['[100,["192.0.2.0/24"]]', '[101,"1.0"]', "[102]"]
    narrowed = pypitoken.Token.load(minted(PROJECTS, *own)).restrict(project_names=["alpha"]).dump()
    sent = read(narrowed)
    assert sent.signed_by(KEY)
    found = limits.read(sent.caveats)
    assert found.get(limits.ProjectNames) == limits.ProjectNames.of(["alpha"])
    assert [limit.caveat() for limit in found.held if limit.tag is not None and limit.tag >= 100] == own
