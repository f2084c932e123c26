"""What somebody can do with an account, through the services, as one call each: the hands of the machine."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from portal.accounts import new_password, passwords, resets, tickets
from portal.accounts import service as accounts
from portal.accounts.errors import CredentialsChanged, TicketExpired, TicketUsed
from portal.accounts.events import Registered, ResetRequested
from portal.accounts.tickets import Purpose
from portal.audit.events import Event
from portal.desk.closing import service as closing
from portal.factors import removal, setup
from portal.factors.recovery import renewal
from portal.factors.totp.codes import code_at, step_at
from portal.kernel.errors import AlreadyUsed, Throttled
from portal.kernel.work import Actor, Instance, Work
from portal.signin import closed, confirming, others, service, ways
from portal.signin.begin import open_session
from portal.signin.errors import StepOver
from portal.signin.events import WayClosed
from portal.signin.models import Mode, Session
from portal.signin.service import CodeWanted, Proven
from portal.throttle.service import Exhausted, lift, reserve
from tests.support.people import set_up

NUMBERS = itertools.count(1)
FREE = 4
"""Attempts without a wait: few, so that waits are met soon; so many that closing a way takes more than a day."""
REFUSALS = (AlreadyUsed, TicketUsed, TicketExpired, CredentialsChanged)


class Broken(AssertionError):
    """What was promised does not hold."""


def key_of(name: str) -> bytes:
    """The key of an authenticator app: the same in every run, so that no two codes are ever equal by chance."""
    return hashlib.sha1(name.encode(), usedforsecurity=False).digest()


class Hands:
    """One account on the instance, whose name and networks nobody had before."""

    def __init__(self, instance: Instance, *, confirmed: bool, password: str) -> None:
        self.instance = replace(instance, settings=replace(instance.settings, throttle_free=FREE))
        number = next(NUMBERS)
        self.name, self.email = f"person{number}", f"person{number}@example.org"
        self.home = Actor(address=f"10.1.{number // 250}.{number % 250}", browser="Firefox on Linux")
        self.letters: list[Event] = []
        self.subscription = (Event, self._keep)
        self.instance.recorder.subscribers.append(self.subscription)  # type: ignore[attr-defined]
        with self.work() as work:
            hashed = passwords.hash_password(work, password)
            set_up(work)
            made = accounts.register(work, username=self.name, email=self.email, password_hash=hashed)
            if confirmed:
                accounts.addresses(work, made.id)[0].confirmed_at = work.now
        self.account_id = made.id

    def _keep(self, _work: Work, event: Event) -> None:
        if isinstance(event, Registered | ResetRequested | WayClosed):
            self.letters.append(event)

    def drop(self) -> None:
        """Read no more letters."""
        self.instance.recorder.subscribers.remove(self.subscription)  # type: ignore[attr-defined]

    @property
    def now(self) -> datetime:
        """The instant of the clock."""
        return self.instance.clock.now()

    def work(self, actor: Actor | None = None) -> Any:
        """A unit of work, at home unless told otherwise."""
        return self.instance.work(actor or self.home)

    def elsewhere(self) -> Actor:
        """A place where nobody has been."""
        number = next(NUMBERS)
        return Actor(address=f"10.2.{number // 250 % 250}.{number % 250}", browser=f"Browser {number}")

    # Signing in

    def sign_in(self, actor: Actor, password: str, code: str, mode: Mode, *, in_steps: bool = False) -> UUID | None:
        """The session that begins, or None. Raises Throttled, and StepOver."""
        with self._kept(actor) as work:
            outcome = service.prove(work, self.name, password, "" if in_steps else code)
            session = self._begin(work, outcome, mode)
        if in_steps and isinstance(outcome, CodeWanted):
            return self.finish_step(actor, outcome.step, code, mode)
        return session

    def begin_step(self, actor: Actor, password: str) -> str | None:
        """The sealed step after a right password, where a code is wanted. Raises Throttled."""
        with self._kept(actor) as work:
            outcome = service.prove(work, self.name, password, "")
        return outcome.step if isinstance(outcome, CodeWanted) else None

    def finish_step(self, actor: Actor, step: str, code: str, mode: Mode) -> UUID | None:
        """The session that begins, or None. Raises Throttled."""
        try:
            with self._kept(actor) as work:
                return self._begin(work, service.prove_code(work, step, code), mode)
        except (StepOver, AlreadyUsed):
            return None

    @contextmanager
    def _kept(self, actor: Actor) -> Iterator[Work]:
        work = self.instance.open(actor)
        try:
            yield work
            work.db.commit()
        finally:
            work.db.close()

    def _begin(self, work: Work, outcome: Any, mode: Mode) -> UUID | None:
        if not isinstance(outcome, Proven):
            return None
        visit = SimpleNamespace(person=None)
        request = SimpleNamespace(
            work=work, visit=visit, headers={}, new_cookies={}, environ={}, hidden={}, person=None
        )
        open_session(request, outcome.account, mode, longer=False)
        return request.person.session_id

    # What is looked at

    def live(self) -> set[UUID]:
        """The sessions that stand."""
        with self.instance.work(write=False) as work:
            return {session.id for session in others.live_sessions(work, self.account_id)}

    # Links

    def ask_reset(self) -> str | None:
        """A letter to choose a new password: its link, if one was sent."""
        with self.work(self.elsewhere()) as work:
            resets.ask(work, self.name)
        before = len(self.letters)
        resets.answer_all(self.instance)
        sent = [event.ticket for event in self.letters[before:] if isinstance(event, ResetRequested)]
        return sent[-1] if sent else None

    def lift_links(self) -> list[str]:
        """The links of the letters about waits that are due."""
        before = len(self.letters)
        closed.tell_all(self.instance)
        return [event.ticket for event in self.letters[before:] if isinstance(event, WayClosed)]

    def reset(self, link: str, password: str, meet: Callable[[], Any] = lambda: None) -> bool:
        """Whether the link chose a new password. `meet` is called between reading and writing."""
        with suppress(*REFUSALS), self.work(self.elsewhere()) as work:
            ticket = tickets.find(work, Purpose.RESET_PASSWORD, link)
            account = accounts.find(work, ticket.account_id)
            work.settle()
            hashed = passwords.hash_password(work, password)
            meet()
            resets.reset(work, ticket, account, hashed, revoke_tokens=False)
            return True
        return False

    def confirm(self, link: str) -> bool:
        """Whether the link confirmed the address."""
        with suppress(*REFUSALS), self.work() as work:
            accounts.confirm_address(work, tickets.find(work, Purpose.CONFIRM_ADDRESS, link))
            return True
        return False

    def lift(self, link: str) -> bool:
        """Whether the link lifted the waits."""
        with suppress(*REFUSALS), self.work() as work:
            closed.lift_with_link(work, tickets.find(work, Purpose.LIFT_WAIT, link))
            return True
        return False

    # What needs a session, and confirming that it is you

    @contextmanager
    def confirmed(self, session_id: UUID, password: str, code: str) -> Iterator[Work]:
        """A unit of work in which the person has just shown who they are."""
        with self.work() as work:
            session = work.db.get_one(Session, session_id)
            asked = confirming.what_to_ask(work, session, "both")
            if problems := confirming.check(work, session, asked, password=password, code=code if asked.code else ""):
                raise Broken(f"the owner was not believed: {problems}")
            yield work

    def change_password(self, work: Work, session_id: UUID, password: str, *, end_sessions: bool) -> None:
        account = accounts.find(work, self.account_id)
        work.settle()
        hashed = passwords.hash_password(work, password)
        new_password.change(
            work, account, hashed, end_sessions=end_sessions, revoke_tokens=False, session_id=session_id
        )

    def add_app(self, work: Work, name: str) -> list[str]:
        """Set up an authenticator app with the code of this moment; the recovery codes, where it is the first."""
        begun = replace(setup.begin(work, self.account_id, name), key=key_of(name))
        work.settle()
        kept = setup.show_codes_kept(begun, begun.codes[0].text) if begun.codes else begun
        assert kept is not None
        sealed = setup.seal(work, self.account_id, kept)
        setup.finish(work, self.account_id, sealed, code_at(begun.key, step_at(work.now)))
        return [code.text for code in begun.codes]

    def remove_app(self, work: Work, name: str) -> None:
        rows = setup.totp.authenticators_of(work, self.account_id)
        removal.remove(work, self.account_id, next(row.id for row in rows if row.name == name))

    def renew_codes(self, work: Work) -> list[str]:
        begun = renewal.begin(work, self.account_id)
        work.settle()
        sealed = renewal.seal(work, self.account_id, begun)
        renewal.finish(work, self.account_id, sealed, begun.codes[0].text)
        return [code.text for code in begun.codes]

    def close(self, work: Work) -> None:
        closing.close(work, self.account_id)

    def keep(self, work: Work) -> None:
        closing.keep(work, self.account_id)

    # A stranger

    def use_up(self, actor: Actor, advance_to: Callable[[datetime], None], *, codes: bool) -> None:
        """As many attempts as this place has, each as soon as it may be made."""
        while True:
            with self.instance.work(actor) as work:
                account = accounts.find(work, self.account_id)
                bucket = ways.code_bucket(work, account.id) if codes else _of_password(work, self.name, account)
                work.settle()
                try:
                    reserve(work, [bucket])
                except Exhausted:
                    return
                except Throttled as wait:
                    advance_to(wait.until or self.now)

    def forget_attempts(self) -> None:
        """After a race whose losers are counted before or after its winner: as if nobody had tried."""
        with self.work() as work:
            account = accounts.find(work, self.account_id)
            ways.open_again(work, account, codes=True)
            lift(work, [ways.code_bucket(work, account.id), _of_password(work, self.name, account)])


def _of_password(work: Work, name: str, account: Any) -> Any:
    return ways.password_buckets(work, name, account)[0]


HOUR = timedelta(hours=1)
