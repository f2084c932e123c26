"""Refusals around tokens that reach a project."""

from __future__ import annotations

from portal.kernel.errors import Conflict
from portal.kernel.words import _
from portal.tokens.errors import NAME_SHOWN, TokenRefused


class AlreadyCut(Conflict):
    """Somebody was faster."""


def cut_off(project: str) -> TokenRefused:
    """An owner of the project has cut the token off from it."""
    sentence = _(
        "An owner of the project “${project}” has cut this API token off from it. Ask them why.",
        mapping={"project": project[:NAME_SHOWN]},
    )
    return TokenRefused("cut-off", sentence)
