"""What happens to releases and files after their upload."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class ReleaseYanked(Event):
    """All files of a release are withdrawn: installers take them only when asked for this exact version."""

    kind = "release.yanked"
    sentence = _("Release ${version} of the project ${project} withdrawn")

    project: str
    version: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleaseRestored(Event):
    """No file of the release is withdrawn any more."""

    kind = "release.restored"
    sentence = _("Release ${version} of the project ${project} offered again")

    project: str
    version: str


@dataclass(frozen=True, kw_only=True)
class FileYanked(Event):
    """One file is withdrawn."""

    kind = "file.yanked"
    sentence = _("File ${filename} of the project ${project} withdrawn")

    project: str
    filename: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class FileRestored(Event):
    """One file is not withdrawn any more."""

    kind = "file.restored"
    sentence = _("File ${filename} of the project ${project} offered again")

    project: str
    filename: str


@dataclass(frozen=True, kw_only=True)
class FileDeleted(Event):
    """A file is gone for good, and so is its name."""

    kind = "file.deleted"
    sentence = _("File ${filename} of the project ${project} deleted")

    project: str
    filename: str


@dataclass(frozen=True, kw_only=True)
class ReleaseDeleted(Event):
    """A release is gone for good, with its files and their names."""

    kind = "release.deleted"
    sentence = _("Release ${version} of the project ${project} deleted")

    project: str
    version: str


@dataclass(frozen=True, kw_only=True)
class ProjectDeleted(Event):
    """A project is gone for good, with everything in it and their names."""

    kind = "project.deleted"
    sentence = _("Project ${project} deleted")

    project: str


@dataclass(frozen=True, kw_only=True)
class TheirProjectDeleted(Event):
    """The same, for somebody else who had a role in the project."""

    kind = "project.theirs.deleted"
    sentence = _("Project ${project} deleted by ${by}")

    project: str
    by: str


ShelfEvent = ReleaseYanked | ReleaseRestored | FileYanked | FileRestored | FileDeleted | ReleaseDeleted
"""What changes what installers find of a project that stays."""
