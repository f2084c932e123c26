"""Log lines without handles and tickets, whoever writes them."""

from __future__ import annotations

import logging
import re

HANDLE = re.compile(r"(/|%2[fF])(~|%7[eE])[a-zA-Z2-7]{26}")
TICKETS = "verify-email|reset-password|invitation|first-administrator|not-me|lift-wait|account/recovery|stop-recovery"
TICKET = re.compile(rf"(/(?:{TICKETS})/)[^/\s\"'?]+")


def redact(text: str) -> str:
    """The text with every limited-mode handle and every ticket taken out."""
    return TICKET.sub(r"\1[ticket]", HANDLE.sub("/~[handle]", text))


class RedactingFormatter(logging.Formatter):
    """A formatter whose lines, tracebacks included, hold no handle and no ticket; it can stand round another one."""

    def __init__(self, fmt: str | None = None, *, inner: logging.Formatter | None = None) -> None:
        super().__init__(fmt)
        self.inner = inner or logging.Formatter(fmt)

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, redacted last, so that nothing added on the way gets through."""
        return redact(self.inner.format(record))


def set_up_logging(level: int = logging.INFO) -> None:
    """Send all logs of the process to standard error, redacted."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # It warns of every request that waits for a moment: on a busy index that is most of them.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def guard_logging() -> None:
    """Redact the lines of a process whose logging somebody else has set up, in the form that they chose."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(inner=handler.formatter))
