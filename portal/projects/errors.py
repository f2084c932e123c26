"""Why a project can't be made."""

from __future__ import annotations

from portal.kernel.errors import Conflict, Invalid


class BadName(Invalid):
    """The text can't be the name of a project."""


class ReservedName(Invalid):
    """The name belongs to a module of Python's standard library."""


class NameTaken(Conflict):
    """A project of this normalized name exists."""
