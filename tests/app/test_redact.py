"""Handles and tickets in log lines."""

from __future__ import annotations

import logging
import sys

import pytest

from portal.app.redact import RedactingFormatter, redact

SECRET = "abcdefghijklmnopqrstuvwxyz"
TICKET = "Zm9vYmFyYmF6cXV4-quux_0123456789"


@pytest.mark.parametrize(
    "text",
    [f"/~{SECRET}/help/", f"/%7E{SECRET}/", f"GET /%7e{SECRET} HTTP/1.1", f"%2F~{SECRET}", f"/~{SECRET.upper()}/"],
)
def test_a_handle_is_taken_out(text: str) -> None:
    assert SECRET not in redact(text).lower()


@pytest.mark.parametrize(
    "place", ["verify-email", "reset-password", "invitation", "first-administrator", "not-me", "lift-wait"]
)
def test_a_ticket_is_taken_out(place: str) -> None:
    line = redact(f'"GET /account/{place}/{TICKET}/?x=1 HTTP/1.1" 200')
    assert TICKET not in line
    assert place in line


def test_other_words_stay() -> None:
    assert redact("/~ada/ /project/doorward/") == "/~ada/ /project/doorward/"


def test_tracebacks_are_redacted_too() -> None:
    try:
        raise RuntimeError(f"/~{SECRET}/")
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "at /~%s/", (SECRET,), sys.exc_info())
    line = RedactingFormatter("%(message)s").format(record)
    assert SECRET not in line
    assert "RuntimeError" in line
