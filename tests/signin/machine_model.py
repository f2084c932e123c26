"""What the sign-in machine knows of an account, and its owner's ways in.

The model knows what must happen, and never looks at what did: so a run can be repeated exactly.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine

from portal.factors.totp.codes import code_at, start_of, step_at
from portal.kernel.errors import Throttled
from portal.signin.models import Mode
from portal.throttle.service import Exhausted
from tests.signin.machine import HOUR, Broken, key_of
from tests.support.instances import Bed
from tests.support.races import at_once

TICKET_LIVES = {"confirm": timedelta(hours=24), "reset": timedelta(hours=1), "lift": timedelta(hours=24)}
STEP_LIFE = timedelta(minutes=10)


@dataclass
class Link:
    """A link of a letter; `over` once it was used or voided."""

    text: str
    until: datetime
    over: bool = False


@dataclass
class Step:
    """A right password whose code is not given yet. `changes`: how many changes there had been."""

    sealed: str
    until: datetime
    changes: int
    over: bool = False


class Model(RuleBasedStateMachine):
    """What is known of one account, and how its owner gets in. `found` counts runs and steps."""

    bed: ClassVar[Bed]
    found: ClassVar[dict[str, int]]
    broken: ClassVar[list[str]]

    def __init__(self) -> None:
        super().__init__()
        self.sound = True
        self.closing = False
        self.changes = 0
        self.names = itertools.count(1)
        self.password = "geese over a frozen pond"
        self.old_passwords: list[str] = []
        self.apps: dict[str, int] = {}
        self.recovery: list[str] = []
        self.spent: list[str] = []
        self.sessions: set[UUID] = set()
        self.links: dict[str, list[Link]] = {kind: [] for kind in TICKET_LIVES}
        self.steps: list[Step] = []
        self.last_code = "000000"
        self.found["runs"] += 1

    # What is known

    @property
    def now(self) -> datetime:
        return self.bed.clock.at

    def check(self, promise: str, *, holds: bool) -> None:
        if not holds:
            self.sound = False
            self.broken.append(promise)
            raise Broken(promise)

    def add_link(self, kind: str, text: str | None) -> None:
        if text:
            self.links[kind].append(Link(text, self.now + TICKET_LIVES[kind]))

    def a_link(self, kind: str, which: int) -> Link:
        return self.links[kind][-1 - min(which, len(self.links[kind]) - 1)]

    def void_resets(self) -> None:
        for link in self.links["reset"]:
            link.over = True

    def fresh_code(self, *, recovery: bool = False) -> str:
        """A code that was never used, if need be after a moment; nothing without a second factor."""
        if not self.apps:
            return ""
        if recovery and self.recovery:
            return self.recovery[0]
        name = list(self.apps)[-1]
        if self.apps[name] >= step_at(self.now):
            self.bed.clock.at = start_of(self.apps[name] + 1)
        return code_at(key_of(name), step_at(self.now))

    def use_code(self, code: str) -> None:
        """Write down that a code was accepted."""
        if code in self.recovery:
            self.recovery.remove(code)
            self.spent.append(code)
        elif self.apps:
            self.apps[list(self.apps)[-1]] = step_at(self.now)
        self.last_code = code or self.last_code

    def wrong_code(self) -> str:
        steps = range(step_at(self.now) - 1, step_at(self.now) + 2)
        right = {code_at(key_of(name), step) for name in self.apps for step in steps}
        return next(code for number in itertools.count() if (code := f"{number:06}") not in right)

    def signed_in(self, session: UUID, code: str) -> None:
        self.sessions.add(session)
        self.use_code(code)
        self.void_resets()

    # The owner's ways in

    def enter(
        self, actor: Any, mode: Mode, *, in_steps: bool = False, recovery: bool = False, by: str = "reset"
    ) -> UUID:
        """The owner signs in, after the waits that are shown; where a way is closed for good, as `by` says."""
        for _ in range(4):
            code = self.fresh_code(recovery=recovery)
            try:
                session = self.hands.sign_in(actor, self.password, code, mode, in_steps=in_steps)
            except Exhausted:
                self.reopen(by)
            except Throttled as wait:
                self.wait_for(wait)
            else:
                self.check("locked out: the right password and a fresh code were refused", holds=session is not None)
                assert session is not None
                self.signed_in(session, code)
                return session
        self.check("locked out: no attempt is let through", holds=False)
        raise AssertionError

    def wait_for(self, wait: Throttled) -> None:
        assert wait.until is not None
        self.check("locked out: the wait that is shown is longer than an hour", holds=wait.until - self.now <= HOUR)
        self.bed.clock.at = wait.until

    def reopen(self, by: str) -> None:
        """A way is closed for good: the newest link opens it, or a new password."""
        self.look_at_mail()
        link = next((link for link in reversed(self.links["lift"]) if not link.over and self.now < link.until), None)
        if by == "link" and link is not None:
            self.check("locked out: the link of the letter does not work", holds=self.hands.lift(link.text))
            link.over = True
            return
        self.check("locked out: a way was closed, and no letter can be sent", holds=self.confirmed)
        text = self.hands.ask_reset()
        if text is None:
            self.bed.clock.advance(HOUR)
            text = self.hands.ask_reset()
        self.check("locked out: no letter for a new password is sent", holds=text is not None)
        self.add_link("reset", text)
        self.use_reset(self.a_link("reset", 0), "once")

    def look_at_mail(self) -> None:
        for text in self.hands.lift_links():
            self.add_link("lift", text)

    def session(self) -> UUID:
        """A session of the owner; a new one where none is left."""
        left = sorted(self.sessions & self.hands.live())
        return left[-1] if left else self.enter(self.hands.home, Mode.COOKIE)

    def confirmed_work(self, session: UUID) -> Any:
        code = self.fresh_code()
        work = self.hands.confirmed(session, self.password, code)
        self.use_code(code)
        return work

    # Links

    def try_link(self, link: Link, together: str, use: Callable[..., bool], kind: str) -> bool:
        """Whether the link did what it is for; it does so once, and only while it may."""
        good = not link.over and self.now < link.until
        if together == "interleaved":
            came: list[Any] = []
            came.append(use(lambda: came.append(use())))
        elif together == "at once":
            came = at_once(use, 2)
        else:
            came = [use() for _ in range(2 if together == "twice" else 1)]
        worked = sum(result is True for result in came)
        self.check(f"twice: a link to {kind} worked twice", holds=worked < 2)
        self.check(f"twice: a link to {kind} that was over worked", holds=good or not worked)
        self.check(f"locked out: a link to {kind} did not work: {came}", holds=worked == good)
        link.over = True
        return bool(worked)

    def use_reset(self, link: Link, together: str) -> None:
        """Choose a new password with a link, if it still may be used: every session ends, and so does every link."""
        password = self.new_password()
        if self.try_link(link, together, lambda *meet: self.hands.reset(link.text, password, *meet), "reset"):
            self.has_password(password)
            self.sessions.clear()
            # It takes the link of the letter about waits, if there were any: which the model does not know.
            self.links["lift"].clear()

    def new_password(self) -> str:
        return f"{next(self.names)} geese over a frozen pond"

    def has_password(self, password: str) -> None:
        self.old_passwords.append(self.password)
        self.password = password
        self.changes += 1
        self.void_resets()
