"""The sign-in machine on both databases, and that it sees faults."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from tests.signin.machine import Broken
from tests.signin.machine_faults import FAULTS, Fault
from tests.signin.machine_rules import machine_on
from tests.support.instances import Bed

NIGHT = int(os.environ.get("MACHINE_RUNS", "0"))
"""How many runs to try with new random seeds, for a night; without it the same runs every time."""
RUNS = 50
STEPS = 25
MOST_RUNS_TO_A_FAULT = 60
QUIET = list(HealthCheck)


def test_no_run_of_the_machine_breaks_what_is_promised(bed: Bed) -> None:
    profile = settings(
        max_examples=NIGHT or RUNS,
        stateful_step_count=STEPS,
        derandomize=not NIGHT,
        database=None,
        deadline=None,
        suppress_health_check=QUIET,
        print_blob=bool(NIGHT),
    )
    machine = machine_on(bed)
    run_state_machine_as_test(machine, settings=profile)
    assert machine.found["runs"] >= (NIGHT or RUNS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_machine_sees_a_planted_fault(sqlite_bed: Bed, monkeypatch: pytest.MonkeyPatch, fault: Fault) -> None:
    profile = settings(
        max_examples=MOST_RUNS_TO_A_FAULT,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=QUIET,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    sqlite_bed.renew()
    machine = machine_on(sqlite_bed)
    fault.plant(monkeypatch)
    with pytest.raises((Broken, Flaky)):
        run_state_machine_as_test(machine, settings=profile)
    print(f"{fault.name}: after {machine.found['runs']} runs, {machine.found['steps']} steps")
    assert any(told.startswith(fault.breaks) for told in machine.broken), machine.broken
