"""Why the status of a project, or what lies in it, can't be changed now."""

from __future__ import annotations

from portal.kernel.errors import Conflict


class InQuarantine(Conflict):
    """The project is in quarantine: until that ends, nothing in it is changed."""


class NotInQuarantine(Conflict):
    """There is no quarantine that could end."""
