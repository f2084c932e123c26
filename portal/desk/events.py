"""What can happen to a whole account at once."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class EverythingEnded(Event):
    """Somebody with the link of a letter about a new place said that it was not them, and chose a new password."""

    kind = "account.everything_ended"
    sentence = _("All sessions ended and all API tokens revoked with the link of a letter about a sign-in")
