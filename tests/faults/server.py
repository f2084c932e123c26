"""A `doorward serve` that dies when it is told to, seen from outside."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from sqlalchemy import func, select

from portal.accounts.models import PendingReset
from portal.audit.service import Record
from portal.kernel.database import Database
from portal.kernel.settings import Settings
from portal.kernel.vault import load_vault
from portal.kernel.work import Instance
from portal.notices.models import Letter
from tests.support.serving import CHEAP_HASHES, PATIENCE_SECONDS, Doorward, links

RUNNER = Path(__file__).with_name("runner.py")
PAUSE_SECONDS = 0.01
DOWN_FOR = timedelta(minutes=6)
"""Between death and the next start: the dead worker's lease and its claim on a letter are over then."""


class Crashed(Exception):
    """The server is dead: what was asked of it has no answer."""


class MovedClock:
    """The time of the server: the machine's, and what was added."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.added = timedelta(0)
        self.advance(timedelta(0))

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.added += by
        fresh = self.path.with_suffix(".new")
        fresh.write_text(str(self.added.total_seconds()))
        fresh.replace(self.path)

    def now(self) -> datetime:
        """What the server takes for the present instant."""
        return datetime.now(UTC) + self.added


class Mortal(Doorward):
    """One instance whose process counts its moments and dies at the one that was ordered."""

    def __init__(self, folder: Path, database_url: str = "", *, templates: Path | None = None) -> None:
        # Chameleon keeps compiled templates there: each start would make them anew.
        compiled = templates or folder / "templates"
        compiled.mkdir(exist_ok=True)
        settings = {"DOORWARD_THROTTLE_FREE": "100000", "DOORWARD_DATABASE_URL": database_url, **CHEAP_HASHES}
        super().__init__(folder, CHAMELEON_CACHE=str(compiled), **settings)
        self.orders = folder / "orders"
        self.orders.mkdir()
        self.program = (sys.executable, RUNNER, str(self.orders))
        self.clock = MovedClock(self.orders / "clock.txt")
        self.database_url = database_url
        self.read: dict[str, EmailMessage] = {}
        self.told = 0

    def inspect(self) -> Instance:
        """The instance as it is stored: its database, its keys, its clock."""
        settings = Settings(data=self.data.resolve(), base_url=self.url, database_url=self.database_url)
        vault = load_vault(self.data / "keys" / "keys.json")
        return Instance(settings, vault, Database(settings.database), Record(), self.clock)

    def order(self, victim: str, number: int) -> None:
        """From now on count anew; kill the process at this moment of the victim's (0: never)."""
        fresh = self.orders / "order.new"
        fresh.write_text(json.dumps({"victim": victim, "number": number}))
        fresh.replace(self.orders / "order.json")

    def moments(self) -> list[str]:
        """What has been counted since this was asked last."""
        path = self.orders / "moments.txt"
        text = path.read_text() if path.exists() else ""
        fresh, self.told = text[self.told :], len(text)
        return fresh.splitlines()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def is_dying(self) -> bool:
        """Whether the process, whose connection broke off, ends now."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE_SECONDS)
        return not self.alive()

    def kill(self) -> None:
        """SIGKILL, if it runs."""
        if self.alive():
            self.process.send_signal(signal.SIGKILL)

    def bury(self) -> None:
        """Wait until the process is dead."""
        self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()
        self.process = None
        (self.orders / "order.json").unlink(missing_ok=True)

    def rise(self) -> None:
        """Start again, some minutes later."""
        self.clock.advance(DOWN_FOR)
        self.start()

    def settle(self, instance: Instance) -> None:
        """Wait until every letter is sent. Raises Crashed."""
        end = time.monotonic() + PATIENCE_SECONDS
        while waiting(instance):
            if not self.alive():
                raise Crashed
            assert time.monotonic() < end, f"letters that nobody sends: {waiting(instance)}\n{self.log()[-2000:]}"
            time.sleep(PAUSE_SECONDS)

    def post(self, to: str) -> list[EmailMessage]:
        """All letters to somebody, each copy, oldest first."""
        folder = self.data / "mail" / "new"
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if path.name not in self.read:
                self.read[path.name] = BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
        paths = [name for name, letter in self.read.items() if letter["To"] == to]
        paths.sort(key=lambda name: (folder / name).stat().st_mtime_ns)
        return [self.read[name] for name in paths]

    def links(self, to: str, part: str) -> list[str]:
        """The different links to such pages that somebody was sent, oldest first."""
        found = [link for letter in self.post(to) for link in links(letter) if part in link]
        return list(dict.fromkeys(link.removeprefix(self.url) for link in found))


def waiting(instance: Instance) -> int:
    """How many letters and requests for letters nobody has dealt with."""
    resets = select(func.count()).select_from(PendingReset)
    letters = select(func.count()).select_from(Letter).where(Letter.sent_at.is_(None))
    with instance.work(write=False) as work:
        # In this order: a request turns into a letter, and PostgreSQL shows each statement the present.
        asked = work.db.scalar(resets) or 0
        return asked + (work.db.scalar(letters) or 0)
