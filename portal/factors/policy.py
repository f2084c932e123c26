"""What the operator asks of second factors."""

from __future__ import annotations

from uuid import UUID

from portal.factors.service import has_factor
from portal.kernel.settings import Settings
from portal.kernel.work import Work


def may_turn_off(settings: Settings) -> bool:
    """Whether an account may be without a second factor."""
    return settings.two_factor == "optional"


def must_set_up(work: Work, account_id: UUID) -> bool:
    """Whether this account has to set up a second factor before it can do anything else."""
    return not may_turn_off(work.settings) and not has_factor(work, account_id)
