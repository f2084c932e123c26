"""What must not be on a page below a handle, in an address, in a log line, in a letter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from tests.support.trail import HANDLE, addresses

STATIC = re.compile(r"^/(?:static|files|simple|pypi|rss)/|^/account/signed-out/clear\.css")
OWN = "http://localhost"


def strayed(answer: Any) -> Iterator[str]:
    """Addresses of an answer that carry a handle where none belongs: elsewhere, static, canonical, where a form acts.

    A form that is sent by GET leads on like a link.
    """
    for address in addresses(answer):
        if HANDLE.search(address) and not address.removeprefix(OWN).startswith("/~"):
            yield f"{answer.request.path}: elsewhere: {address}"
        elif STATIC.match(HANDLE.sub("", address.removeprefix(OWN))) and HANDLE.search(address):
            yield f"{answer.request.path}: static: {address}"
    if answer.content_type == "text/html" and answer.body:
        named = [tag.get("href", "") for tag in answer.html.select("link")]
        named += [form.get("action", "") for form in answer.html.select('form[method="post" i]')]
        named += [tag.get("content", "") for tag in answer.html.select("meta")]
        yield from (f"{answer.request.path}: {name}" for name in named if HANDLE.search(name))


def told(answer: Any, secrets: Collection[str]) -> list[str]:
    """The secrets that an answer tells, in its headers or its body."""
    text = answer.text if answer.content_type.startswith("text/") else ""
    text += "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return sorted(secret for secret in secrets if secret and secret in text)
