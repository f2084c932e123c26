"""Why a project can't be made."""

from __future__ import annotations

from portal.kernel.errors import Conflict, Invalid, Refused


class BadName(Invalid):
    """The text can't be the name of a project."""


class NoNewProjects(Refused):
    """This index takes files of projects that are there already, and no others."""


class ReservedName(Invalid):
    """The name belongs to a module of Python's standard library."""


class NameTaken(Conflict):
    """A project of this normalized name exists."""


class NameKeptBack(Invalid):
    """The name is reserved by this index or its operator."""


class NameDeleted(Conflict):
    """A project of this name was deleted; its name is never given away again."""


class NameAlike(Conflict):
    """People would take the name for that of another project, `other`."""

    def __init__(self, name: str, other: str) -> None:
        super().__init__(name, other)
        self.other = other
