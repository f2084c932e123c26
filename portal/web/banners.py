"""What somebody has to know on every page on which they are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from portal.kernel.words import TranslationString


@dataclass(frozen=True)
class Banner:
    """A sentence, and the page on which something can be done about it."""

    sentence: TranslationString
    link: TranslationString
    path: str


Teller = Callable[[Any], Banner | None]


def add_banner(config: Any, teller: Teller) -> None:
    """Ask `teller(request)` on every page of somebody signed in."""
    config.registry.banners.append(teller)


def banners(request: Any) -> list[Banner]:
    """The banners of this page. Where the database can't tell, the page is shown all the same."""
    try:
        return [banner for teller in request.registry.banners if (banner := teller(request)) is not None]
    except SQLAlchemyError:
        return []


def includeme(config: Any) -> None:
    """Add directive and request method."""
    config.registry.banners = []
    config.add_directive("add_banner", add_banner)
    config.add_request_method(banners)
