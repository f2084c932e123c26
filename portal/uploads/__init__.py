"""The legacy upload API: receive, check, store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.kernel.sweeps import add_sweep
from portal.uploads.sweep import sweep
from portal.uploads.views.legacy import answer_problem


def includeme(config: Any) -> None:
    """Add the upload address with and without its slash, its pages, and the sweep of stray files."""
    config.add_plain_route("uploads.legacy", "/legacy/")
    config.add_plain_route("uploads.slashless", "/legacy")
    config.add_page_route("uploads.help", "/help/uploads/")
    config.registry.problem_answers |= dict.fromkeys(("/legacy/", "/legacy"), answer_problem)
    config.scan(".views")
    add_sweep(config.registry.instance, sweep, every=timedelta(hours=1))
