"""The language of a request: the address's, else the person's own, else the browser's, else English.

Only languages on offer are ever taken: the framework keeps a catalogue in memory for each name it
is asked for, so that names made up by a stranger would fill it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from portal.language.lookup import best
from portal.language.offer import DEFAULT, suggested
from portal.web.requests import LOCALE


def negotiate(request: Any) -> str:
    """The locale of this request, with the choice a signed-in person has stored."""
    locale: str = _in_address(request) or _stored(request) or request.asked_locale
    return locale


def asked_locale(request: Any) -> str:
    """The locale that the request itself asks for; it needs no database."""
    if in_address := _in_address(request):
        return in_address
    languages = suggested(request.registry.languages)
    code = best(request.accept_language.parsed or (), languages)
    return languages[code] if code else DEFAULT


def _in_address(request: Any) -> str | None:
    found: str | None = request.registry.languages.get(request.environ.get(LOCALE, ""))
    return found


def _stored(request: Any) -> str | None:
    try:
        locale = getattr(getattr(request, "person", None), "locale", None)
    except SQLAlchemyError:
        # A page must still be able to say that the database can't be reached.
        return None
    return locale if locale in request.registry.languages.values() else None


def add_headers(event: Any) -> None:
    """Say which language the answer is in, and what the choice depended on (RFC 9110 §8.5, §12.5.5)."""
    request, response = event.request, event.response
    if "localizer" not in request.__dict__:
        return
    response.headers["Content-Language"] = request.locale_lang
    if not _in_address(request):
        response.vary = sorted({*(response.vary or ()), "Accept-Language", "Cookie"})


def includeme(config: Any) -> None:
    """Add the negotiator and the headers."""
    config.set_locale_negotiator(negotiate)
    config.add_request_method(asked_locale, reify=True)
    config.add_subscriber(add_headers, "pyramid.events.NewResponse")
