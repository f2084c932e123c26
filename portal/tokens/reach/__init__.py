"""Which tokens reach a project, and cutting one off from it."""

from __future__ import annotations

from typing import Any

from portal.tokens.events import TokenReplaced
from portal.tokens.reach import service


def includeme(config: Any) -> None:
    """Add the pages for owners of projects."""
    config.add_page_route("tokens.of_project", "/manage/project/{name}/tokens/")
    config.add_page_route("tokens.cut_off", "/manage/project/{name}/tokens/{id}/cut-off/")
    config.subscribe_event(TokenReplaced, service.carry_over)
    config.scan(".views")
