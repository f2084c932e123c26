"""Whether the time of an answer tells if there is such an account: `python -m tests.bench.enumeration`.

Known and unknown names are tried in a random order against the whole application, with real hashing, and
the answers' times are compared: the area under the curve (AUC) is the chance that a known name took longer than
an unknown one. 0.5 is what somebody gets who guesses without looking. With `--without-dummy` the hash that is
computed for unknown names is taken out, which shows that the measurement can see. `--cpu` compares the time that
the processor worked instead, which other programs on a busy machine do not blur.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.accounts import passwords, resets
from portal.accounts.models import Setup
from portal.app import Application, assemble, prepare
from portal.kernel.settings import Settings
from portal.kernel.work import Work
from tests.support.people import last_form, make_person
from tests.support.site import Site

PEOPLE = 25
WARM_UP = 10
WRONG = "a wrong one of good length"
FAIR = (0.45, 0.55)
BLATANT = 0.9

Fields = Callable[[bool, int], dict[str, str]]
Clock = Callable[[], float]


def sign_in_by_name(known: bool, number: int) -> dict[str, str]:
    """The name of somebody, or of nobody."""
    return {"username": f"{'person' if known else 'nobody'}{number % PEOPLE:02}", "password": WRONG, "code": ""}


def sign_in_by_address(known: bool, number: int) -> dict[str, str]:
    """The same with an address."""
    fields = sign_in_by_name(known, number)
    return fields | {"username": f"{fields['username']}@example.org"}


def register(known: bool, number: int) -> dict[str, str]:
    """A new name, with an address that somebody has confirmed or that nobody has."""
    email = f"person{number % PEOPLE:02}@example.org" if known else f"fresh{number:04}@example.org"
    return {"username": f"comer{number:04}", "email": email, "password": "eleven geese over a frozen pond"}


def reset(known: bool, number: int) -> dict[str, str]:
    """A forgotten password of somebody or of nobody."""
    return {"username": sign_in_by_name(known, number)["username"]}


CASES: dict[str, tuple[str, Fields]] = {
    "sign in, user name": ("/account/login/", sign_in_by_name),
    "sign in, address": ("/account/login/", sign_in_by_address),
    "register, address": ("/account/register/", register),
    "reset, user name": ("/account/reset-password/", reset),
}


def measure(
    application: Application, path: str, fields: Fields, attempts: int, clock: Clock
) -> tuple[list[float], list[float]]:
    """The seconds of each answer for known and for unknown names, tried in a random order."""
    site = Site(application, takes_cookies=False)
    token = last_form(site.get(path))["_token"].value
    order = [number % 2 == 0 for number in range(attempts)]
    random.shuffle(order)
    times: dict[bool, list[float]] = {True: [], False: []}
    for number, known in enumerate([True, False] * (WARM_UP // 2) + order):
        sent = fields(known, number) | {"_token": token}
        started = clock()
        site.post(path, sent, expect_errors=True)
        taken = clock() - started
        if number >= WARM_UP:
            times[known].append(taken)
    resets.answer_all(application.instance)
    return times[True], times[False]


def area(known: list[float], unknown: list[float]) -> float:
    """The chance that a known name took longer than an unknown one."""
    wins = sum((one > other) + (one == other) / 2 for one in known for other in unknown)
    return wins / (len(known) * len(unknown))


def take_dummy_out() -> None:
    """Answer at once where there is no password to compare with, as a careless application would."""
    honest = passwords.verify_password

    def careless(work: Work, stored: str | None, text: str) -> bool:
        return honest(work, stored, text) if stored else False

    passwords.verify_password = careless


def run(folder: Path, attempts: int, clock: Clock) -> dict[str, float]:
    """Measure each case on an instance of its own; the areas."""
    settings = Settings(data=folder, registration="open", throttle_free=10**6, run_worker=False)
    prepare(settings)
    application = assemble(settings)
    for number in range(PEOPLE):
        make_person(application.instance, f"person{number:02}")
    with application.instance.work() as work:
        assert work.db.get_one(Setup, 1).used_at
    found = {}
    print(f"{'':22}{'known':>10}{'unknown':>10}{'AUC':>8}   (medians in ms, {attempts} attempts)")
    for name, (path, fields) in CASES.items():
        known, unknown = measure(application, path, fields, attempts, clock)
        found[name] = area(known, unknown)
        medians = [statistics.median(times) * 1000 for times in (known, unknown)]
        print(f"{name:22}{medians[0]:>10.2f}{medians[1]:>10.2f}{found[name]:>8.3f}", flush=True)
    application.instance.database.close()
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print one line a case; 1 where the figures are not what they should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--attempts", type=int, default=500)
    parser.add_argument("--without-dummy", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    options: Any = parser.parse_args(arguments)
    if options.without_dummy:
        take_dummy_out()
    with tempfile.TemporaryDirectory() as folder:
        found = run(Path(folder) / "data", options.attempts, time.process_time if options.cpu else time.perf_counter)
    if options.without_dummy:
        return int(not all(area > BLATANT for name, area in found.items() if name.startswith("sign in")))
    return int(not all(FAIR[0] <= area <= FAIR[1] for area in found.values()))


if __name__ == "__main__":
    sys.exit(main())
