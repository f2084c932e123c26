"""Faults that the sign-in machine must see: each takes one guard away, as if it had been forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.accounts import service as accounts
from portal.accounts import tickets
from portal.factors import service as factors
from portal.factors.recovery import service as recovery
from portal.factors.totp import service as totp
from portal.signin import closed, others, service, steps, ways
from portal.throttle.limits import GrowingWaits


def yes(*_arguments: Any, **_named: Any) -> bool:
    """True, whatever is asked."""
    return True


def no(*_arguments: Any, **_named: Any) -> bool:
    """False, whatever is asked."""
    return False


def nothing(*_arguments: Any, **_named: Any) -> None:
    """Do nothing."""


def believe(_work: Any, account: Any, *_arguments: Any) -> service.Proven:
    """Take any code for right."""
    return service.Proven(account)


def for_ever(self: GrowingWaits, count: int, *, since: datetime, now: datetime) -> datetime:
    """A wait that grows without an end."""
    return now if count < self.free else now + timedelta(days=400)


@dataclass(frozen=True)
class Fault:
    """`breaks` is how the sentence about the broken promise may begin."""

    name: str
    breaks: tuple[str, ...]
    guards: tuple[tuple[Any, str, Callable[..., Any]], ...]

    def plant(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the guards away until the end of the test."""
        for owner, name, instead in self.guards:
            monkeypatch.setattr(owner, name, instead)


FAULTS = (
    Fault("a step of an app counts twice", ("twice",), ((totp, "take_step", yes),)),
    Fault("a recovery code counts twice", ("twice",), ((recovery, "take_selector", yes),)),
    Fault("a reset link works twice", ("twice",), ((tickets, "take", nothing), (tickets, "void", nothing))),
    Fault("a lift link works twice", ("twice",), ((tickets, "take", nothing),)),
    Fault("a reset link outlives a sign-in", ("twice",), ((tickets, "void", nothing),)),
    Fault("the second factor is not asked for", ("policy", "twice"), ((factors, "has_factor", no),)),
    Fault(
        "a wrong code is as good",
        ("policy", "twice"),
        ((service, "_check_code", believe),),
    ),
    Fault(
        "a password step outlives a change",
        ("policy",),
        ((steps, "require_open", nothing), (steps, "try_once", nothing), (accounts, "still_has_credentials", yes)),
    ),
    Fault("sessions outlive a new password", ("policy",), ((others, "end_all", nothing),)),
    Fault("waits never end", ("locked out",), ((GrowingWaits, "until", for_ever),)),
    Fault("nothing is ever lifted", ("locked out",), ((ways, "lift", nothing),)),
    Fault("a new password does not open the way of codes", ("locked out",), ((closed, "_pay", no),)),
    Fault("success does not end the waits", ("locked out",), ((service, "succeed", nothing),)),
)
