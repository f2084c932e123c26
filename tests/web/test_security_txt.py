"""Whom to tell of a weakness (RFC 9116)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.clock import NOON, FixedClock
from tests.support.instances import Bed
from tests.support.site import Site

PATH = "/.well-known/security.txt"


@pytest.fixture
def told(bed: Bed) -> Site:
    """An index whose operator has said everything, good for ten days."""
    return Site(
        bed.assemble(
            security_contact="mailto:security@example.org https://example.org/report",
            security_expires=NOON + timedelta(days=10),
            security_policy="https://example.org/policy",
            security_languages="en, fr",
        )
    )


def test_the_operator_s_settings_stand_in_it(told: Site) -> None:
    answer = told.get(PATH)
    assert answer.headers["Content-Type"].lower().replace(" ", "") == "text/plain;charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:security@example.org",
        "Contact: https://example.org/report",
        "Expires: 2026-06-11T12:00:00Z",
        "Canonical: http://localhost/.well-known/security.txt",
        "Policy: https://example.org/policy",
        "Preferred-Languages: en, fr",
    ]


def test_once_it_is_over_it_is_gone(told: Site, clock: FixedClock) -> None:
    clock.advance(timedelta(days=10))
    assert told.get(PATH, expect_errors=True).status_int == 404


def test_where_nothing_is_set_there_is_none(site: Site) -> None:
    assert site.get(PATH, expect_errors=True).status_int == 404
