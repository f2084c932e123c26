"""The security history of an account, read page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.audit.events import tell
from portal.audit.models import Entry
from portal.audit.service import account_history
from portal.kernel.errors import NotFound
from portal.kernel.words import TranslationString
from portal.web.options import PageView, page

KEY_DIGITS = 18


@dataclass(frozen=True)
class Row:
    """One line of the table; network and browser may be empty. Those of somebody else are not shown: `foreign`."""

    at: datetime
    sentence: TranslationString
    network: str
    browser: str
    foreign: bool


@page("audit.history")
class History(PageView):
    """Everything that happened to the account, newest first, `PAGE_SIZE` at a time."""

    def __call__(self) -> dict[str, Any]:
        """The rows of one page, and the key of the next."""
        before = key_asked(self.request)
        account_id = self.request.person.account_id
        found = account_history(self.work, account_id, before=before)
        rows = [self.row(entry, foreign=entry.actor_id not in {None, account_id}) for entry in found.entries]
        return {"rows": rows, "older": found.older, "newest": before is None}

    def row(self, entry: Entry, *, foreign: bool) -> Row:
        """One entry as its person sees it."""
        network = "" if foreign else self.request.show_network(entry.address)
        return Row(entry.at, tell(entry.kind, entry.facts), network, "" if foreign else entry.browser, foreign)


def key_asked(request: Any) -> int | None:
    """The key in the query, after which a page of a history begins. Raises NotFound for anything but a number."""
    text = request.GET.get("before")
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > KEY_DIGITS:
        raise NotFound
    return int(text)
