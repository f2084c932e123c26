"""What strangers have pasted, until the worker looks at it."""

from __future__ import annotations

from portal.kernel.deferred import Deferred
from portal.kernel.model import Base


class FoundToken(Deferred, Base):
    """A text that may hold a token; sealed, because it may be one that works."""

    __tablename__ = "found_tokens"
