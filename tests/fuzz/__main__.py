"""`make fuzz`: make and change archives at random for SECONDS in bounded memory; keep what is answered in a new way."""

from __future__ import annotations

import os
import resource
import secrets
import sys
import tempfile
import time
from collections import Counter, deque
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.archives import CORPUS, TAKEN, answer, seeds
from tests.fuzz.asking import Installers
from tests.fuzz.changes import mutants
from tests.fuzz.readers import gnu_tar

ROOM = 256 * 1024 * 1024
"""What the checks may take beside the process as it is when it begins, in bytes."""
ROUND = 500
SMALL = 4096
POOL = 40
"""Archives of each kind that were taken and are changed further in the next round."""


class Fuzzing:
    """What has been tried so far."""

    def __init__(self, folder: Path, installers: Installers) -> None:
        self.file = folder / "mutant"
        self.installers = installers
        self.codes: Counter[str] = Counter()
        self.slowest = 0.0
        self.known = {path.name.partition(".")[0] for path in CORPUS.iterdir()}
        self.pool: dict[str, deque[bytes]] = {"whl": deque(maxlen=POOL), "sdist": deque(maxlen=POOL)}

    def once(self, mutant: tuple[str, bytes]) -> None:
        """One archive. Raises Disagreement, and whatever escapes the checks."""
        kind, content = mutant
        self.file.write_bytes(content)
        began = time.process_time()
        found = answer(self.file, kind)
        self.slowest = max(self.slowest, time.process_time() - began)
        code = found if isinstance(found, str) else TAKEN
        self.codes[f"{kind}-{code}"] += 1
        if not isinstance(found, str):
            self.pool[kind].append(content)
            self.installers.offer(kind, content, found)
        elif f"{kind}-{code}" not in self.known and len(content) <= SMALL:
            self.known.add(f"{kind}-{code}")
            (CORPUS / f"{kind}-{code}.{kind}").write_bytes(content)

    def round(self) -> None:
        """`ROUND` archives. A failure ends it with the archive, made as small as may be."""
        found = {kind: contents + list(self.pool[kind]) for kind, contents in seeds().items()}
        phases = [Phase.generate, Phase.shrink]
        quiet = settings(
            max_examples=ROUND, deadline=None, database=None, phases=phases, suppress_health_check=list(HealthCheck)
        )
        seed(secrets.randbits(64))(quiet(given(mutants(found))(self.once)))()

    def tell(self) -> None:
        """The figures."""
        for code, count in sorted(self.codes.items()) + sorted(self.installers.counts.items()):
            sys.stdout.write(f"{count:9} {code}\n")
        compared = sum(count for code, count in self.codes.items() if code.endswith(f"-{TAKEN}"))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(f"{self.codes.total()} archives, {compared} taken and so compared; ")
        sys.stdout.write(f"slowest {self.slowest * 1000:.0f} ms; at most {grown:.0f} MB of memory\n")


def cap_memory() -> None:
    """Let the process grow by `ROOM` and no more: what wants more fails with MemoryError."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM,) * 2)


def main() -> int:
    """Rounds until the time is over; the figures at the end. 1 if pip or uv read an archive in another way."""
    ends = time.monotonic() + float(os.environ.get("SECONDS", "600"))
    gnu_tar()
    with tempfile.TemporaryDirectory() as folder:
        installers = Installers(Path(folder))
        installers.start()
        cap_memory()
        fuzzing = Fuzzing(Path(folder), installers)
        try:
            while time.monotonic() < ends and not installers.differing:
                fuzzing.round()
        finally:
            installers.close()
            fuzzing.tell()
    for number, (kind, content, difference) in enumerate(installers.differing):
        kept = Path(tempfile.gettempdir()) / f"differs-{number}.{kind}"
        kept.write_bytes(content)
        sys.stdout.write(f"{kept}: {difference}\n")
    return 1 if installers.differing else 0


if __name__ == "__main__":
    sys.exit(main())
