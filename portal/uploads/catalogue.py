"""Every refusal of an upload in one list: on the help page, and in docs/upload-errors.md, which
``python -m portal.uploads.catalogue`` writes and ``--check`` compares.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

from portal.kernel.causes import Cause
from portal.kernel.paths import PACKAGE
from portal.kernel.words import TranslationString, _, filled
from portal.tokens import causes
from portal.uploads import errors, flaws

TARGET = PACKAGE.parent / "docs" / "upload-errors.md"
PLACE = re.compile(r"\$\{(\w+)\}")
LEFT_OUT = "…"
HEAD = """\
# Why an upload is refused

Made by `make catalogues` from the product itself. The code stands in the security history and is the anchor on the help
page of an instance, `/help/uploads/#CODE`. A tool shows the reason phrase: the English sentence, and behind it
remedy and help page where they fit into 200 characters. `…` stands for what was sent.
"""
PROJECTS = ("project-", "release-", "new-projects", "no-new-projects", "name-", "unconfirmed-address")


@dataclass(frozen=True)
class Section:
    """Refusals that belong together."""

    title: TranslationString
    causes: list[Cause]


def sections() -> list[Section]:
    """All refusals, by what has to be looked at."""
    told = list(_declared(errors))
    project = [cause for cause in told if cause.code.startswith(PROJECTS)]
    return [
        Section(_("The token is refused"), list(_declared(causes))),
        Section(_("The project is refused"), project),
        Section(_("The request or its form is refused"), [cause for cause in told if cause not in project]),
        Section(_("The file is refused"), list(_declared(flaws))),
    ]


def _declared(module: ModuleType) -> Iterator[Cause]:
    return (value for value in vars(module).values() if isinstance(value, Cause))


def one_each(found: Iterable[Cause]) -> list[Cause]:
    """The first cause of each code: others say the same with more."""
    first: dict[str, Cause] = {}
    for cause in found:
        first.setdefault(cause.code, cause)
    return list(first.values())


def general(sentence: TranslationString) -> TranslationString:
    """The sentence with dots in the place of what was sent."""
    return filled(sentence, dict.fromkeys(PLACE.findall(str(sentence)), LEFT_OUT))


def listing() -> str:
    """The Markdown page."""
    return HEAD + "".join(_table(section) for section in sections())


def _table(section: Section) -> str:
    rows = "".join(_row(cause) for cause in one_each(section.causes))
    return f"\n## {section.title}\n\n| Code | Status | What is said | What helps |\n| --- | --- | --- | --- |\n{rows}"


def _row(cause: Cause) -> str:
    said = [general(sentence).interpolate() for sentence in (cause.sentence, cause.remedy)]
    return f"| `{cause.code}` | {cause.status} | {' | '.join(said)} |\n"


def main(arguments: list[str]) -> int:
    """Write docs/upload-errors.md, or (`--check`) answer 1 where it differs."""
    made = listing()
    if "--check" not in arguments:
        TARGET.write_text(made, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == made:
        return 0
    print("docs/upload-errors.md is not up to date: run `make catalogues`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
