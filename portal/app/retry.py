"""A request is run again where the database could not order it among others.

PostgreSQL may end a transaction to untie a deadlock or to keep an order; nothing of it was kept, so
the same request can simply be run again. Uploads are not: their body is gone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError

ATTEMPTS = 3
UNTIED = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialisation failure and of a deadlock (PostgreSQL documentation, appendix A)."""


def retry_policy(environ: dict[str, Any], router: Any) -> Any:
    """Pyramid's execution policy: up to three runs of a request whose transaction was untied."""
    attempt, left = dict(environ), ATTEMPTS
    while True:
        left -= 1
        with router.request_context(attempt) as request:
            response = router.invoke_request(request)
            if not left or not is_untied(request):
                return response
            # The input gate has read the body into memory.
            body = request.body_file_raw
            body.seek(0)
            attempt = {**environ, "wsgi.input": body}


def is_untied(request: Any) -> bool:
    """Whether the request failed because the database untied its transaction, and its body can be read again."""
    error = getattr(request, "exception", None)
    streams = request.environ["PATH_INFO"].startswith(request.registry.streams)
    if streams or not isinstance(error, DBAPIError):
        return False
    return getattr(error.orig, "sqlstate", None) in UNTIED


def includeme(config: Any) -> None:
    """Set the policy."""
    config.set_execution_policy(retry_policy)
