"""Writing to the person of an event, at every address that is proven to be theirs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.audit.events import Event
from portal.kernel.work import Work
from portal.language.offer import DEFAULT, locale_of
from portal.notices import service
from portal.notices.paths import link


def tell(work: Work, event: Event, template: str, *, to: Collection[str] | None = None, **values: Any) -> None:
    """Write to the person of the event, with the facts that let them judge whether it was them.

    `to` are addresses that were proven to be theirs; by default all that are now.
    """
    account = accounts.find(work, account_of(event))
    facts = {
        "username": account.username,
        "when": work.now,
        "address": work.actor.address,
        "browser": work.actor.browser,
        "history": link(work.settings, "audit.history"),
        "new_password": link(work.settings, "accounts.reset_request"),
    }
    language = language_of(work, account)
    for email in accounts.letter_addresses(work, account.id) if to is None else to:
        service.write(work, template, email, {**facts, **values}, language=language, account_id=account.id)


def language_of(work: Work, account: Account | None) -> str:
    """The locale of letters to a person: their own choice, else that of the instance."""
    own = account.locale if account is not None else None
    return own or locale_of(work.settings.letter_language) or DEFAULT


def account_of(event: Event) -> UUID:
    """Whose event it is. Raises ValueError where it is nobody's."""
    if event.account_id is None:
        raise ValueError(f"{event.kind} without an account")
    return event.account_id
