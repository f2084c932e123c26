"""One round: somebody is on a journey, the process dies, it starts again, and everything is looked at."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import timedelta

from tests.faults.invariants import broken
from tests.faults.journeys import JOURNEYS, Person
from tests.faults.recovering import go_on
from tests.faults.server import Crashed, Mortal

REST = timedelta(hours=1)
"""Between rounds: letters to choose a password are counted by the hour."""
WAYS = (("moment", 75), ("timer", 15), ("between", 10))
READ_WEIGHT, OTHER_WEIGHT = 1, 4


@dataclass(frozen=True)
class Moment:
    """Something the server did on a journey: the `number`-th of its `who` since the step began."""

    step: int
    who: str
    number: int
    what: str

    @property
    def weight(self) -> int:
        """How likely it is chosen. A death at a reading is much like one after the commit before it."""
        return READ_WEIGHT if self.what == "before a read" else OTHER_WEIGHT


@dataclass(frozen=True)
class Plan:
    """When the process is to die: at a moment, some seconds after a step began, or between two steps."""

    seed: str
    journey: str
    how: str
    step: int
    moment: Moment | None = None
    seconds: float = 0.0


@dataclass
class Result:
    """What came of a round. `place` is where the process died."""

    plan: Plan
    place: tuple[str, str]
    problems: list[str]


@dataclass
class Rounds:
    """Rounds on one database, with one server that is started again after each death."""

    server: Mortal
    name: str
    seed: int
    moments: dict[str, list[Moment]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    people: deque[Person] = field(default_factory=deque)
    made: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """Start the server, make its administrator, and see what each journey does when nobody disturbs it."""
        self.server.start()
        Person(self.server, "ada").browser.register_first()
        self.instance = self.server.inspect()
        for journey in JOURNEYS:
            self.rehearse(journey)

    def end(self) -> None:
        """Stop the server."""
        self.server.close()
        self.instance.database.close()

    def somebody(self, journey: str) -> Person:
        """A newcomer, or somebody with an account and an app whose password is forgotten."""
        if journey == "set-up":
            self.made["people"] += 1
            return Person(self.server, f"walker{self.made['people']:03}")
        if not self.people:
            self.rehearse("set-up")
        person = self.people.popleft()
        person.begin_again()
        return person

    def rehearse(self, journey: str) -> None:
        """One undisturbed journey; what the server does in each step."""
        person = self.somebody(journey)
        found, times = [], []
        for number, (_name, step) in enumerate(JOURNEYS[journey]):
            self.server.order("nobody", 0)
            self.server.moments()
            began = time.monotonic()
            step(person)
            times.append(time.monotonic() - began)
            self.server.settle(self.instance)
            counts: Counter[str] = Counter()
            for line in self.server.moments():
                who, _, what = line.partition(": ")
                counts[who] += 1
                found.append(Moment(number, who, counts[who], what))
        self.moments[journey], self.seconds[journey] = found, times
        with self.instance.work(write=False) as work:
            assert broken(work, person, sent=True) == []
        self.people.append(person)

    def plan(self, number: int) -> Plan:
        """When the process dies in this round: the same for the same seed."""
        seed = f"{self.seed} {self.name} {number}"
        chance = random.Random(seed)
        journey = chance.choice(list(JOURNEYS))
        [how] = chance.choices([way for way, _ in WAYS], [weight for _, weight in WAYS])
        if how == "moment":
            known = [moment for moment in self.moments[journey] if moment.who != "start"]
            [moment] = chance.choices(known, [moment.weight for moment in known])
            return Plan(seed, journey, how, moment.step, moment)
        step = chance.randrange(len(JOURNEYS[journey]))
        return Plan(seed, journey, how, step, seconds=chance.uniform(0, self.seconds[journey][step]))

    def play(self, plan: Plan) -> Result:
        """The round."""
        person = self.somebody(plan.journey)
        place, problems = ("", ""), []
        try:
            place = self.die(plan, person)
            self.server.rise()
            problems += self.look_at(person, "after the start")
            self.server.settle(self.instance)
            problems += self.look_at(person, "with all letters sent", sent=True)
            go_on(person, plan.journey, self.instance, random.Random(plan.seed))
            problems += self.look_at(person, "in the end", sent=True)
        except (AssertionError, Crashed) as error:
            problems.append(f"the person could not go on: {error!r}")
        if problems:
            self.recover()
        else:
            self.people.append(person)
        self.server.clock.advance(REST)
        return Result(plan, place, problems)

    def die(self, plan: Plan, person: Person) -> tuple[str, str]:
        """Go on the journey until the process is dead; the step, and what it was doing."""
        self.server.moments()
        timer = threading.Timer(plan.seconds, self.server.kill)
        number, steps = 0, JOURNEYS[plan.journey]
        try:
            for number, (_name, step) in enumerate(steps):
                if number == plan.step and plan.how == "between":
                    self.server.kill()
                if number == plan.step and plan.how == "timer":
                    timer.start()
                if number == plan.step and plan.moment:
                    self.server.order(plan.moment.who, plan.moment.number)
                step(person)
                self.server.settle(self.instance)
        except Crashed:
            pass
        if timer.ident is not None:
            timer.join()
        self.server.kill()
        self.server.bury()
        return steps[number][0], self.what_happened(plan)

    def what_happened(self, plan: Plan) -> str:
        """What the process was about when it died."""
        died = [line for line in self.server.moments() if line.startswith("died ")]
        if died:
            return died[-1].removeprefix("died ")
        return {"timer": "timer: some time after the request", "between": "between two requests"}.get(
            plan.how, "after the journey, because the moment did not come"
        )

    def look_at(self, person: Person, when: str, *, sent: bool = False) -> list[str]:
        """What is broken."""
        with self.instance.work(write=False) as work:
            return [f"{when}: {sentence}" for sentence in broken(work, person, sent=sent)]

    def recover(self) -> None:
        """Have a server that runs and is not about to die, whatever came before."""
        self.server.order("nobody", 0)
        if not self.server.alive():
            if self.server.process is not None:
                self.server.bury()
            self.server.rise()
