"""How fast a fresh Doorward answers, and with how many bytes. Run by `make bench`; nothing depends on its numbers."""

import argparse
import http.client
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATHS = ("/", "/account/login/", "/account/register/", "/help/", "/simple/", "/healthz")
BROWSER = {"Accept-Encoding": "gzip", "Accept": "text/html"}


@contextmanager
def serving() -> Iterator[int]:
    """The port of a server with an empty data directory, ended when the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    doorward = Path(sys.executable).with_name("doorward")
    with tempfile.TemporaryDirectory() as folder:
        command = [doorward, "serve", "--data", f"{folder}/data", "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
            try:
                said = list(iter_until(server.stdout, f":{port}"))
                if not said or f":{port}" not in said[-1]:
                    sys.exit("".join(said))
                # a full pipe would stop the server
                threading.Thread(target=server.stdout.read, daemon=True).start()
                yield port
            finally:
                server.terminate()


def iter_until(lines: Iterator[str], mark: str) -> Iterator[str]:
    """The lines up to the first that holds the mark."""
    for line in lines:
        yield line
        if mark in line:
            return


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
    with serving() as port:
        print(f"{'path':24}{'status':>8}{'bytes':>8}{'median ms':>12}{'p95 ms':>9}")
        for path in PATHS:
            status, size, times = measure(port, path, rounds)
            p95 = statistics.quantiles(times, n=20)[-1]
            print(f"{path:24}{status:>8}{size:>8}{statistics.median(times):>12.1f}{p95:>9.1f}")


if __name__ == "__main__":
    main()
