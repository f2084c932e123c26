"""The legacy upload API: receive, check, store."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from portal.kernel.sweeps import add_sweep
from portal.uploads.leading import read_leading
from portal.uploads.sweep import sweep
from portal.uploads.views.legacy import answer_elsewhere, answer_problem

FORM_PATHS = re.compile(r"/manage/(?:projects|project/[^/]+)/upload/")

ELSEWHERE = ("/", "/simple", "/simple/", "/pypi", "/pypi/", "/upload", "/upload/")
"""Where people send uploads who take the address of the index, or of another index's uploads, for that of uploads."""


def includeme(config: Any) -> None:
    """Add the upload address with and without its slash, its pages, and the sweep of stray files."""
    config.add_plain_route("uploads.legacy", "/legacy/")
    config.add_plain_route("uploads.slashless", "/legacy")
    config.add_plain_route("uploads.released", "/legacy/{name}/{version}/")
    config.add_page_route("uploads.help", "/help/uploads/")
    config.add_page_route("uploads.start", "/manage/projects/upload/")
    config.add_page_route("uploads.add", "/manage/project/{name}/upload/")
    config.registry.file_forms.append((FORM_PATHS, read_leading))
    config.registry.problem_answers |= dict.fromkeys(("/legacy/", "/legacy"), answer_problem)
    config.registry.problem_answers |= dict.fromkeys(ELSEWHERE, answer_elsewhere)
    config.scan(".views")
    add_sweep(config.registry.instance, sweep, every=timedelta(hours=1))
