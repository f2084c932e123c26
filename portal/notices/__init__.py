"""Letters: written in the transaction of their event, sent after it commits, each at least once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.kernel.once import forget_used
from portal.kernel.settings import Settings
from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Instance
from portal.kernel.written import UnsafeSettings
from portal.language.offer import locale_of, offered, suggested
from portal.notices import (
    access,
    administrators,
    changes,
    closing,
    endings,
    letters,
    people,
    projects,
    recovery,
    tokens,
)
from portal.notices.port import LetterRenderer, MailTransport
from portal.notices.render import TemplateRenderer
from portal.notices.service import Bell, forget_sent, give_up
from portal.notices.smtp import SmtpTransport
from portal.notices.transport import FOLDER, MaildirTransport


def sweep(instance: Instance) -> None:
    """Drop what is of no use any more: letters sent long ago or never to be sent, ids of values too old to be taken."""
    with instance.work() as work:
        forget_sent(work)
        give_up(work)
        forget_used(work)


def make_transport(settings: Settings) -> MailTransport:
    """The way that letters go with these settings."""
    server = settings.mail_server
    return SmtpTransport(server, settings) if server else MaildirTransport(settings.data / FOLDER)


def includeme(config: Any) -> None:
    """Subscribe the letters and give the instance its renderer and transport. Raises UnsafeSettings."""
    instance = config.registry.instance
    if locale_of(instance.settings.letter_language) is None:
        raise UnsafeSettings(f"doorward.letter_language must be one of: {', '.join(suggested(offered()))}")
    instance.ports.setdefault(LetterRenderer, TemplateRenderer(instance.settings))
    instance.ports.setdefault(MailTransport, make_transport(instance.settings))
    instance.ports.setdefault(Bell, Bell())
    add_sweep(instance, sweep, every=timedelta(hours=1))
    for about in (letters, access, people, closing, recovery, projects, changes, administrators, tokens, endings):
        for event, subscriber in about.SUBSCRIBERS:
            config.subscribe_event(event, subscriber)
