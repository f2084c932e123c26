"""Marking stored pages as stale, with the number of the change that made them so."""

from __future__ import annotations

from typing import Any, Literal, cast

from sqlalchemy import Table, bindparam, case

from portal.index.models import ROOT, Rendering
from portal.kernel.once import INSERTS
from portal.kernel.work import Work

Kind = Literal["html", "json", "pypi"]
"""How a page is stored: the Simple API's two formats, and the document of the JSON API."""
OF_ROOT: tuple[Kind, ...] = ("html", "json")
OF_PROJECTS: tuple[Kind, ...] = (*OF_ROOT, "pypi")
_PAGES = cast("Table", Rendering.__table__)
_NOW = bindparam("now", type_=_PAGES.c.changed_at.type)
_CHANGE = _PAGES.update().where(_PAGES.c.name == bindparam("page")).returning(_PAGES.c.serial)
_COUNT = _CHANGE.values(serial=_PAGES.c.serial + 1)
_STALE = _CHANGE.values(
    version=_PAGES.c.version + 1,
    stale=True,
    serial=bindparam("next"),
    # The clocks of two machines differ: no change seems to be older than the one before it.
    changed_at=case((_PAGES.c.changed_at > _NOW, _PAGES.c.changed_at), else_=_NOW),
)


def mark_stale(work: Work, name: str) -> None:
    """Have a page rendered anew, in every format, before it is served again; in the transaction of `work`.

    Each change has the next serial number, in the order of the commits: until the end of the transaction the
    row of `ROOT` is locked. Call it late. `changed_at` is the time then, not that at which a long request came in.
    """
    serial = max(_change(work, _COUNT, ROOT, {}))
    _change(work, _STALE, name, {"now": work.instance.clock.now(), "next": serial})


def _change(work: Work, change: Any, name: str, values: dict[str, Any]) -> list[int]:
    """Write to the rows of a page, which are made where nothing has marked it yet; their serial numbers."""
    found = list(work.db.scalars(change, {"page": name, **values}))
    if len(found) < len(_kinds(name)):
        add_rows(work, name)
        found = list(work.db.scalars(change, {"page": name, **values}))
    return found


def add_rows(work: Work, name: str) -> None:
    """The rows of a page in all its formats, stale, where they are missing."""
    row = {"name": name, "version": 1, "stale": True, "changed_at": work.now, "serial": 0}
    empty = {"recipe": "", "etag": "", "body": b"", "body_gzip": b""}
    insert = INSERTS[work.db.get_bind().dialect.name](Rendering)
    rows = [row | empty | {"kind": kind} for kind in _kinds(name)]
    work.db.execute(insert.values(rows).on_conflict_do_nothing())


def _kinds(name: str) -> tuple[Kind, ...]:
    return OF_ROOT if name == ROOT else OF_PROJECTS
