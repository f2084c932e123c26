"""What can happen to an upload; a file that was taken is `portal.projects.events.FileUploaded`."""

from __future__ import annotations

from dataclasses import dataclass

from portal.audit.events import Event
from portal.kernel.words import _


@dataclass(frozen=True, kw_only=True)
class UploadRefused(Event):
    """An upload with a valid token was not taken. `code` is the catalogue's (`portal.uploads.errors`)."""

    kind = "upload.refused"
    sentence = _("Upload of “${filename}” refused, reason: ${code}")

    filename: str
    code: str


@dataclass(frozen=True, kw_only=True)
class UploadChecked(Event):
    """A dry run found nothing wrong; nothing was stored. `token` is the name of the one that was used."""

    kind = "upload.checked"
    sentence = _("Upload of “${filename}” checked, nothing stored")

    filename: str
    token: str
