"""People with and without a second factor, made through the services."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from portal.accounts.models import Address
from portal.factors import setup
from portal.factors.recovery.codes import Code
from portal.factors.totp.codes import code_at, step_at
from portal.kernel.work import Instance
from tests.support import people
from tests.support.instances import READER


def make_person(instance: Instance, username: str = "ada", *, confirmed: bool = True) -> UUID:
    """An account with one address; its id."""
    return people.make_person(instance, username, confirmed=confirmed).account_id


def forget_confirmation(instance: Instance, account_id: UUID) -> None:
    """Take the confirmation of the person's address back."""
    with instance.work(READER) as work:
        work.db.execute(update(Address).where(Address.account_id == account_id).values(confirmed_at=None))


@dataclass(frozen=True)
class App:
    """What a person holds after setting up an authenticator app."""

    key: bytes
    codes: tuple[Code, ...]

    def code(self, instance: Instance, ahead: int = 0) -> str:
        """The code that the app shows now, or some steps away from now."""
        return code_at(self.key, step_at(instance.clock.now()) + ahead)


def add_app(instance: Instance, account_id: UUID, name: str = "my phone", *, ahead: int = -1) -> App:
    """Set up an authenticator app with the code of the step before this one, so that this step's is unused."""
    with instance.work(READER) as work:
        begun = setup.begin(work, account_id, name)
        work.settle()
        kept = setup.show_codes_kept(begun, begun.codes[0].text) if begun.codes else begun
        assert kept is not None
        code = code_at(begun.key, step_at(work.now) + ahead)
        setup.finish(work, account_id, setup.seal(work, account_id, kept), code)
        return App(begun.key, begun.codes)
