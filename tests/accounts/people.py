"""Made-up people, and what the record was told about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from portal.accounts import passwords, service
from portal.accounts.events import ConfirmationRequested, Registered
from portal.accounts.models import Account
from portal.audit.events import Event
from portal.audit.service import Record
from portal.kernel.work import Instance, Work

PASSWORD = "a long walk in the wet hills"


@dataclass
class People:
    """Makes accounts through the service, as the pages do."""

    instance: Instance

    def register(self, username: str, email: str | None = None) -> Account:
        """An account with an unconfirmed address."""
        with self.instance.work() as work:
            hashed = passwords.hash_password(work, PASSWORD)
            address = email or f"{username}@example.org"
            return service.register(work, username=username, email=address, password_hash=hashed)

    def confirmed(self, username: str, email: str | None = None) -> Account:
        """An account with a confirmed address."""
        account = self.register(username, email)
        with self.instance.work() as work:
            service.addresses(work, account.id)[0].confirmed_at = work.now
        return account


class Happened(list[Event]):
    """The events of a test with their transient fields, in order."""

    @property
    def ticket(self) -> str:
        """The secret of the link in the newest letter."""
        carriers = [event for event in self if isinstance(event, Registered | ConfirmationRequested)]
        return carriers[-1].ticket

    @property
    def kinds(self) -> list[str]:
        """What happened, by kind."""
        return [event.kind for event in self]


@contextmanager
def watching(instance: Instance) -> Iterator[Happened]:
    """Collect the events recorded meanwhile."""
    record = instance.recorder
    assert isinstance(record, Record)
    happened = Happened()

    def note(_work: Work, event: Event) -> None:
        happened.append(event)

    subscription = (Event, note)
    record.subscribers.append(subscription)
    try:
        yield happened
    finally:
        record.subscribers.remove(subscription)
