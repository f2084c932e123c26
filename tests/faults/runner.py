"""`doorward serve` that can be told to die: it counts what it does, and at the chosen moment it kills itself.

Run as a script by `tests.faults.server`, with the folder of its orders in front of the ordinary arguments. It is the
product unchanged but for a clock that can be moved, a worker that looks round more often, and the counting:
before each statement, before and after each commit that kept something, and before each change of a mail folder.

A moment belongs to whoever caused it: `request` or `worker`. Of the worker only what it does about letters is
counted, because the rest of its rounds comes by the clock.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# As a script it stands in this folder; the product is the one beside it.
sys.path[0] = str(Path(__file__).parents[2])

# ruff: noqa: E402
from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

from portal.cli import main
from portal.kernel.clock import SystemClock
from portal.notices import worker

ROUND_SECONDS = 0.1
WRITE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)")
SILENT = re.compile(r"\s*(PRAGMA|ROLLBACK|SAVEPOINT|RELEASE|select pg_catalog|show |BEGIN$)")
LETTERS = frozenset({"attempts", "events", "letters", "pending_resets", "tickets"})
FILE_EVENTS = frozenset({"open", "os.link", "os.rename", "os.remove", "os.chmod"})


class Fuse:
    """Counts moments, writes them down, and kills this process at the one that was ordered."""

    def __init__(self, folder: Path) -> None:
        self.order = folder / "order.json"
        self.trail = os.open(folder / "moments.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.lock = threading.Lock()
        self.own = threading.local()
        self.counts: dict[str, int] = {}
        self.victim, self.number = "", 0

    def moment(self, what: str) -> None:
        """Something is about to happen in this thread, or has just happened."""
        who = _who()
        with self.lock:
            self.read_order()
            self.counts[who] = self.counts.get(who, 0) + 1
            dies = who == self.victim and self.counts[who] == self.number
            os.write(self.trail, f"{'died ' if dies else ''}{who}: {what}\n".encode())
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)

    def read_order(self) -> None:
        """Begin to count anew where an order has come."""
        if not self.order.exists():
            return
        order = json.loads(self.order.read_text())
        self.order.unlink()
        self.counts, self.victim, self.number = {}, order["victim"], order["number"]

    def statement(self, text: str) -> None:
        """A statement is about to be executed."""
        written = WRITE.match(text)
        if _who() == "worker" and not (written and _is_about_letters(*written.groups())):
            return
        if written:
            self.own.wrote = {*getattr(self.own, "wrote", ()), written[2]}
        if _who() != "start" and not SILENT.match(text):
            self.moment(f"before {written[1]} {written[2]}" if written else "before a read")

    def commit(self, done: Any) -> None:
        """A transaction ends by calling `done`."""
        wrote, self.own.wrote = getattr(self.own, "wrote", set()), set()
        counts = bool(wrote) and _who() != "start"
        what = "COMMIT of " + ", ".join(sorted(wrote))
        if counts:
            self.moment(f"before {what}")
        done()
        if counts:
            self.moment(f"after {what}")

    def file(self, name: str, arguments: tuple[Any, ...]) -> None:
        """An audit event of Python (PEP 578): letters put into a Maildir."""
        if name in FILE_EVENTS and _who() == "worker" and "/mail/" in str(arguments[0]):
            self.moment(f"before {name} in the Maildir")


def _is_about_letters(verb: str, table: str) -> bool:
    # What is deleted beside is swept away when the clock says so.
    return table in LETTERS and (verb != "DELETE FROM" or table == "pending_resets")


def _who() -> str:
    name = threading.current_thread().name
    return "worker" if name == "doorward-worker" else "request" if name.startswith("waitress") else "start"


def move_clock(path: Path) -> None:
    """Let the instance's time be the machine's plus the seconds in a file."""

    def now(_self: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(path.read_text()))

    SystemClock.now = now  # type: ignore[method-assign]


def lay(fuse: Fuse) -> None:
    """Have the fuse told of everything that counts."""
    original = DefaultDialect.do_commit

    def do_commit(dialect: DefaultDialect, connection: Any) -> None:
        fuse.commit(lambda: original(dialect, connection))

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        fuse.statement(statement)

    def rolled_back(_connection: Any) -> None:
        fuse.own.wrote = set()

    DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]
    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "rollback", rolled_back)
    sys.addaudithook(fuse.file)


if __name__ == "__main__":
    orders = Path(sys.argv[1])
    worker.ROUND_SECONDS = ROUND_SECONDS
    move_clock(orders / "clock.txt")
    lay(Fuse(orders))
    sys.exit(main(sys.argv[2:]))
