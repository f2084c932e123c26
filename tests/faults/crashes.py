"""kill -9 at any moment of setting up an account or resetting a password: `python -m tests.faults.crashes`.

Each round starts from a running server and a person on a journey. The process is killed at a moment chosen by
the round's seed, started again, and then rows, letters and what the person can do are looked at; docs/faults.md says
what must hold. A round that finds something prints its seed: `--only N` with the same `--seed` plays it again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.faults.journeys import JOURNEYS
from tests.faults.rounds import Result, Rounds
from tests.faults.server import Mortal
from tests.support.postgres import Cluster

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Choice:
    """Which rounds are played."""

    seed: int
    numbers: range
    log: bool = False


def play(name: str, choice: Choice) -> list[Result]:
    """All rounds on one database."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        url = ""
        if name == "postgresql":
            cluster = Cluster()
            ends.callback(cluster.stop)
            url = cluster.url()
        rounds = Rounds(Mortal(folder, url), name, choice.seed)
        ends.callback(rounds.end)
        rounds.begin()
        return [one(rounds, number, log=choice.log) for number in choice.numbers]


def one(rounds: Rounds, number: int, *, log: bool) -> Result:
    """One round, told at once where it finds something."""
    plan = rounds.plan(number)
    result = rounds.play(plan)
    if log or result.problems:
        step, place = result.place
        print(f"round {number} of {rounds.name}, seed {rounds.seed}: {plan.journey}, {step}, {place}", flush=True)
    for problem in result.problems:
        print(f"  FAULT {problem}", flush=True)
    return result


def coarse(place: str) -> str:
    """A place of death without the names of tables."""
    who, _, what = place.partition(": ")
    for sign, phase in (("COMMIT", "COMMIT"), ("Maildir", "a change of the Maildir"), ("read", "a read")):
        if sign in what:
            return f"{who}: {what.split()[0]} {phase}"
    return f"{who}: before a write" if who in {"request", "worker"} else place


def figures(results: list[Result]) -> None:
    """Where the process died."""
    print(f"\n{'journey and step':32}{'kills':>6}")
    for journey, steps in JOURNEYS.items():
        for step, _act in steps:
            count = sum(result.plan.journey == journey and result.place[0] == step for result in results)
            print(f"{journey + ': ' + step:32}{count:>6}  {'#' * count}")
    print(f"\n{'moment':60}{'kills':>6}")
    for place, count in Counter(coarse(result.place[1]) for result in results).most_common():
        print(f"{place:60}{count:>6}  {'#' * count}")
    exact = Counter((result.plan.journey, *result.place) for result in results)
    print(f"\n{len(exact)} different points. Commits of both journeys:")
    for (journey, step, place), count in sorted(exact.items()):
        if "COMMIT" in place:
            print(f"{count:>4}  {journey}, {step}: {place}")


def main(arguments: list[str] | None = None) -> int:
    """Play the rounds and print the figures; 1 where something was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200, help="of all databases together (default: 200)")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", type=int, metavar="N", help="play this round alone")
    parser.add_argument("--log", action="store_true", help="print every round")
    options = parser.parse_args(arguments)
    names = DATABASES if options.database == "both" else (options.database,)
    numbers = range(options.rounds // len(names)) if options.only is None else range(options.only, options.only + 1)
    results = []
    for name in names:
        began = time.monotonic()
        played = play(name, Choice(options.seed, numbers, options.log))
        faults = sum(bool(result.problems) for result in played)
        taken = time.monotonic() - began
        print(f"{name}: {len(played)} rounds, {faults} with faults, {taken:.0f} s, seed {options.seed}", flush=True)
        results += played
    figures(results)
    return int(any(result.problems for result in results))


if __name__ == "__main__":
    sys.exit(main())
