"""The best of our languages for an Accept-Language header: the lookup of RFC 4647 §3.4.

Beyond the RFC, a range also stands for what it most likely means (CLDR): `zh-TW` is Chinese in
traditional characters, `pt` is Portuguese as in Brazil.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from babel.core import get_global, parse_locale

MOST_RANGES = 20
SAME = {"no": "nb"}


def best(ranges: Iterable[tuple[str, float]], codes: Iterable[str]) -> str | None:
    """The offered code for weighted language ranges, or None where none of them is met."""
    known = {form: code for code in codes for form in reversed(_forms(code))}
    wanted = [(name, weight) for name, weight in ranges if weight > 0 and name != "*"][:MOST_RANGES]
    for name, _weight in sorted(wanted, key=lambda item: -item[1]):
        for tag in _truncations(name):
            for form in _forms(tag):
                for shorter in _truncations(form):
                    if shorter in known:
                        return known[shorter]
    return None


def _truncations(tag: str) -> Iterator[str]:
    """The tag, then the tag without its last part, and so on; single letters fall with what follows them."""
    parts = tag.lower().split("-")
    while parts:
        yield "-".join(parts)
        parts.pop()
        while parts and len(parts[-1]) == 1:
            parts.pop()


def _forms(tag: str) -> list[str]:
    """The tag itself and its most likely full form, in lower case."""
    language, *rest = tag.lower().split("-")
    plain = "-".join([SAME.get(language, language), *rest])
    return [plain, _likely(plain)]


def _likely(tag: str) -> str:
    try:
        language, territory, script = parse_locale(tag, sep="-")[:3]
    except ValueError:
        return tag
    likely = get_global("likely_subtags")
    for key in ((language, script, territory), (language, territory), (language, script), (language,)):
        if None not in key and (found := likely.get("_".join(map(str, key)))):
            full = found.split("_")
            return "-".join([language, script or full[1], territory or full[2]]).lower()
    return tag
