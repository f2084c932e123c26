"""The last hand on rendered HTML: whatever came before, only this may stand in a page of ours."""

from __future__ import annotations

import nh3

from portal.index.links import may_link
from portal.kernel.settings import Settings

IDS = "user-content-"
"""What readme-renderer begins each id with: no description can name an element of ours."""
TAGS = """
a abbr b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure
h3 h4 h5 h6 hr i kbd li ol p pre s span strong sub summary sup table tbody td th thead tr tt ul var
"""
ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}


def clean(settings: Settings, html: str) -> str:
    """HTML without scripts, styles, forms and classes, whose links lead outside, to projects, or within the text."""

    def kept(tag: str, attribute: str, value: str) -> str | None:
        match attribute:
            case "id":
                fits = value.startswith(IDS)
            case "href":
                fits = value.startswith(f"#{IDS}") or may_link(settings, value)
            case "src":
                fits = value.startswith("https://") and may_link(settings, value)
            case _:
                fits = True
        return value if fits else None

    tags = set(TAGS.split()) | ({"img"} if settings.description_images else set())
    return nh3.clean(
        html,
        tags=tags,
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags or tag == "*"},
        attribute_filter=kept,
        url_schemes={"http", "https"},
        link_rel="nofollow noreferrer ugc",
    )
