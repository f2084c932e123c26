from __future__ import annotations

import pytest

from portal.accounts import names


@pytest.mark.parametrize("text", ["ab", "Ann", "ann.lee", "a_b-c.d", "0a", "x" * 50, "a--b"])
def test_letters_digits_and_separators_make_a_user_name(text: str) -> None:
    assert names.is_username(text)


@pytest.mark.parametrize(
    "text",
    ["", "a", ".ann", "ann.", "-ann", "ann_", "x" * 51, "ann lee", "änn", "ann\n", "ann@lee", "ann/lee", "\u0430nn"],
)
def test_anything_else_makes_none(text: str) -> None:
    assert not names.is_username(text)


@pytest.mark.parametrize("other", ["ann.lee", "ANN.LEE", "Ann-Lee", "ann_lee", "ann-._lee", "annlee", "a-n-n-l-e-e"])
def test_names_that_differ_in_case_and_separators_are_one(other: str) -> None:
    assert names.username_key(other) == names.username_key("ann.lee")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paul", "pau1"),
        ("paul", "pauI"),
        ("bob", "b0b"),
        ("OOO", "000"),
        ("mia", "rnia"),
        ("wim", "vvirn"),
        ("il1", "1Il"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert names.username_key(one) == names.username_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ann", "anna"), ("paul", "saul"), ("bob", "bop"), ("m", "n"), ("s5", "ss")]
)
def test_names_that_differ_in_a_letter_are_two(one: str, other: str) -> None:
    assert names.username_key(one) != names.username_key(other)


@pytest.mark.parametrize(
    "name", ["admin", "Administrator", "ROOT", "d0orvvard", "security", "Postmaster", "adm1n", "no.reply"]
)
def test_names_that_speak_for_the_site_are_reserved(name: str) -> None:
    assert names.is_reserved(name)


def test_the_name_that_upload_tools_send_with_a_token_can_be_nobodys() -> None:
    assert not names.is_username("__token__")
    assert names.is_reserved("__token__")


@pytest.mark.parametrize(
    "text",
    ["ann@example.org", "Ann.Lee+pypi@mail.example.co.uk", "a@b.c", "o'neil@example.org", "x@xn--bcher-kva.example"],
)
def test_ordinary_addresses_are_taken(text: str) -> None:
    assert names.is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@localhost",
        "ann@example..org",
        "ann@-example.org",
        ".ann@example.org",
        "an n@example.org",
        "ann@example.org\n",
        "ann@example.org\r\nBcc: bea@example.org",
        "ann@[192.0.2.1]",
        "ann@192.0.2.1",
        '"ann"@example.org',
        "ann,bea@example.org",
        "<ann@example.org>",
        "änn@example.org",
        "ann@bücher.example",
        "x" * 65 + "@example.org",
        "ann@" + "x." * 125 + "org",
    ],
)
def test_anything_else_is_no_address(text: str) -> None:
    assert not names.is_email(text)


def test_an_address_may_have_254_characters_and_not_one_more() -> None:
    local, host = "a" * 64, ".".join(["b" * 61, "c" * 61, "d" * 61])
    assert len(f"{local}@{host}.ee") == 253
    assert names.is_email(f"{local}@{host}.eee")
    assert not names.is_email(f"{local}@{host}.eeee")


def test_addresses_are_compared_without_regard_to_case() -> None:
    assert names.email_key("Ann@Example.ORG") == names.email_key("ann@example.org")


def test_the_parts_of_name_and_address_are_what_a_password_must_not_be_made_of() -> None:
    found = names.parts("Ann.Lee", "lee@example.org")
    assert {"Ann.Lee", "lee@example.org", "Ann", "Lee", "lee", "example", "org"} == set(found)
