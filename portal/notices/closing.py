"""Letters about an account that its person closes."""

from __future__ import annotations

from portal.desk.closing.events import AccountClosed, AccountEmptied, AccountKept, ClosingCalledOff
from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.telling import tell


def account_closed(work: Work, event: AccountClosed) -> None:
    """To every confirmed address: until when it can be kept."""
    tell(work, event, "account_closed", until=event.until, sign_in=link(work.settings, "signin.login"))


def account_kept(work: Work, event: AccountKept) -> None:
    """To every confirmed address: it goes on."""
    tell(work, event, "account_kept")


def closing_called_off(work: Work, event: ClosingCalledOff) -> None:
    """To every confirmed address: for which projects it goes on."""
    sign_in = link(work.settings, "signin.login")
    tell(work, event, "account_closing_called_off", projects=list(event.projects), sign_in=sign_in)


def account_emptied(work: Work, event: AccountEmptied) -> None:
    """To every confirmed address, for the last time."""
    tell(work, event, "account_emptied")


SUBSCRIBERS = (
    (AccountClosed, account_closed),
    (AccountKept, account_kept),
    (ClosingCalledOff, closing_called_off),
    (AccountEmptied, account_emptied),
)
