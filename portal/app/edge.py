"""The outermost WSGI layer.

It moves a limited-mode handle and a language from the path into the script name, so that routes
and views know nothing of them and links keep them; takes secrets out of everything that could be
logged; gives every answer its headers; compresses pages; and lets no exception out.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from webob import Request, Response

from portal.app.compress import compress
from portal.app.headers import always, dress
from portal.kernel.settings import Settings
from portal.language import offered
from portal.web.errors import PROBLEM
from portal.web.requests import HANDLE, LOCALE
from portal.web.routes import PREFIXED

log = logging.getLogger("doorward.errors")

HANDLE_PATH = re.compile(r"/~([a-z2-7]{26})(?=/|$)")
LANGUAGE_PATH = re.compile(r"/([A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?)(?=/|$)")
HEALTH = frozenset({"/healthz", "/readyz"})

ANSWER = "doorward.answer"
"""Environ key: what was found at the door before the application was asked."""

Environ = dict[str, Any]


class Edge:
    """Wraps the Pyramid application."""

    def __init__(self, application: Callable[..., Any], settings: Settings, registry: Any = None) -> None:
        self.application = application
        self.settings = settings
        self.registry = registry
        self.languages = offered()
        self.always = always(settings)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """One request, whatever happens inside."""
        if found := environ.pop(ANSWER, None) or self.at_the_door(environ):
            start_response(found.status, list((self.always | found.headers).items()))
            return found.body
        request = Request(environ)
        accepts = environ.get("HTTP_ACCEPT_ENCODING", "")
        # TLS may end in front of this process: the setting knows how people reach it.
        environ["wsgi.url_scheme"] = urlsplit(self.settings.base_url).scheme
        personal = self.take_prefix(environ)
        hide_secrets(environ)
        try:
            response = self.answer(request)
        except Exception as error:
            log_fault("unanswered error", error)
            response = last_resort()
        dress(response, self.settings, personal=personal)
        compress(response, accepts)
        # The iterable is handed on as it is: the server sends a `wsgi.file_wrapper` without a thread of ours.
        start_response(response.status, response.headerlist)
        return response.app_iter

    def at_the_door(self, environ: Environ) -> Any:
        """What installers ask for most, answered past the framework; a fault there is left to the framework to tell."""
        if self.registry is None or environ.get("HTTP_HOST") != self.settings.host:
            return None
        try:
            return self.registry.door(environ)
        except Exception as error:
            log_fault("the fast path failed", error)
            return None

    @property
    def prompt(self) -> Callable[[Environ], Any] | None:
        """The same for a caller that must not wait: not where the one row is read across a network."""
        is_near = self.registry is not None and self.registry.instance.database.is_sqlite
        return self.at_the_door if is_near else None

    def answer(self, request: Request) -> Response:
        """The application's response, or a refusal of a foreign `Host`."""
        if request.environ.get("HTTP_HOST", "") != self.settings.host and request.environ["PATH_INFO"] not in HEALTH:
            request.environ[PROBLEM] = 400
        status, headers, body = request.call_application(self.application)
        return Response(status=status, headerlist=list(headers), app_iter=body)

    def take_prefix(self, environ: Environ) -> bool:
        """Move handle and language from path to script name; whether there was a handle."""
        path = environ.get("PATH_INFO", "")
        prefix = ""
        if found := HANDLE_PATH.match(path):
            environ[HANDLE] = found[1]
            prefix, path = found[0], path[found.end() :]
        if (found := LANGUAGE_PATH.match(path)) and found[1] in self.languages:
            environ[LOCALE] = found[1]
            prefix, path = prefix + found[0], path[found.end() :]
        if prefix:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
            environ["PATH_INFO"] = path or "/"
            environ[PREFIXED] = True
        return HANDLE in environ


def log_fault(what: str, error: Exception) -> None:
    """Say where something failed; not the words of the error, which can hold what somebody sent."""
    log.error("%s: %s\n%s", what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))


def hide_secrets(environ: Environ) -> None:
    """Take the path out of what servers and error reporters copy: the raw URI, and the referrer down to its origin."""
    for name in ("REQUEST_URI", "RAW_URI"):
        environ.pop(name, None)
    if referrer := environ.get("HTTP_REFERER"):
        environ["HTTP_REFERER"] = origin_of(referrer)


def origin_of(url: str) -> str:
    """Scheme and host of an address, or nothing where they can't be read."""
    try:
        parts = urlsplit(url if url.isascii() else "")
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def last_resort() -> Response:
    """What is said when nothing else can be."""
    return Response(
        status=500, body=b"Something went wrong here. Try again later.\n", content_type="text/plain", charset="utf-8"
    )
