"""The application: the ordered list of packages, put together once at start."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plaster import PlasterURL
from plaster_pastedeploy import Loader
from pyramid.config import Configurator

from portal.app.edge import Edge
from portal.app.first_start import KEYS, expect_administrator, remains
from portal.app.redact import guard_logging
from portal.app.schema import migrate
from portal.audit.events import Event
from portal.audit.service import Record
from portal.kernel.clock import Clock, SystemClock
from portal.kernel.database import Database
from portal.kernel.listening import DEFAULT_LISTEN, reached_at
from portal.kernel.paths import TEMPLATES
from portal.kernel.settings import Settings, read_settings
from portal.kernel.vault import load_vault
from portal.kernel.work import Instance, Work
from portal.notices.port import LetterRenderer
from portal.notices.transport import staying
from portal.web.renderer import compile_all

PACKAGES = (
    "web",
    "language",
    "throttle",
    "audit",
    "accounts",
    "factors",
    "signin",
    "projects",
    "tokens",
    "index",
    "uploads",
    "desk",
    "notices",
    "admin",
)
"""From the bottom up: the order in which routes are added and subscribers are called."""

log = logging.getLogger("doorward.serve")


@dataclass(frozen=True)
class Application:
    """A running instance and the WSGI application in front of it."""

    instance: Instance
    wsgi: Edge


def assemble(settings: Settings, *, clock: Clock | None = None) -> Application:
    """Put an application together. The database must have been migrated (`prepare` does it)."""
    record = Record()
    instance = Instance(
        settings=settings,
        vault=load_vault(settings.data / KEYS),
        database=Database(settings.database),
        recorder=record,
        clock=clock or SystemClock(),
    )
    config = Configurator(settings={"pyramid.includes": []})
    config.registry.instance = instance
    config.add_directive("subscribe_event", _subscriber(record))
    config.include("portal.app.retry")
    for package in PACKAGES:
        config.include(f"portal.{package}")
    return Application(instance, Edge(config.make_wsgi_app(), settings, config.registry))


def prepare(settings: Settings) -> None:
    """Make the data directory, readable by its owner only, and bring the database to the newest schema."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = not remains(settings.data)
    database = Database(settings.database)
    try:
        migrate(database)
        if new:
            expect_administrator(database)
    finally:
        database.close()


def main(global_config: dict[str, str], **given: str) -> Callable[..., Any]:
    """The application factory for `pserve` and any WSGI server (PasteDeploy)."""
    guard_logging()
    settings = read_settings(reached_at(given, _listen(global_config.get("__file__"))))
    if (sentence := staying(settings)) is not None:
        log.warning(sentence)
    prepare(settings)
    application = assemble(settings)
    compile_templates(application)
    return application.wsgi


def _listen(path: str | None) -> str:
    found = Loader(PlasterURL("file+ini", path=path)).get_settings("server:main") if path else {}
    return found.get("listen") or DEFAULT_LISTEN


def compile_templates(application: Application) -> None:
    """Compile every page and letter, before the first is asked for: that takes some seconds, and one thread."""
    folders = [path.name for path in TEMPLATES.iterdir() if path.is_dir() and path.name != "mail"]
    compile_all(application.wsgi.registry.template_loader, below=sorted(folders))
    application.instance.ports[LetterRenderer].prepare()


def _subscriber(record: Record) -> Callable[..., None]:
    def subscribe_event(_config: Any, kind: type[Event], subscriber: Callable[[Work, Any], None]) -> None:
        """Call `subscriber(work, event)` for events of this class, in the transaction of the event."""
        record.subscribe(kind, subscriber)

    return subscribe_event
