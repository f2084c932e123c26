"""How fast the index answers installers and takes uploads, beside its peers: `python -m tests.bench.index`.

Every server starts empty in the same run, is sent the same small wheels over one connection as twine sends them, and
is then read by wrk. Figures of two servers may be compared; on a machine with other work neither means much.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from tests.bench.servers import SERVERS, Missing, Server
from tests.uploads.artefacts import CONTENT_TYPE, body, wheel

PROJECTS = {"one": 1, "hundred": 100, "thousand": 1000}
ENDS = 50
"""Uploads at either end of a project of which the median is told."""
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
BAD = re.compile(r"Non-2xx or 3xx responses: (\d+)")
LINK = re.compile(r'href="([^"#]+)')


@dataclass
class Figures:
    """What was measured of one server: requests per second by page, milliseconds of each upload by project."""

    pages: dict[str, float] = field(default_factory=dict)
    uploads: dict[str, list[float]] = field(default_factory=dict)


def upload(server: Server, project: str, count: int, limit: float) -> list[float]:
    """Milliseconds of each of `count` uploads; fewer where they take longer than `limit` seconds together."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    headers = {"Content-Type": CONTENT_TYPE, "Authorization": server.authorization, "User-Agent": "twine/7.0"}
    times: list[float] = []
    for number in range(count):
        sent = body(wheel(project, f"1.0.{number}"))
        started = time.perf_counter()
        connection.request("POST", server.upload_path, sent, headers)
        answer = connection.getresponse()
        said = answer.read()
        times.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{server.name} refused an upload: {answer.status} {answer.reason} {said[:300]!r}")
        if sum(times) > limit * 1000:
            break
    connection.close()
    return times


def rate(server: Server, path: str, seconds: int, *headers: str) -> float:
    """Requests per second of a page over 16 connections."""
    if shutil.which("wrk") is None:
        raise Missing("wrk is missing. On Debian and Ubuntu: apt-get install wrk")
    given = [part for header in headers for part in ("-H", header)]
    command = ["wrk", "-t1", "-c16", f"-d{seconds}", *given, f"http://localhost:{server.port}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if failed := BAD.search(told):
        raise SystemExit(f"{server.name} {path}: {failed[1]} answers were errors")
    found = RATE.search(told)
    return float(found[1]) if found else 0.0


def first_file(server: Server, project: str) -> str:
    """The path of a file of this project, as an installer finds it."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    connection.request("GET", server.simple(project))
    found = LINK.findall(connection.getresponse().read().decode())
    link = next(each for each in found if each.endswith(".whl"))
    while link.startswith("../"):
        link = link.removeprefix("../")
        base = server.simple(project).rstrip("/")
        link = link if link.startswith("../") else f"{base.rsplit('/', 2)[0]}/{link}"
    return link if link.startswith("/") else f"/{link}"


def measure(server: Server, seconds: int, limit: float) -> Figures:
    """Fill the server, then read it."""
    figures = Figures()
    for project, count in PROJECTS.items():
        figures.uploads[project] = upload(server, project, count, limit)
    for project in PROJECTS:
        figures.pages[f"simple page, {project}"] = rate(server, server.simple(project), seconds)
    figures.pages["simple page, thousand, gzip"] = rate(
        server, server.simple("thousand"), seconds, "Accept-Encoding: gzip"
    )
    figures.pages["small file"] = rate(server, first_file(server, "one"), seconds)
    if server.json_path:
        figures.pages["JSON API, thousand"] = rate(server, server.json_path.format("thousand"), seconds)
        figures.pages["JSON API, one of thousand"] = rate(server, server.json_path.format("thousand/1.0.0"), seconds)
    return figures


def tell(found: dict[str, Figures]) -> None:
    """Print the figures as a table, Doorward first, with how many times as fast it is as each peer."""
    own, *peers = found.items()
    print(f"{'requests/s':32}{own[0]:>12}" + "".join(f"{name:>14}{'times':>8}" for name, _peer in peers))
    for page, fast in own[1].pages.items():
        slow = [peer.pages.get(page) for _name, peer in peers]
        told = ("–" if each is None else f"{each:.1f}{fast / max(each, 0.1):>8.1f}" for each in slow)
        cells = "".join(f"{each:>22}" for each in told)
        print(f"{page:32}{fast:>12.1f}{cells}")
    print(f"\n{'upload, median in ms':32}" + "".join(f"{name:>14}" for name in found))
    for label, part in (("first files of a project", slice(0, ENDS)), ("last files of a project", slice(-ENDS, None))):
        medians = [statistics.median(figures.uploads["thousand"][part]) for figures in found.values()]
        print(f"{label:32}" + "".join(f"{median:>14.1f}" for median in medians))
    print(
        f"{'files of the large project':32}"
        + "".join(f"{len(each.uploads['thousand']):>14}" for each in found.values())
    )


def main() -> None:
    """Measure one server after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=4, help="how long each page is read")
    parser.add_argument("--limit", type=float, default=90, help="seconds that the uploads of one project may take")
    parser.add_argument("--servers", type=int, default=len(SERVERS), help="how many of them, Doorward first")
    given = parser.parse_args()
    found: dict[str, Figures] = {}
    for make in islice(SERVERS, given.servers):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            server = stack.enter_context(make(folder))
            found[server.name] = measure(server, given.seconds, given.limit)
    tell(found)


if __name__ == "__main__":
    main()
