"""Every address that holds a ticket is kept out of logs: of ours, and of the proxy set up as we tell operators to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from portal.app.redact import redact
from tests.server.nginx import shipped

TICKET = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"
RULE = re.compile(r'^\s*"~\*(?P<pattern>\S+)"\s+"(?P<shown>\S+)";$', re.MULTILINE)


def with_tickets(registry: Any) -> Iterator[str]:
    """The address of every page that is reached by a letter."""
    return (pattern for pattern in registry.page_routes.values() if "{ticket}" in pattern)


def shown_by_proxy(path: str) -> str:
    """What the proxy's log shows of an address: the first rule that fits, else the address."""
    rules = RULE.findall(shipped("logs.conf"))
    return next((shown for pattern, shown in rules if re.search(pattern, path, re.IGNORECASE)), path)


def test_no_log_holds_a_ticket(registry: Any) -> None:
    found = list(with_tickets(registry))

    assert len(found) >= 5
    for pattern in found:
        path = pattern.replace("{ticket}", TICKET)
        assert TICKET not in redact(path), pattern
        assert TICKET not in shown_by_proxy(path), pattern
        assert TICKET not in shown_by_proxy("/fr" + path), pattern


@pytest.mark.parametrize(
    "path", ["/help/", "/manage/account/tokens/?before=1", "/simple/invitation/", "/project/not-me/"]
)
def test_other_addresses_are_logged_as_they_are(path: str) -> None:
    assert shown_by_proxy(path) == path
