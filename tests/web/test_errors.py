"""One page a family of errors, in our own words."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pyramid import httpexceptions
from pyramid.response import Response
from sqlalchemy import func, select

from portal.kernel import errors
from portal.kernel.once import Used
from portal.web.errors import PROBLEM, PROBLEMS
from portal.web.problems import SIGNED_OUT
from tests.support.clock import NOON
from tests.support.people import last_form
from tests.support.site import Site
from tests.web.conftest import Probe

FAMILIES: list[tuple[Callable[[], Exception], int]] = [
    (errors.NotFound, 404),
    (errors.Refused, 403),
    (errors.Conflict, 409),
    (errors.AlreadyUsed, 409),
    (errors.Gone, 410),
    (errors.Invalid, 400),
    (lambda: errors.TooLarge(5), 413),
    (lambda: errors.Throttled(NOON + timedelta(seconds=90)), 429),
    (errors.Unavailable, 503),
    (httpexceptions.HTTPForbidden, 403),
    (httpexceptions.HTTPGone, 410),
    (httpexceptions.HTTPUnsupportedMediaType, 415),
    (ZeroDivisionError, 500),
]


@pytest.mark.parametrize("status", sorted(PROBLEMS))
def test_every_status_has_a_whole_page(site: Site, status: int) -> None:
    answer = site.get("/", extra_environ={PROBLEM: status}, expect_errors=True)
    # Where nobody has asked the application yet, 403 means that nothing says who it is.
    problem = SIGNED_OUT if status == SIGNED_OUT.status else PROBLEMS[status]

    assert answer.status_int == status
    assert answer.content_type == "text/html"
    assert answer.html.h1.get_text(strip=True) == problem.headline
    assert answer.html.title.text.startswith(f"Error: {problem.headline}")
    assert str(problem.explanation) in answer.html.main.text
    assert str(problem.advice) in answer.html.main.text
    assert answer.html.find("a", href="/help/")


def test_the_statuses_that_the_product_must_speak_for_are_there() -> None:
    assert {400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 431, 500, 501, 503} <= set(PROBLEMS)


@pytest.mark.parametrize(("error", "status"), FAMILIES)
def test_what_a_view_raises_is_told_by_its_family(
    probe: Probe, error: Callable[[], Exception], status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "doorward.errors")
    answer = probe.raises(error())

    assert answer.status_int == (status if status in PROBLEMS else 400)
    assert answer.html.h1


def test_a_page_speaks_the_readers_language(site: Site) -> None:
    answer = site.get("/en-XA/nothing/", status=404)

    assert answer.html.html["lang"] == "en-XA"
    assert "Page not found" not in answer.text


def test_a_wait_at_signing_in_leads_back_to_the_form_and_to_a_new_password(site: Site) -> None:
    for _guess in range(11):
        form = last_form(site.get("/account/login/"))
        form["username"], form["password"] = "nobody", "a wrong one of good length"
        page = form.submit(expect_errors=True)
    assert page.status_int == 429
    [button] = page.html.main.select("a.button:not(.quiet)")
    assert button.text == "Back to the form"
    assert page.click("Back to the form").request.path == "/account/login/"
    assert page.click("Forgotten your password?").request.path == "/account/reset-password/"
    assert "a letter may come to the e-mail address of the account" in page.html.main.text


@pytest.mark.parametrize("status", [401, SIGNED_OUT.status])
def test_where_signing_in_is_the_advice_a_button_leads_there(site: Site, status: int) -> None:
    page = site.get("/", extra_environ={PROBLEM: status}, expect_errors=True)
    [button] = page.html.main.select("a.button:not(.quiet)")
    assert (button.text, button["href"]) == ("Sign in", "/account/login/")


def test_a_form_that_is_too_old_leads_to_a_new_one(site: Site) -> None:
    page = site.post("/account/register/", {"_token": "old"}, expect_errors=True)
    assert page.html.h1.get_text() == "This form is too old"
    assert page.html.find("a", string="Back to the form")["href"] == "/account/register/"


def test_a_wait_is_told_as_a_clock_time_and_in_seconds_for_programs(probe: Probe) -> None:
    answer = probe.raises(errors.Throttled(NOON + timedelta(seconds=90.2)))

    assert answer.headers["Retry-After"] == "91"
    assert "You can try again at 12:01:30 UTC. It is now 12:00:00 UTC." in " ".join(answer.html.main.text.split())


def test_a_wait_without_an_end_names_none(probe: Probe) -> None:
    answer = probe.raises(errors.Throttled(None))

    assert answer.status_int == 429
    assert "Retry-After" not in answer.headers


def test_a_crash_tells_the_reader_a_reference_and_the_log_where_it_was_and_neither_what_it_said(
    probe: Probe, caplog: pytest.LogCaptureFixture
) -> None:
    answer = probe.raises(ValueError("pypi-SECRET"))
    (record,) = [record for record in caplog.records if record.name == "doorward.errors"]

    reference = answer.html.main.find("code").text
    assert reference in record.getMessage()
    assert "conftest.py" in record.getMessage()
    assert "SECRET" not in answer.text + caplog.text


def test_an_error_takes_back_what_was_written(probe: Probe) -> None:
    def fail(request: Any) -> str:
        request.work.db.add(Used(id="x", until=NOON))
        request.work.db.flush()
        raise errors.Conflict

    probe.send(probe.hidden() | {"word": "hello"}, look=fail)
    with probe.application.instance.work() as work:
        assert work.db.scalar(select(func.count()).select_from(Used)) == 0


def test_an_answer_that_is_returned_keeps_what_was_written_whatever_its_status(probe: Probe) -> None:
    def refuse(request: Any) -> Response:
        request.work.db.add(Used(id="x", until=NOON))
        return Response("no", status=422)

    probe.send(probe.hidden() | {"word": "hello"}, look=refuse)
    with probe.application.instance.work() as work:
        assert "x" in set(work.db.scalars(select(Used.id)))


@pytest.mark.parametrize("path", ["/account/login", "/en-XA/account/login", "/help", "/account/login?next=%2Fhelp%2F"])
def test_a_page_asked_for_without_its_last_slash_is_found_there(site: Site, path: str) -> None:
    start, mark, query = path.partition("?")
    answer = site.get(path, status=301)

    assert answer.headers["Location"] == f"http://localhost{start}/{mark}{query}"


@pytest.mark.parametrize("path", ["/en-XA/simple", "/en-XA/healthz", "/en-XA/static/x"])
def test_below_a_language_only_pages_are_found(site: Site, path: str) -> None:
    site.get(path, status=404)
    site.get(f"{path}/", status=404)


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/account/login", "/nothing", "/%2F%2Fevil.example"])
def test_nothing_else_leads_elsewhere(site: Site, path: str) -> None:
    answer = site.get(f"http://localhost{path}", expect_errors=True)

    assert "Location" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
@pytest.mark.parametrize(("path", "allowed"), [("/help/", "GET, HEAD"), ("/account/login/", "GET, HEAD, POST")])
def test_a_method_that_a_page_does_not_have_is_refused_and_those_it_has_are_named(
    site: Site, method: str, path: str, allowed: str
) -> None:
    answer = site.request(path, method=method, expect_errors=True)

    assert (answer.status_int, answer.headers["Allow"]) == (405, allowed)


def test_posting_to_a_page_without_a_form_is_refused(site: Site) -> None:
    assert site.post("/help/", {"a": "b"}, expect_errors=True).status_int == 405
