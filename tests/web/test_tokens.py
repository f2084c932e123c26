"""What a form carries so that only its own page can have sent it, and once."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from portal.kernel.work import Instance
from portal.web.tokens import NONCE, NONCE_LIFE, TOKEN, TOKEN_LIFE
from tests.support.clock import FixedClock
from tests.support.people import make_person, sign_in
from tests.support.site import Site
from tests.web.conftest import Probe

STALE = "This form is too old"
SECOND = timedelta(seconds=1)


def flipped(text: str, place: int) -> str:
    """The token with one byte changed."""
    raw = bytearray(base64.urlsafe_b64decode(text))
    raw[place] ^= 1
    return base64.urlsafe_b64encode(raw).decode()


def test_a_form_with_its_token_is_taken(probe: Probe) -> None:
    assert probe.send(probe.hidden() | {"word": "hello"}).text == "seen"


def test_two_pages_never_carry_the_same_token(probe: Probe) -> None:
    assert probe.hidden()[TOKEN] != probe.hidden()[TOKEN]


@pytest.mark.parametrize("place", [0, 11, 12, 16, 17, 40, -1])
def test_a_token_with_one_byte_altered_is_refused(probe: Probe, place: int) -> None:
    fields = probe.hidden()

    assert STALE in probe.send(fields | {TOKEN: flipped(fields[TOKEN], place), "word": "hello"}).text


@pytest.mark.parametrize("text", ["", "x", "é", "AAAA", "A" * 68, "=" * 8, "\x7f", "a" * 5000])
def test_a_text_that_is_no_token_is_refused(probe: Probe, text: str) -> None:
    answer = probe.send(probe.hidden() | {TOKEN: text, "word": "hello"})

    assert (answer.status_int, STALE in answer.text) == (400, True)


def test_a_token_lives_for_a_week(probe: Probe, clock: FixedClock) -> None:
    fields = probe.hidden()
    clock.advance(TOKEN_LIFE)
    later = fields | {NONCE: probe.hidden()[NONCE], "word": "hello"}

    assert probe.send(later).text == "seen"
    clock.advance(SECOND)
    assert STALE in probe.send(fields | {NONCE: probe.hidden()[NONCE], "word": "hello"}).text


def test_a_token_from_the_future_is_refused_beyond_a_minute_of_clock_skew(probe: Probe, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=2))
    fields = probe.hidden() | {"word": "hello"}
    clock.advance(timedelta(minutes=-2))

    assert STALE in probe.send(fields).text


def test_a_strangers_token_only_shows_a_form_of_somebody_signed_in_again(probe: Probe, instance: Instance) -> None:
    stranger = probe.hidden()
    sign_in(probe, make_person(instance))
    answer = probe.post("/probe/own/", stranger | {"word": "hello"}, expect_errors=True)

    assert (answer.status_int, probe.stage.told) == (422, [])


def test_one_persons_token_opens_no_form_of_another(probe: Probe, instance: Instance) -> None:
    other = Site(probe.application)
    sign_in(other, make_person(instance, "grace"))
    stolen = dict(line.split("=", 1) for line in other.get("/probe/own/").text.splitlines())
    sign_in(probe, make_person(instance))
    answer = probe.post("/probe/own/", stolen | {"word": "hello"}, expect_errors=True)

    assert (answer.status_int, probe.stage.told) == (400, [])


def test_a_form_that_works_once_is_refused_when_it_is_sent_again(probe: Probe) -> None:
    fields = probe.hidden() | {"word": "hello"}
    assert probe.send(fields).text == "seen"

    again = probe.send(fields)
    assert (again.status_int, probe.stage.told) == (409, ["hello"])
    assert "This was done already" in again.text


def test_a_form_that_was_refused_can_be_sent_again(probe: Probe) -> None:
    fields = probe.hidden()
    assert probe.send(fields | {"word": ""}).status_int == 422

    assert probe.send(fields | {"word": "hello"}).text == "seen"


def test_a_form_whose_view_failed_can_be_sent_again(probe: Probe) -> None:
    fields = probe.hidden() | {"word": "hello"}

    def fail(_request: object) -> str:
        raise ZeroDivisionError

    assert probe.send(fields, look=fail).status_int == 500
    assert probe.send(fields, look=lambda request: "seen").text == "seen"


def test_of_many_equal_forms_at_the_same_instant_one_is_taken(probe: Probe) -> None:
    fields = probe.hidden() | {"word": "hello"}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _n: Probe(probe.application, probe.stage).send(fields).status_int, range(10)))

    assert sorted(answers) == [200] + [409] * 9
    assert probe.stage.told == ["hello"]


def test_a_nonce_of_another_form_is_refused(probe: Probe, instance: Instance) -> None:
    sign_in(probe, make_person(instance))
    other = probe.hidden("/probe/own/")[NONCE]

    assert STALE in probe.send(probe.hidden() | {NONCE: other, "word": "hello"}).text


def test_a_nonce_lives_for_a_day(probe: Probe, clock: FixedClock) -> None:
    fields = probe.hidden() | {"word": "hello"}
    clock.advance(NONCE_LIFE)

    assert STALE in probe.send(fields).text
