"""Sealed values that work once."""

from datetime import timedelta

import pytest

from portal.kernel.errors import AlreadyUsed
from portal.kernel.once import Used, forget_used, seal_once, take_once
from portal.kernel.vault import Unsealable
from portal.kernel.work import Work

LIFE = timedelta(minutes=10)


def take(work: Work, sealed: str) -> dict[str, object]:
    return take_once(work, sealed, purpose="test", life=LIFE)


def test_a_sealed_value_gives_its_facts_once_and_is_refused_the_second_time(work: Work) -> None:
    sealed = seal_once(work, {"account": "ada"}, purpose="test", life=LIFE)

    assert take(work, sealed) == {"account": "ada"}
    with pytest.raises(AlreadyUsed):
        take(work, sealed)
