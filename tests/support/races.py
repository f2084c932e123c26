"""Many at the same instant."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

MANY = 50


def at_once(attempt: Callable[[], Any], times: int = MANY) -> list[Any]:
    """Let `attempt` begin in so many threads together; what each returned, or the exception it raised."""
    start = Barrier(times)

    def run(_number: int) -> Any:
        start.wait()
        try:
            return attempt()
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
