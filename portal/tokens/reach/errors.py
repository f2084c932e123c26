"""Refusals around tokens that reach a project."""

from __future__ import annotations

from portal.kernel.errors import Conflict
from portal.tokens import causes
from portal.tokens.errors import TokenRefused


class AlreadyCut(Conflict):
    """Somebody was faster."""


def cut_off(project: str) -> TokenRefused:
    """An owner of the project has cut the token off from it."""
    return TokenRefused(causes.CUT_OFF, project=project)
