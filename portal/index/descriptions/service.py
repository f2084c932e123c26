"""Rendering the descriptions that wait for it: one process each, with caps of memory, time and output.

A process that is killed, or finds nothing to say, leaves the description as the plain text that it is.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update

from portal.index.descriptions import child
from portal.index.descriptions.clean import clean
from portal.kernel.settings import Settings
from portal.kernel.work import Instance
from portal.projects.models import Release

WALL_SECONDS = 20.0
ROUND_SECONDS = 20.0
"""How long one round may take others' time; what still waits comes in the next."""
CHILD = Path(child.__file__)
BARE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}

log = logging.getLogger("doorward.descriptions")


def render_waiting(instance: Instance) -> None:
    """Render descriptions, the oldest first, until none waits or the round is over."""
    ends = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < ends and (release_id := _next(instance)) is not None:
        render_release(instance, release_id)


def render_release(instance: Instance, release_id: UUID) -> None:
    """Render the description of one release, whatever comes of it."""
    with instance.work(write=False) as work:
        asked = select(Release.description, Release.description_content_type).where(Release.id == release_id)
        found = work.db.execute(asked).one_or_none()
    if found is not None:
        html = render(instance.settings, *found)
        with instance.work() as work:
            done = update(Release).where(Release.id == release_id)
            work.db.execute(done.values(description_html=html, description_waits=False))


def render(settings: Settings, text: str, content_type: str) -> str | None:
    """Harmless HTML of a description, or None where it can't be rendered within the caps (or is plain text)."""
    asked = json.dumps({"text": text, "content_type": content_type, "images": settings.description_images})
    # Into a file: the child's limit of what it may write holds for files, not for pipes.
    with tempfile.TemporaryFile(dir=settings.data) as output:
        try:
            # Our own program; what a stranger wrote is its input.
            subprocess.run(  # noqa: S603
                [sys.executable, "-I", "-W", "ignore", str(CHILD)],
                input=asked.encode(),
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=BARE_ENVIRONMENT,
                cwd=settings.data,
                timeout=WALL_SECONDS,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            log.warning("a description could not be rendered: %s", type(error).__name__)
            return None
        output.seek(0)
        html = output.read(child.OUTPUT).decode("utf-8", "replace")
    return clean(settings, html) or None


def _next(instance: Instance) -> UUID | None:
    with instance.work(write=False) as work:
        query = select(Release.id).where(Release.description_waits).order_by(Release.created_at, Release.id)
        return work.db.scalar(query.limit(1))
