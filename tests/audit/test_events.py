"""What an event says, keeps and forgets."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from portal.audit.events import Event, tell
from portal.kernel.words import _
from tests.support.events import BookLent

SOMEONE = UUID(int=7)


def lent(**facts: object) -> BookLent:
    return BookLent(ticket="s3cret", account_id=SOMEONE, **facts)  # type: ignore[arg-type]


def test_an_event_tells_itself_with_its_facts() -> None:
    assert lent(readers=("ada", "grace")).told().interpolate() == "Book Emma lent to ada, grace until None."


def test_its_facts_are_plain_json_without_whom_it_is_about() -> None:
    until = datetime(2026, 6, 1, 12, tzinfo=UTC)

    assert lent(until=until, book_id=SOMEONE).facts() == {
        "title": "Emma",
        "readers": [],
        "until": "2026-06-01T12:00+00:00",
        "book_id": str(SOMEONE),
    }


def test_a_transient_field_is_in_neither_facts_nor_sentence_nor_representation() -> None:
    event = lent()

    assert event.ticket == "s3cret"
    assert "s3cret" not in f"{event.facts()} {event.told().interpolate()} {event!r}"


def test_a_fact_that_looks_like_a_placeholder_is_told_as_it_is() -> None:
    assert tell("test.book.lent", {"title": "${until}", "readers": [], "until": "June"}).interpolate() == (
        "Book ${until} lent to  until June."
    )


def test_an_event_of_a_kind_that_is_no_more_is_told_by_its_kind() -> None:
    assert tell("test.gone", {"x": 1}) == "test.gone"


def test_two_events_can_not_have_the_same_kind() -> None:
    with pytest.raises(TypeError, match=r"two events of kind test\.book\.lent"):
        type("Another", (Event,), {"kind": "test.book.lent", "sentence": _("Another")})
