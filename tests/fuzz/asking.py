"""Asking pip and uv, which are slow, beside the fuzzing: as many of the archives that were taken as they manage."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from portal.uploads.metadata import Described
from tests.fuzz.readers import Disagreement, compare_with_installers

PYTHON = Path(sys.prefix) / "clients" / "bin" / "python"
PROGRAM = Path(__file__).with_name("installers.py")
Asked = tuple[str, bytes, Described]


class Installers:
    """The process that has pip and uv. Raises FileNotFoundError, which says how to get them."""

    def __init__(self, folder: Path) -> None:
        if not PYTHON.exists():
            raise FileNotFoundError("pip and uv are missing: run `make .venv/made/clients`")
        self.file = folder / "asked"
        self.counts: Counter[str] = Counter()
        self.differing: list[tuple[str, bytes, str]] = []
        self.waiting: queue.Queue[Asked | None] = queue.Queue(maxsize=8)
        self.process = subprocess.Popen(
            [str(PYTHON), "-W", "ignore", str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.thread = threading.Thread(target=self._work)

    def start(self) -> None:
        """Answer what is offered from now on."""
        self.thread.start()

    def offer(self, kind: str, content: bytes, told: Described) -> None:
        """Have an archive looked at, unless they are busy with others."""
        if not self.waiting.full():
            self.waiting.put((kind, content, told))

    def ask(self, kind: str, content: bytes) -> dict[str, Any]:
        """What both make of an archive."""
        self.file.write_bytes(content)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{kind} {self.file}\n")
        self.process.stdin.flush()
        answers: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answers

    def close(self) -> None:
        """Wait for what was offered, and end the process."""
        if self.thread.is_alive():
            self.waiting.put(None)
            self.thread.join()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _work(self) -> None:
        while asked := self.waiting.get():
            kind, content, told = asked
            answers = self.ask(kind, content)
            self.counts[f"{kind} asked"] += 1
            for reader, answer in answers.items():
                self.counts[f"{kind} refused by {reader}"] += isinstance(answer, str)
            try:
                compare_with_installers(self.file, kind, told, answers)
            except Disagreement as difference:
                self.differing.append((kind, content, str(difference)))
