"""The sign-in machine: whatever an owner and strangers do, in any order, what is promised holds.

- Nothing that works once works twice: steps of authenticator apps, recovery codes, links.
- Nobody is signed in without what the policy asks for: the present password, and a fresh code as soon as there
  is a second factor. No session outlives a change that must end it.
- The owner is never locked out: after the waits that are shown, an hour at most, there is a way in with password
  and factor, or with a new password and the factor.

Nothing here depends on what really happened, only on what must have: so a run can be repeated exactly.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from portal.accounts.events import Registered
from portal.factors.totp.codes import step_at
from portal.kernel.errors import Throttled
from portal.signin.models import Mode
from tests.signin.machine import FREE, Hands
from tests.signin.machine_model import STEP_LIFE, Model, Step
from tests.support.clock import NOON
from tests.support.instances import Bed
from tests.support.races import at_once

MODES = st.sampled_from(list(Mode))
WHICH = st.integers(0, 2)
TOGETHER = st.sampled_from(["once", "twice", "interleaved", "at once"])


class SignInMachine(Model):
    """One account, its owner, and strangers. Some rules go on with what a fault would show in, to find it soon."""

    @initialize(start=st.sampled_from(["two apps", "one app", "confirmed", "new"]))
    def begin(self, start: str) -> None:
        """Somebody who has just registered, or has come further."""
        self.bed.clock.at = NOON
        self.confirmed = start != "new"
        self.hands = Hands(self.bed.application.instance, confirmed=self.confirmed, password=self.password)
        [letter] = [event for event in self.hands.letters if isinstance(event, Registered)]
        self.add_link("confirm", letter.ticket)
        for _ in range(["confirmed", "one app", "two apps"].index(start) if self.confirmed else 0):
            self.set_up_app()

    # Rules

    @rule(away=st.booleans(), mode=MODES, in_steps=st.booleans(), recovery=st.booleans())
    def sign_in(self, away: bool, mode: Mode, in_steps: bool, recovery: bool) -> None:
        actor = self.hands.elsewhere() if away else self.hands.home
        self.enter(actor, mode, in_steps=in_steps, recovery=recovery)
        if self.apps:
            self.refuse(self.password, self.last_code, "twice: a used code signed in again")

    def refuse(self, password: str, code: str, promise: str, *, in_steps: bool = False) -> None:
        """Nobody is signed in with this."""
        try:
            session = self.hands.sign_in(self.hands.home, password, code, Mode.COOKIE, in_steps=in_steps)
        except Throttled:
            return
        self.check(promise, holds=session is None)

    @rule(by=st.sampled_from(["link", "reset"]), recovery=st.booleans())
    def get_in_at_a_new_place(self, by: str, recovery: bool) -> None:
        self.enter(self.hands.elsewhere(), Mode.COOKIE, recovery=recovery, by=by)

    @rule(
        password=st.sampled_from(["right", "right", "right", "old", "wrong"]),
        code=st.sampled_from(["none", "used", "used", "spent", "wrong", "fresh"]),
        in_steps=st.booleans(),
    )
    def sign_in_wrongly(self, password: str, code: str, in_steps: bool) -> None:
        """Whatever is not the present password with a fresh code is refused."""
        if password == "old" and not self.old_passwords:
            password = "wrong"
        if password == "right" and (code == "fresh" or not self.apps):
            return
        typed = {"right": self.password, "old": (self.old_passwords or [""])[-1], "wrong": "not the right one"}
        codes = {"none": "", "used": self.last_code, "spent": (self.spent or [self.last_code])[-1]}
        codes |= {"wrong": self.wrong_code(), "fresh": self.fresh_code() if code == "fresh" else ""}
        broken = "twice" if password == "right" and code in {"used", "spent"} else "policy"
        promise = f"{broken}: signed in with {password} password and {code} code"
        self.refuse(typed[password], codes[code], promise, in_steps=in_steps)

    @precondition(lambda self: self.apps)
    @rule(recovery=st.booleans(), really=st.booleans())
    def one_code_twice(self, recovery: bool, really: bool) -> None:
        """Of two who send the same code one is signed in."""
        self.hands.forget_attempts()
        code = self.fresh_code(recovery=recovery)

        def attempt() -> Any:
            return self.hands.sign_in(self.hands.home, self.password, code, Mode.COOKIE)

        came = at_once(attempt, 2) if really else [attempt(), attempt()]
        began = [session for session in came if isinstance(session, UUID)]
        self.check("twice: one code signed in twice", holds=len(began) < 2)
        self.check(f"locked out: a fresh code was refused: {came}", holds=len(began) == 1)
        self.signed_in(began[0], code)
        self.hands.forget_attempts()

    @rule()
    def sign_in_often(self) -> None:
        """Who types everything right never waits."""
        self.enter(self.hands.home, Mode.COOKIE)
        for _ in range(FREE + 1):
            code = self.fresh_code()
            try:
                session = self.hands.sign_in(self.hands.home, self.password, code, Mode.COOKIE)
            except Throttled:
                session = None
            self.check("locked out: who signed in rightly was made to wait", holds=session is not None)
            if session:
                self.signed_in(session, code)

    @precondition(lambda self: self.apps)
    @rule(then=st.sampled_from(["", "change", "reset", "add"]))
    def begin_step(self, then: str) -> None:
        """A right password without its code; perhaps a credential changes before the code comes."""
        try:
            sealed = self.hands.begin_step(self.hands.home, self.password)
        except Throttled:
            return
        if sealed:
            self.steps.append(Step(sealed, self.now + STEP_LIFE, self.changes))
        if sealed and then:
            self.change(then)
            self.finish_step(which=0)

    @precondition(lambda self: self.steps and self.apps)
    @rule(which=WHICH)
    def finish_step(self, which: int) -> None:
        """A half-made sign-in goes on once, for ten minutes, until a credential changes."""
        step = self.steps[-1 - min(which, len(self.steps) - 1)]
        code = self.fresh_code()
        good = not step.over and self.now < step.until and step.changes == self.changes
        try:
            session = self.hands.finish_step(self.hands.home, step.sealed, code, Mode.COOKIE)
        except Throttled:
            return
        self.check("policy: an old password step signed in", holds=good or session is None)
        if session:
            step.over = True
            self.signed_in(session, code)

    @precondition(lambda self: self.confirmed)
    @rule(then=st.sampled_from(["", "sign in", "change", "use"]))
    def ask_reset(self, then: str) -> None:
        """A letter; perhaps something that voids its link, or uses it, comes first."""
        text = self.hands.ask_reset()
        self.add_link("reset", text)
        if text and then:
            if then == "sign in":
                self.enter(self.hands.home, Mode.COOKIE)
            else:
                self.change("change" if then == "change" else "reset")
            self.use_reset(self.a_link("reset", 0), "once")

    def change(self, what: str) -> None:
        """A credential changes, if it can."""
        if what == "reset":
            if not self.links["reset"]:
                self.add_link("reset", self.hands.ask_reset())
            if self.links["reset"]:
                self.use_reset(self.a_link("reset", 0), "once")
        elif not self.closing and what == "change":
            self.change_password(end_sessions=False)
        elif not self.closing and len(self.apps) < 3:
            self.set_up_app()

    @precondition(lambda self: self.links["reset"])
    @rule(which=WHICH, together=TOGETHER)
    def reset(self, which: int, together: str) -> None:
        self.use_reset(self.a_link("reset", which), together)

    @rule(which=WHICH, together=st.sampled_from(["once", "twice", "at once"]))
    def confirm_address(self, which: int, together: str) -> None:
        link = self.a_link("confirm", which)
        link.over = link.over or self.confirmed
        if self.try_link(link, together, lambda: self.hands.confirm(link.text), "confirm"):
            self.confirmed = True

    @precondition(lambda self: self.links["lift"])
    @rule(which=WHICH, together=st.sampled_from(["once", "twice", "at once"]))
    def lift(self, which: int, together: str) -> None:
        link = self.a_link("lift", which)
        self.try_link(link, together, lambda: self.hands.lift(link.text), "lift")

    @precondition(lambda self: not self.closing)
    @rule(end_sessions=st.booleans())
    def change_password(self, end_sessions: bool) -> None:
        session, password = self.session(), self.new_password()
        with self.confirmed_work(session) as work:
            self.hands.change_password(work, session, password, end_sessions=end_sessions)
        self.has_password(password)
        self.sessions = {session} if end_sessions else self.sessions

    @precondition(lambda self: self.confirmed and not self.closing and len(self.apps) < 3)
    @rule()
    def set_up_app(self) -> None:
        session, name = self.session(), f"app {next(self.names)}"
        with self.confirmed_work(session) as work:
            self.recovery = self.hands.add_app(work, name) or self.recovery
        self.apps[name] = step_at(self.now)
        self.changes += 1

    @precondition(lambda self: self.apps and not self.closing)
    @rule()
    def remove_app(self) -> None:
        session, name = self.session(), next(iter(self.apps))
        with self.confirmed_work(session) as work:
            self.hands.remove_app(work, name)
        del self.apps[name]
        if not self.apps:
            self.spent += self.recovery
            self.recovery = []
        self.changes += 1

    @precondition(lambda self: self.apps and not self.closing)
    @rule()
    def renew_codes(self) -> None:
        with self.confirmed_work(self.session()) as work:
            self.spent += self.recovery
            self.recovery = self.hands.renew_codes(work)
        self.changes += 1

    @rule()
    def close_or_keep(self) -> None:
        """Closing ends every session; signing in goes on, to keep the account."""
        with self.confirmed_work(self.session()) as work:
            (self.hands.keep if self.closing else self.hands.close)(work)
        self.closing = not self.closing
        if self.closing:
            self.sessions.clear()
        self.changes += 1

    @rule(times=st.integers(1, 6), knows=st.booleans())
    def stranger_guesses(self, times: int, knows: bool) -> None:
        actor = self.hands.elsewhere()
        for _ in range(times):
            # Without a second factor whoever knows the password is in: that one guesses it.
            password = self.password if knows and self.apps else "not the right one"
            try:
                session = self.hands.sign_in(actor, password, self.wrong_code(), Mode.COOKIE)
            except Throttled:
                break
            self.check("policy: a stranger is signed in", holds=session is None)
        self.look_at_mail()

    @precondition(lambda self: self.confirmed)
    @rule(codes=st.booleans(), then=st.sampled_from(["", "lift", "enter"]))
    def stranger_closes_a_way(self, codes: bool, then: str) -> None:
        """Day and night, until no attempt is left; perhaps the owner comes at once."""
        actor = self.hands.elsewhere()
        self.hands.use_up(actor, lambda until: setattr(self.bed.clock, "at", until), codes=codes)
        if then == "enter":
            self.enter(self.hands.elsewhere(), Mode.COOKIE)
        elif then == "lift" and codes and self.apps:
            # The right password is what asks for the letter.
            self.stranger_guesses(times=1, knows=True)
            if self.links["lift"]:
                self.lift(which=0, together="twice")

    @rule(seconds=st.sampled_from([30, 60, 600, 3600, 3600 * 25]))
    def time_passes(self, seconds: int) -> None:
        self.bed.clock.advance(timedelta(seconds=seconds))

    # What always holds

    @invariant()
    def no_session_but_those_that_may_stand(self) -> None:
        if hasattr(self, "hands"):
            self.found["steps"] += 1
            self.check("policy: a session stands that must have ended", holds=self.hands.live() <= self.sessions)

    def teardown(self) -> None:
        """At the end of every run the owner gets in from a new place."""
        if not hasattr(self, "hands"):
            return
        try:
            if self.sound:
                self.enter(self.hands.elsewhere(), Mode.COOKIE)
        finally:
            self.hands.drop()


def machine_on(bed: Bed) -> type[SignInMachine]:
    """The machine on a database; the class counts its runs and steps."""
    return type("SignInMachineOnBed", (SignInMachine,), {"bed": bed, "found": {"runs": 0, "steps": 0}, "broken": []})
