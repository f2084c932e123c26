"""The language menu: links to the page one is on, in the other languages."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from babel import Locale

from portal.language.offer import PSEUDO, suggested
from portal.language.pseudo import disguise
from portal.web.requests import HANDLE

PATH_SAFE = "/~!$&'()*+,;=:@"


class LanguageLink(NamedTuple):
    """One entry: `lang` is its BCP 47 tag, `name` what its speakers call it."""

    href: str
    lang: str
    name: str
    current: bool


def language_links(request: Any) -> list[LanguageLink]:
    """A link for each language; empty where there is only one. After a POST it leads to the page of the form."""
    here = request.locale_name
    every = request.registry.languages
    languages = every if here in PSEUDO else suggested(every)
    if len(languages) < 2:
        return []
    start = f"/~{request.environ[HANDLE]}" if request.environ.get(HANDLE) else ""
    page = _page(request)
    return [
        LanguageLink(f"{start}/{code}{page}", code, own_name(locale), locale == here)
        for code, locale in languages.items()
    ]


def own_name(locale: str) -> str:
    """What the speakers of a language call it ("français")."""
    if locale in PSEUDO:
        return disguise(own_name(locale.partition("_")[0]))
    return Locale.parse(locale).get_display_name(locale) or locale


def _page(request: Any) -> str:
    """Path and query of this page; the home page where this is none."""
    route = request.matched_route
    if route is None or route.name not in request.registry.page_routes:
        return "/"
    path = quote(request.path_info, safe=PATH_SAFE)
    return f"{path}?{request.query_string}" if request.method == "GET" and request.query_string else path


def includeme(config: Any) -> None:
    """Add the request method."""
    config.add_request_method(language_links)
