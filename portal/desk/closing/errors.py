"""Why an account can't be closed."""

from __future__ import annotations

from collections.abc import Sequence

from portal.kernel.errors import Refused
from portal.projects.models import Project


class SoleOwner(Refused):
    """Nobody would own these projects any more."""

    def __init__(self, projects: Sequence[Project]) -> None:
        super().__init__(len(projects))
        self.projects = projects
