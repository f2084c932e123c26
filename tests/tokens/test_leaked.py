"""The page on which anybody tells of a token that they have found."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.kernel.work import Instance
from portal.notices.reading import newest
from portal.notices.service import send_due
from portal.notices.worker import Worker
from portal.tokens.leaks import service
from portal.tokens.leaks.models import FoundToken
from portal.tokens.service import Created
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.people import last_form, make_person
from tests.support.site import Site
from tests.tokens.ended import ended_at, history
from tests.tokens.made import appended, issued, minted

PATH = "/account/leaked-token/"


@pytest.fixture
def token(instance: Instance) -> Created:
    """A working token of Mira, on an instance that is set up."""
    make_person(instance, "root")
    return issued(instance)


def paste(site: Site, text: str) -> Any:
    """Fill the page's form in and press its button."""
    form = last_form(site.get(PATH))
    form["token"] = text
    return form.submit(expect_errors=True)


def kept(instance: Instance) -> int:
    """How many texts wait for the worker."""
    with instance.work(write=False) as work:
        return work.db.scalars(select(func.count()).select_from(FoundToken)).one()


def test_a_token_that_somebody_pasted_is_revoked_and_its_owner_is_told(
    site: Site, instance: Instance, token: Created
) -> None:
    answer = paste(site, f"password = {token.secret}\n")
    assert (answer.status_int, answer.headers["Location"]) == (303, "http://localhost/account/leaked-token/thanks/")
    assert service.take_all(instance) == 1
    assert ended_at(instance, token) == NOON
    entry = history(instance, token)[-1]
    assert (entry.kind, entry.address, entry.browser, entry.actor_id) == ("token.leaked", "", "Doorward", None)
    send_due(instance)
    letters = {letter.subject: letter for letter in newest(instance.settings, 5)}
    letter = letters["API token revoked: somebody found it"]
    assert letter.to == "mira@example.org"
    assert READER.address not in letter.text
    assert token.secret not in letter.text


def test_the_worker_revokes_it_by_itself(site: Site, instance: Instance, token: Created) -> None:
    paste(site, token.secret)
    assert Worker(instance).round()
    assert ended_at(instance, token) == NOON
    assert kept(instance) == 0


def test_a_narrowed_copy_revokes_what_it_was_made_from(site: Site, instance: Instance, token: Created) -> None:
    paste(site, appended(token.secret, b"[0,1,1]"))
    service.take_all(instance)
    assert ended_at(instance, token) == NOON


def test_whatever_is_pasted_the_answer_is_the_same_to_the_byte_and_nothing_is_looked_at(
    site: Site, instance: Instance, token: Created
) -> None:
    texts = [token.secret, token.secret[:-8], minted(), "nonsense", "pypi-" + "A" * 9000]
    answers = [paste(site, text) for text in texts]
    assert len({(answer.status, answer.body, answer.headers["Location"]) for answer in answers}) == 1
    assert ended_at(instance, token) is None
    service.take_all(instance)
    assert ended_at(instance, token) == NOON


def test_what_is_no_token_of_ours_ends_nothing_and_is_not_kept(site: Site, instance: Instance, token: Created) -> None:
    for text in (token.secret[:-8], minted(), str(token.token.id), "nonsense"):
        paste(site, text)
    assert kept(instance) == 4
    assert service.take_all(instance) == 0
    assert kept(instance) == 0
    assert ended_at(instance, token) is None
    assert [entry.kind for entry in history(instance, token)] == ["token.created"]


def test_pasted_twice_the_owner_is_told_once(site: Site, instance: Instance, token: Created) -> None:
    paste(site, token.secret)
    paste(site, token.secret)
    service.take_all(instance)
    assert [entry.kind for entry in history(instance, token)] == ["token.created", "token.leaked"]


def test_what_was_pasted_lies_in_the_database_only_sealed(site: Site, instance: Instance, token: Created) -> None:
    paste(site, token.secret)
    with instance.work(write=False) as work:
        body = work.db.scalars(select(FoundToken.body)).one()
    assert token.secret.encode() not in body
    assert token.secret[20:60].encode() not in body


def test_it_is_never_shown_again_nor_logged(
    site: Site, instance: Instance, token: Created, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = paste(site, token.secret)
    shown = answer.text + answer.follow().text
    form = last_form(site.get(PATH))
    form["token"], form["_token"] = token.secret, "stale"
    shown += form.submit(expect_errors=True).text
    service.take_all(instance)
    shown += "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)
    assert token.secret not in shown
    assert token.secret[20:60] not in shown


def test_nothing_at_all_is_told_to_be_missing(site: Site, token: Created) -> None:
    page = paste(site, " ")
    assert page.status_int == 303
    page = paste(site, "")
    assert page.status_int == 422
    assert "Paste the API token that you have found." in page.text


def test_from_one_network_it_is_taken_twenty_times_an_hour(
    site: Site, instance: Instance, token: Created, clock: FixedClock
) -> None:
    assert [paste(site, "x").status_int for _ in range(21)] == [303] * 20 + [429]
    other = Site(site.application, REMOTE_ADDR="198.51.100.9")
    assert paste(other, token.secret).status_int == 303
    service.take_all(instance)
    assert ended_at(instance, token) == clock.now()


def test_another_site_can_not_send_it(site: Site, instance: Instance, token: Created) -> None:
    fields = last_form(site.get(PATH)).submit_fields()
    foreign = Site(site.application, HTTP_SEC_FETCH_SITE="cross-site")
    assert foreign.post(PATH, fields, expect_errors=True).status_int == 403
    assert site.post(PATH, {"token": token.secret}, expect_errors=True).status_int in {400, 403}
    assert kept(instance) == 0


def test_a_text_that_can_not_be_opened_any_more_stops_no_other(site: Site, instance: Instance, token: Created) -> None:
    with instance.work() as work:
        work.db.add(FoundToken(body=b"x" * 60, created_at=work.now))
    paste(site, token.secret)
    assert service.take_all(instance) == 1
    assert ended_at(instance, token) == NOON
    assert kept(instance) == 0


@pytest.mark.parametrize(
    "text",
    [
        "pypi-token-for-our-build: {}",
        "export pypi-token-of-the-build-{}",
        "https://example.org/pypi-simple-index-version-2/ {}",
        "pypi-AAAAAAAAAAAAAAAAAAAAAAAA\n{}",
        "pypi-AAAAAAAAAAAAAAAAAAAAAAAA " * 9 + "{}",
        '"{}"',
    ],
)
def test_what_only_looks_like_a_token_hides_none(instance: Instance, token: Created, text: str) -> None:
    with instance.work(write=False) as work:
        found = service.recognise(work, text.format(token.secret))
    assert found is not None
    assert found.id == token.token.id


@pytest.mark.parametrize("between", ["\n", "\r\n    ", " "])
def test_a_token_that_was_wrapped_is_found(instance: Instance, token: Created, between: str) -> None:
    secret = token.secret
    with instance.work(write=False) as work:
        assert service.recognise(work, between.join([secret[:40], secret[40:90], secret[90:]])) is not None


def test_only_so_many_are_tried(instance: Instance, token: Created) -> None:
    with instance.work(write=False) as work:
        assert service.recognise(work, (minted() + "\n") * service.TRIED + token.secret) is None
