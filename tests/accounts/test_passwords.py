from __future__ import annotations

from dataclasses import replace
from threading import Lock

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from sqlalchemy import text

from portal.accounts import passwords
from portal.kernel.errors import Invalid
from portal.kernel.work import Instance, TransactionOpen, Work
from tests.accounts.people import PASSWORD
from tests.support.races import at_once

COMPOSED, DECOMPOSED = "caf\u00e9 au lait le matin", "cafe\u0301 au lait le matin"


def test_a_password_is_hashed_with_argon2id_at_the_cost_of_the_settings(work: Work) -> None:
    found = extract_parameters(passwords.hash_password(work, PASSWORD))
    assert found.type is Type.ID
    assert (found.memory_cost, found.time_cost) == (work.settings.argon2_memory_kib, work.settings.argon2_rounds)
    assert (found.salt_len, found.hash_len, found.parallelism) == (16, 32, 1)


def test_only_the_whole_password_is_right(work: Work) -> None:
    stored = passwords.hash_password(work, PASSWORD)
    assert passwords.verify_password(work, stored, PASSWORD)
    for wrong in ("", PASSWORD[:-1], PASSWORD + " ", PASSWORD.upper(), f" {PASSWORD}"):
        assert not passwords.verify_password(work, stored, wrong)


def test_the_1024th_byte_still_counts(work: Work) -> None:
    stored = passwords.hash_password(work, "x" * 1023 + "y")
    assert not passwords.verify_password(work, stored, "x" * 1024)
    assert passwords.verify_password(work, stored, "x" * 1023 + "y")


def test_a_longer_one_is_never_cut_down_to_a_right_one(work: Work) -> None:
    stored = passwords.hash_password(work, "x" * 1024)
    assert not passwords.verify_password(work, stored, "x" * 1025)
    with pytest.raises(Invalid):
        passwords.hash_password(work, "x" * 1025)


def test_one_keyboard_may_compose_an_accent_that_another_does_not(work: Work) -> None:
    assert passwords.verify_password(work, passwords.hash_password(work, COMPOSED), DECOMPOSED)
    assert passwords.verify_password(work, passwords.hash_password(work, DECOMPOSED), COMPOSED)


def test_without_an_account_as_much_is_computed_and_the_answer_is_no(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    real = passwords._matches
    monkeypatch.setattr(
        passwords, "_matches", lambda hasher, stored, secret: compared.append(stored) or real(hasher, stored, secret)
    )
    assert not passwords.verify_password(work, None, PASSWORD)
    assert not passwords.verify_password(work, None, "x" * 2000)
    assert not passwords.verify_password(work, "", PASSWORD)
    real_hash = extract_parameters(passwords.hash_password(work, PASSWORD))
    assert len(compared) == 3
    assert [extract_parameters(dummy) for dummy in compared] == [real_hash] * 3


def test_a_damaged_hash_matches_nothing(work: Work) -> None:
    assert not passwords.verify_password(work, "$argon2id$damaged", PASSWORD)


def test_nothing_is_hashed_while_a_transaction_is_open(work: Work) -> None:
    stored = passwords.hash_password(work, PASSWORD)
    work.db.execute(text("SELECT 1"))
    with pytest.raises(TransactionOpen):
        passwords.hash_password(work, PASSWORD)
    with pytest.raises(TransactionOpen):
        passwords.verify_password(work, stored, PASSWORD)


def test_no_more_passwords_are_hashed_at_once_than_the_settings_say(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = replace(instance, settings=replace(instance.settings, argon2_at_once=3))
    lock, running, most = Lock(), [0], [0]
    real = passwords._matches

    def counted(*arguments: object) -> bool:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        try:
            return real(*arguments)  # type: ignore[arg-type]
        finally:
            with lock:
                running[0] -= 1

    monkeypatch.setattr(passwords, "_matches", counted)
    assert at_once(lambda: passwords.verify_password(limited.open(), None, PASSWORD)) == [False] * 50
    assert 1 <= most[0] <= 3


def test_a_megabyte_of_marks_is_no_password_and_is_not_composed(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """Composing it would take minutes, and no other request would be answered meanwhile."""
    composed: list[int] = []

    def normalize(_form: str, text: str) -> str:
        composed.append(len(text))
        return text

    monkeypatch.setattr(passwords.unicodedata, "normalize", normalize)
    marks = "a" + "\u0301" * 200_000 + "\u0323" * 200_000
    assert not passwords.verify_password(work, passwords.hash_password(work, PASSWORD), marks)
    assert passwords.objections(work, marks, words=[])
    assert max(composed) == len(PASSWORD)
