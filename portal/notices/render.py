"""Letters from Chameleon templates, in the recipient's language, without a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pyramid.i18n import make_localizer

from portal.kernel.paths import LOCALE
from portal.kernel.settings import Settings
from portal.kernel.words import DOMAIN, TranslationString, filled
from portal.language.formats import format_datetime, format_end
from portal.notices.plain import plain
from portal.notices.port import Link, Rendered
from portal.web.renderer import compile_all, make_loader, translator

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
ENDS = frozenset({"until", "ends"})
"""Variables of templates that are instants at which something ends."""


class TemplateRenderer:
    """Renders `templates/mail/NAME.pt`. `site`, `home` and `contact` are known to every letter."""

    def __init__(self, settings: Settings) -> None:
        self.loader = make_loader()
        contact = settings.contact.removeprefix("mailto:")
        reached = Link(contact) if "://" in contact else contact
        self.shared = {"site": settings.site_name, "home": Link(settings.base_url + "/"), "contact": reached}

    def prepare(self) -> None:
        """Compile every letter: the first of each kind must not do so inside the transaction that writes it."""
        compile_all(self.loader, below=["mail"])

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> Rendered:
        """The letter in that locale ("pt_BR"); where it has no catalogue, in English."""
        localizer = localizer_of(language)
        given = {name: _given(name, value, language) for name, value in {**self.shared, **values}.items()}

        def plural(one: str, many: str, count: int, **more: Any) -> str:
            text: str = localizer.pluralize(one, many, count, domain=DOMAIN, mapping={"count": count, **more})
            return text

        parts = self.loader["mail/parts.pt"].macros
        markup = self.loader[f"mail/{template}.pt"](**given, parts=parts, _n=plural, translate=translator(localizer))
        subject, text = plain(markup)
        return Rendered(language.replace("_", "-"), subject, text)


def _given(name: str, value: Any, language: str) -> Any:
    """A variable of the template."""
    return format_end(value, language) if name in ENDS and isinstance(value, datetime) else _told(value, language)


def _told(value: Any, language: str) -> Any:
    """A value as the letter shows it: instants in the language's way, user text isolated.

    Isolated, its direction can't reorder the sentence around it (Unicode UAX 9).
    """
    if isinstance(value, datetime):
        return format_datetime(value, language)
    if isinstance(value, TranslationString):
        return filled(value, {name: _told(part, language) for name, part in (value.mapping or {}).items()})
    if isinstance(value, list):
        return [_told(item, language) for item in value]
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}" if type(value) is str and value else value


@cache
def localizer_of(language: str) -> Any:
    """The localizer of a language that the instance offers; languages come from accounts, so they are few."""
    return make_localizer(language, [str(LOCALE)])
