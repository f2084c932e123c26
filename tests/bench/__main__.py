"""How fast a fresh Doorward answers, and with how many bytes. Run by `make bench`; nothing depends on its numbers."""

import argparse
import http.client
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.support.serving import Doorward

PATHS = ("/", "/account/login/", "/account/register/", "/help/", "/simple/", "/healthz")
BROWSER = {"Accept-Encoding": "gzip", "Accept": "text/html"}


def measure(port: int, path: str, rounds: int) -> tuple[int, int, list[float]]:
    """Status, bytes of headers and body, and the milliseconds of each round over one connection."""
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        connection.request("GET", path, headers=BROWSER)
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - started) * 1000)
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    connection.close()
    return answer.status, head + len(body), times


def main() -> None:
    """Print one line a path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, closing(Doorward(Path(folder)).start()) as doorward:
        print(f"{'path':24}{'status':>8}{'bytes':>8}{'median ms':>12}{'p95 ms':>9}")
        for path in PATHS:
            status, size, times = measure(doorward.port, path, rounds)
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"{path:24}{status:>8}{size:>8}{statistics.median(times):>12.1f}{p95:>9.1f}")


if __name__ == "__main__":
    main()
