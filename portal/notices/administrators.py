"""Letters about who administers this index."""

from __future__ import annotations

from dataclasses import replace

from portal.accounts import administrators
from portal.accounts.events import AdministratorMade, AdministratorRemoved
from portal.kernel.work import Work
from portal.notices.telling import account_of, tell


def administrators_changed(work: Work, event: AdministratorMade | AdministratorRemoved) -> None:
    """To the person, and to every administrator beside them."""
    added = isinstance(event, AdministratorMade)
    others = [one for one in administrators.listed(work) if one != account_of(event)]
    for reader in (account_of(event), *others):
        mine = reader == account_of(event)
        tell(work, replace(event, account_id=reader), "administrators", who=event.username, added=added, mine=mine)


SUBSCRIBERS = (
    (AdministratorMade, administrators_changed),
    (AdministratorRemoved, administrators_changed),
)
