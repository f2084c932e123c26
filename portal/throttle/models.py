"""How often something was tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.model import Base


class Attempts(Base):
    """The attempts of one bucket since the last success, or since its window began.

    `key` is a keyed hash, so that neither names nor networks can be read from it. Nothing is
    tried before `until`.
    """

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    made: Mapped[int]
    since: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
