"""Who asks, where a token says so. Only uploads call this: a token never signs in to the web."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.kernel.work import Work


@dataclass(frozen=True)
class Bearer:
    """Whoever sent a good token. `username` is the owner's."""

    token_id: UUID
    account_id: UUID
    username: str
    label: str
    expires_at: datetime | None


def authenticate(work: Work, header: str | None) -> Bearer:
    """The bearer of the token in an `Authorization` header. Raises TokenRefused and Throttled."""
    raise NotImplementedError


def authorize(work: Work, bearer: Bearer, project: str, *, project_id: UUID | None = None) -> None:
    """Raise TokenRefused unless the token's own limits allow this project (normalized name).

    `project_id` is the id of the project, None where it is yet to be created.
    """
    raise NotImplementedError


def confirm(work: Work, bearer: Bearer) -> None:
    """Raise TokenRefused if the token ended while the upload was received; call it in the writing transaction."""
    raise NotImplementedError


def note_use(work: Work, bearer: Bearer) -> None:
    """Write down that the token was used, at most once a minute."""
    raise NotImplementedError
