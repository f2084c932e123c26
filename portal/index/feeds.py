"""RSS 2.0 of what is new (https://www.rssboard.org/rss-specification), for people who follow an index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, tostring

# What XML 1.0 has no way to write (§2.2): such a character would make the whole feed unreadable.
UNWRITABLE = {code: None for code in (*range(0x20), 0xFFFE, 0xFFFF) if code not in {0x9, 0xA, 0xD}}


@dataclass(frozen=True)
class Item:
    """One entry of a feed. `link` is absolute and names the entry for ever."""

    title: str
    link: str
    description: str
    at: datetime


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself; `link` is the page that it follows."""

    title: str
    link: str
    description: str
    language: str


def rss(feed: Feed, items: Iterable[Item]) -> bytes:
    """The document."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    for tag, text in (
        ("title", feed.title),
        ("link", feed.link),
        ("description", feed.description),
        ("language", feed.language),
    ):
        _add(channel, tag, text)
    for item in items:
        entry = SubElement(channel, "item")
        _add(entry, "title", item.title)
        _add(entry, "link", item.link)
        _add(entry, "guid", item.link)
        _add(entry, "description", item.description)
        _add(entry, "pubDate", format_datetime(item.at, usegmt=True))
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _add(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text.translate(UNWRITABLE)
