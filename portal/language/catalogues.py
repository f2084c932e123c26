"""Write the template of all translations, and bring the catalogues up to it.

`python -m portal.language.catalogues` writes; with `--check` it writes nothing and fails where the
template differs from the sentences in the source. What is written holds neither dates nor line
numbers, so that it changes only with the words.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_python
from babel.messages.pofile import read_po, write_po

from portal.kernel.words import DOMAIN
from portal.language.extract import extract_chameleon

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS: dict[str, Any] = {"_": None, "_p": ((1, "c"), 2), "_n": (1, 2), "plural": (1, 2)}
COMMENT_TAGS = ("Translators:",)
SOURCES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("portal", "**/*.py", extract_python),
    ("templates", "**/*.pt", extract_chameleon),
)
WIDTH = 100
HEADER = """\
# Doorward: the template of all translations. `make catalogues` writes it from the source.
msgid ""
msgstr ""
"Project-Id-Version: Doorward\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def messages(root: Path) -> Iterator[tuple[str, Any, list[str], str | None]]:
    """(file, message, comments, context) of everything marked below `root`. Raises Untranslatable."""
    for folder, pattern, method in SOURCES:
        for path in sorted((root / folder).glob(pattern)):
            name = path.relative_to(root).as_posix()
            with path.open("rb") as source:
                for _line, message, comments, context in extract(method, source, KEYWORDS, COMMENT_TAGS):
                    yield name, message, comments, context


def template(root: Path = ROOT) -> Catalog:
    """A fresh catalogue of every message in the source."""
    catalogue = Catalog(domain=DOMAIN, charset="utf-8", fuzzy=False)
    for name, message, comments, context in messages(root):
        catalogue.add(message, None, [(name, 1)], auto_comments=comments, context=context)
    return catalogue


def written(catalogue: Catalog) -> str:
    """The text of the template file."""
    body = BytesIO()
    write_po(body, catalogue, width=WIDTH, omit_header=True, sort_by_file=True, include_lineno=False)
    return HEADER + body.getvalue().decode("utf-8").lstrip("\n")


def update(po: Path, fresh: Catalog) -> None:
    """Bring one catalogue up to the template: new messages are empty, gone ones are dropped."""
    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parts[-3], domain=DOMAIN)
    # Guessing a translation from a similar message can put it under the wrong context.
    catalogue.update(fresh, no_fuzzy_matching=True, update_header_comment=False)
    with po.open("wb") as target:
        write_po(target, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write, or check; the exit status."""
    fresh = template(root)
    pot = root / "locale" / f"{DOMAIN}.pot"
    text = written(fresh)
    if "--check" in arguments:
        if pot.is_file() and pot.read_text(encoding="utf-8") == text:
            return 0
        print(f"{pot.relative_to(root)} is not what the source says: run `make catalogues`.", file=sys.stderr)
        return 1
    pot.parent.mkdir(exist_ok=True)
    pot.write_text(text, encoding="utf-8")
    for po in sorted(root.glob(f"locale/*/LC_MESSAGES/{DOMAIN}.po")):
        update(po, fresh)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
