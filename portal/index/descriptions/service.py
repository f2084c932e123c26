"""Rendering the descriptions that wait for it: one process each, with caps of memory, time and output.

A process that is killed, or finds nothing to say, leaves the description as the plain text that it is.
Accounts take turns, so that nobody's slow descriptions keep those of others waiting for longer than one of them.
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

from sqlalchemy import func, select, update

from portal.index.descriptions import child
from portal.index.descriptions.clean import clean
from portal.index.models import DescriptionTurn
from portal.kernel.once import INSERTS
from portal.kernel.settings import Settings
from portal.kernel.work import Instance
from portal.projects.models import File, Release

WALL_SECONDS = 20.0
ROUND_SECONDS = 20.0
"""How long one round may take others' time; what still waits comes in the next."""
CHILD = Path(child.__file__)
BARE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}

log = logging.getLogger("doorward.descriptions")


def render_waiting(instance: Instance) -> None:
    """Render descriptions until none waits or the round is over."""
    ends = time.monotonic() + ROUND_SECONDS
    while time.monotonic() < ends and render_next(instance):
        pass


def render_next(instance: Instance) -> bool:
    """Render the oldest description of the account whose last turn was the longest ago; False where none waits."""
    found = _next(instance)
    if found is None:
        return False
    release_id, holder = found
    # Before the work: whatever becomes of it, the others come first then.
    _end_turn(instance, holder)
    render_release(instance, release_id)
    return True


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


def _next(instance: Instance) -> tuple[UUID, UUID] | None:
    """(release, whose turn it is)."""
    first = select(File.uploaded_by).where(File.release_id == Release.id).order_by(File.uploaded_at, File.id).limit(1)
    holder = func.coalesce(first.scalar_subquery(), Release.project_id)
    query = select(Release.id, holder).outerjoin(DescriptionTurn, DescriptionTurn.holder == holder)
    longest_ago = func.coalesce(DescriptionTurn.turn, 0)
    with instance.work(write=False) as work:
        waiting = query.where(Release.description_waits).order_by(longest_ago, Release.created_at, Release.id)
        row = work.db.execute(waiting.limit(1)).one_or_none()
    return None if row is None or row[1] is None else (row[0], row[1])


def _end_turn(instance: Instance, holder: UUID) -> None:
    with instance.work() as work:
        last = work.db.scalar(select(func.max(DescriptionTurn.turn))) or 0
        insert = INSERTS[work.db.get_bind().dialect.name](DescriptionTurn).values(holder=holder, turn=last + 1)
        work.db.execute(insert.on_conflict_do_update(index_elements=["holder"], set_={"turn": last + 1}))
