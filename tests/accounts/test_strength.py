from __future__ import annotations

import pytest

from portal.accounts.strength import ADVICE, COMMON, CONTEXT, LEAST, objections

WORDS = ["ann.lee", "ann", "lee", "annlee@example.org", "example", "Doorward"]


def refused(text: str) -> str:
    """The sentence that refuses it, or an empty one."""
    return "".join(objections(text, words=WORDS))


@pytest.mark.parametrize(
    "text",
    [
        "a long walk in the wet hills",
        "my cat sleeps on the router",
        "ёжик жил в тумане давно",
        "我的密码是一个很长的句子没有人知道它",
        "😀🎉🚗🌵🍕🎸📚🐙🔑🌊🧊🥐🪁🧩🛶",
        "TyrQ9-bmw4k-zzLp2",
        "#%^{)&(*@!~>?<|",
        "48309271650923847",
        "x" * 3 + " " + "long enough and not in any list of words" * 3,
    ],
)
def test_a_long_password_of_any_characters_is_taken(text: str) -> None:
    assert refused(text) == ""


@pytest.mark.parametrize("text", ["", "short", "x7!Kq2#Lm9$Pz4", "ё" * 14, "😀" * 14])
def test_fewer_than_fifteen_characters_are_too_few(text: str) -> None:
    assert len(text) < LEAST
    assert "too short" in refused(text)


def test_a_character_counts_as_one_however_many_bytes_it_has() -> None:
    assert "too short" not in refused("😀🎉🚗🌵🍕🎸📚🐙🔑🌊🧊🥐🪁🧩🛶")


def test_more_than_1024_bytes_are_too_many() -> None:
    long = "long walks in wet hills " * 50
    assert refused(long[:1024]) == ""
    assert "too long" in refused(long[:1025])


@pytest.mark.parametrize(
    "text",
    [
        "passwordpassword",
        "Password-Password-1",
        "P@ssw0rd!P@ssw0rd!",
        "password12345678",
        "qwertyuiopasdfgh",
        "1qaz2wsx3edc4rfv",
        "йцукенгшщзхъфывап",
        "abcdefghijklmnop",
        "1234567890123456",
        "aaaaaaaaaaaaaaaa",
        "abc123abc123abc123",
        "letmeinletmein2024",
        "iloveyouforever1",
        "Correct Horse Battery Staple",
        "correcthorsebatterystaple99",
        "ThisIsMyPassword",
        "Ich-liebe-dich-für-immer",
        "Liberte, egalite, fraternite",
        "summer winter autumn",
    ],
)
def test_what_many_people_use_is_refused_in_all_its_variants(text: str) -> None:
    assert refused(text) == COMMON


@pytest.mark.parametrize(
    "text",
    ["ann.lee doorward", "ann lee example 31", "Doorward by ann.lee", "annlee@example.org", "EXAMPLE-ann-lee-12"],
)
def test_what_is_made_of_name_address_and_site_is_refused(text: str) -> None:
    assert refused(text) == CONTEXT


def test_a_long_password_may_mention_them() -> None:
    assert refused("example of a door that ann painted green") == ""


def test_two_letters_of_a_name_do_not_spoil_a_password() -> None:
    assert objections("a long walk in the wet hills", words=["al", "in"]) == []


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("jessica1michelle", "dictionary"),
        ("christopherchristopher", "repeat"),
        ("!@#$%^&*()_+{}|", "spatial"),
        ("20121221........", "date"),
    ],
)
def test_what_is_easy_to_guess_is_refused_with_advice_that_fits(text: str, pattern: str) -> None:
    assert refused(text) == ADVICE[pattern]


def test_a_password_above_the_estimators_limit_is_judged_without_it() -> None:
    assert refused("jessica1michelle " * 5) == ""


def test_signs_that_stand_for_letters_do_not_make_the_estimate_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    estimated = []
    monkeypatch.setattr("portal.accounts.strength.zxcvbn", lambda text, **_: estimated.append(text))
    assert refused("4@8({[<369&#!1/|0$5+7%2" * 3) == ""
    assert estimated == []
