"""`make fuzz`: change archives at random for SECONDS within a cap of memory; keep what is answered in a new way."""

from __future__ import annotations

import os
import resource
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.archives import CORPUS, TAKEN, gnu_tar, outcome, seeds
from tests.fuzz.changes import mutants

ROOM = 256 * 1024 * 1024
"""What the checks may take beside the process as it is when it begins, in bytes."""
ROUND = 500
SMALL = 4096


def cap_memory() -> None:
    """Let the process grow by `ROOM` and no more: what wants more fails with MemoryError."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM,) * 2)


def main() -> None:
    """Rounds of `ROUND` examples until the time is over; the figures at the end. A failure ends it with its example."""
    ends = time.monotonic() + float(os.environ.get("SECONDS", "600"))
    codes: Counter[str] = Counter()
    slowest = 0.0
    known = {path.name.partition(".")[0] for path in CORPUS.iterdir()}
    gnu_tar()
    cap_memory()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mutant"

        def once(mutant: tuple[str, bytes]) -> None:
            nonlocal slowest
            kind, content = mutant
            file.write_bytes(content)
            began = time.process_time()
            code = outcome(file, kind)
            slowest = max(slowest, time.process_time() - began)
            codes[f"{kind}-{code}"] += 1
            if code != TAKEN and f"{kind}-{code}" not in known and len(content) <= SMALL:
                known.add(f"{kind}-{code}")
                (CORPUS / f"{kind}-{code}.{kind}").write_bytes(content)

        while time.monotonic() < ends:
            phases = [Phase.generate, Phase.shrink]
            quiet = settings(
                max_examples=ROUND, deadline=None, database=None, phases=phases, suppress_health_check=list(HealthCheck)
            )
            seed(secrets.randbits(64))(quiet(given(mutants(seeds()))(once)))()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for code, count in sorted(codes.items()):
        sys.stdout.write(f"{count:9} {code}\n")
    sys.stdout.write(f"{codes.total()} archives; slowest {slowest * 1000:.0f} ms; at most {grown:.0f} MB of memory\n")


if __name__ == "__main__":
    main()
