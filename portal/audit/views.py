"""The security history of an account, read page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.audit.events import tell
from portal.audit.service import account_history
from portal.kernel.errors import NotFound
from portal.kernel.words import TranslationString
from portal.web.options import PageView, page

KEY_DIGITS = 18


@dataclass(frozen=True)
class Row:
    """One line of the table; network and browser may be empty."""

    at: datetime
    sentence: TranslationString
    network: str
    browser: str


@page("audit.history")
class History(PageView):
    """Everything that happened to the account, newest first, `PAGE_SIZE` at a time."""

    def __call__(self) -> dict[str, Any]:
        """The rows of one page, and the key of the next."""
        found = account_history(self.work, self.request.person.account_id, before=self.before())
        rows = [
            Row(entry.at, tell(entry.kind, entry.facts), self.request.show_network(entry.address), entry.browser)
            for entry in found.entries
        ]
        return {"rows": rows, "older": found.older, "newest": self.before() is None}

    def before(self) -> int | None:
        """The key in the query. Raises NotFound for anything but a number."""
        text = self.request.GET.get("before")
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > KEY_DIGITS:
            raise NotFound
        return int(text)
