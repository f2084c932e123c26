"""A request whose transaction was untied by the database is run again."""

from __future__ import annotations

from typing import Any

import psycopg.errors
import pytest
from pyramid.config import Configurator
from pyramid.response import Response
from sqlalchemy.exc import OperationalError
from webtest import TestApp

from portal.app.retry import ATTEMPTS

UNTIED = [psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected]


def application(failures: int, error: type[psycopg.Error], path: str = "/count/") -> tuple[TestApp, list[str]]:
    """An application whose view fails so often before it answers; and what it was sent each time."""
    sent: list[str] = []

    def view(request: Any) -> Response:
        sent.append(request.body.decode())
        if len(sent) <= failures:
            raise OperationalError("UPDATE", {}, error())
        return Response("done")

    config = Configurator()
    config.registry.streams = ("/legacy",)
    config.include("portal.app.retry")
    config.add_route("count", path)
    config.add_view(view, route_name="count")
    config.add_exception_view(lambda _error, _request: Response("failed", status=500), context=Exception)
    return TestApp(config.make_wsgi_app()), sent


@pytest.mark.parametrize("error", UNTIED)
def test_it_is_run_again_with_the_same_body(error: type[psycopg.Error]) -> None:
    app, sent = application(ATTEMPTS - 1, error)
    assert app.post("/count/", "a=1").text == "done"
    assert sent == ["a=1"] * ATTEMPTS


def test_it_is_not_run_for_ever() -> None:
    app, sent = application(99, psycopg.errors.SerializationFailure)
    assert app.post("/count/", "a=1", expect_errors=True).status_int == 500
    assert len(sent) == ATTEMPTS


def test_another_error_of_the_database_is_final() -> None:
    app, sent = application(1, psycopg.errors.UniqueViolation)
    assert app.post("/count/", "a=1", expect_errors=True).status_int == 500
    assert len(sent) == 1


def test_an_upload_is_never_run_again() -> None:
    app, sent = application(1, psycopg.errors.SerializationFailure, "/legacy/")
    assert app.post("/legacy/", "a=1", expect_errors=True).status_int == 500
    assert len(sent) == 1
