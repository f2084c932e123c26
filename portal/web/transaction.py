"""The end of a request's transaction: committed when an answer is returned, rolled back by an exception.

An answer that is *returned* is kept whatever its status, so that a refused attempt stays in the
history. The tween lies under Pyramid's exception views: what those answer was raised.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.tweens import EXCVIEW


def transaction_tween_factory(handler: Callable[[Any], Any], registry: Any) -> Callable[[Any], Any]:
    """Commit or roll back around the view."""

    def transaction_tween(request: Any) -> Any:
        try:
            response = handler(request)
            if "work" in request.__dict__:
                request.work.db.commit()
        except BaseException:
            if "work" in request.__dict__:
                request.work.db.rollback()
            raise
        return response

    return transaction_tween


def includeme(config: Any) -> None:
    """Add the tween."""
    config.add_tween("portal.web.transaction.transaction_tween_factory", under=EXCVIEW)
