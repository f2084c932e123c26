"""A Babel extractor for Chameleon templates.

It finds what Chameleon looks up while it renders: marked elements and attributes, and calls in
expressions. What could never be found in a catalogue is refused, with file and line: an element
without a name inside a translated sentence, or a value that is filled in before the look-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from chameleon.namespaces import I18N_NS, TAL_NS
from chameleon.program import ElementProgram
from chameleon.utils import decode_htmlentities
from chameleon.zpt.program import MacroProgram

Found = tuple[int, str | None, Any, list[str]]

SPACE = re.compile(r"\s+")
PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
SEMICOLON = re.compile(r"(?<!;);(?!;)")
# "structure: x", "python: x": what kind of expression follows.
KIND = re.compile(r"^\s*(?:structure|text|python|not|exists)\s*:\s*|^\s*structure\s+")
# "name x", "global name x", "(one, two) x": what an expression is assigned to.
TARGET = re.compile(r"^\s*(?:(?:local|global)\s+)?(?:\([^)]*\)|[\w:.-]+)\s+(?=\S)")
ASSIGNING = frozenset({"define", "repeat", "attributes"})
SEVERAL = frozenset({"define", "attributes"})
CONTEXT_KEYWORD = "_p"


class Untranslatable(ValueError):
    """A template marks something for translation that no catalogue could ever hold."""


def extract_chameleon(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """The messages of one template (Babel's extractor protocol). Raises Untranslatable."""
    source = fileobj.read().decode("utf-8")
    yield from Reader(source, getattr(fileobj, "name", "<template>"), keywords, comment_tags).found


class Reader(ElementProgram):
    """Walks the elements of a template and gathers messages in `found`."""

    DEFAULT_NAMESPACES = MacroProgram.DEFAULT_NAMESPACES

    def __init__(self, source: str, filename: str, keywords: Mapping[str, Any], comment_tags: Collection[str]) -> None:
        self.found: list[Found] = []
        self.filename = filename
        self.keywords = keywords
        self.comment_tags = comment_tags
        self.texts: list[list[str]] = []
        self.contexts: list[str] = [""]
        self.comments: list[str] = [""]
        self.translated = False
        super().__init__(source, filename=filename)

    def visit(self, kind: str, args: tuple[Any, ...]) -> None:
        """Handle one node; processing instructions, declarations and the like hold no messages."""
        handler: Callable[..., None] | None = getattr(self, f"visit_{kind}", None)
        if handler:
            handler(*args)

    def visit_start_tag(self, start: dict[str, Any]) -> None:
        """An element that is never closed."""
        self.visit_element(start, None, [])

    def visit_comment(self, text: Any) -> None:
        """A comment: inside a sentence it would become part of what is looked up, unless Chameleon drops it."""
        if self.translated and not str(text).startswith("<!--!"):
            self.refuse(text, "a comment stands inside a translated sentence")

    def visit_text(self, text: Any) -> None:
        """Text: part of the sentence around it."""
        if self.texts:
            self.texts[-1].append(str(text))
        for offset, source in interpolations(str(text)):
            if self.translated:
                self.refuse(text, f"${{{source}}} inside a translated sentence needs an element with i18n:name")
            self.read_expression(line_of(text) + str(text)[:offset].count("\n"), source)

    def visit_element(self, start: dict[str, Any], _end: Any, children: list[tuple[str, Any]]) -> None:
        """An element with its attributes and what is inside it."""
        marks = {name: value for (space, name), value in start["ns_attrs"].items() if space == I18N_NS}
        self.name_in_sentence(start, marks)
        self.contexts.append(str(marks.get("context", self.contexts[-1])))
        self.comments.append(str(marks.get("comment", self.comments[-1])))
        self.read_attributes(start, marks)
        outer, self.translated = self.translated, "translate" in marks
        self.texts.append([])
        for child in children:
            self.visit(*child)
        self.translated = outer
        sentence = SPACE.sub(" ", "".join(self.texts.pop())).strip()
        if "translate" in marks:
            self.read_sentence(start, str(marks["translate"]).strip() or sentence.replace("$$", "$"))
        self.contexts.pop()
        self.comments.pop()

    def name_in_sentence(self, start: dict[str, Any], marks: dict[str, Any]) -> None:
        """Put the element's name into the sentence it stands in."""
        if self.translated and "name" not in marks:
            self.refuse(start["name"], f"<{start['name']}> inside a translated sentence needs i18n:name")
        if self.texts:
            self.texts[-1].append(f"${{{marks['name']}}}" if "name" in marks else "")

    def read_sentence(self, start: dict[str, Any], sentence: str) -> None:
        """The sentence of an element with i18n:translate, unless it is nothing but a value."""
        if {(TAL_NS, "content"), (TAL_NS, "replace")} & set(start["ns_attrs"]):
            self.refuse(start["name"], "i18n:translate beside a computed text: mark the sentence where it is made")
        if PLACEHOLDER.sub("", sentence).strip():
            self.keep(line_of(start["name"]), sentence)

    def read_attributes(self, start: dict[str, Any], marks: dict[str, Any]) -> None:
        """The marked attributes of an element, and the expressions in all the others."""
        line = line_of(start["name"])
        plain = {str(attribute["name"]): str(attribute["value"]) for attribute in start["attrs"]}
        for spec in str(marks.get("attributes", "")).split(";"):
            for name, *given in filter(None, [spec.split()]):
                text = given[0] if given else plain.get(name, "")
                if next(interpolations(text), None):
                    self.refuse(start["name"], f"the translated attribute {name} holds a value")
                self.keep(line, text)
        for (space, name), value in start["ns_attrs"].items():
            if space == TAL_NS:
                self.read_statement(line_of(value), name, decode_htmlentities(str(value)))
            elif space != I18N_NS:
                for offset, source in interpolations(str(value)):
                    self.read_expression(line_of(value) + str(value)[:offset].count("\n"), source)

    def read_statement(self, line: int, name: str, value: str) -> None:
        """The expressions of a TAL statement."""
        for part in SEMICOLON.split(value) if name in SEVERAL else [value]:
            expression = part.replace(";;", ";")
            self.read_expression(line, TARGET.sub("", expression) if name in ASSIGNING else expression)

    def read_expression(self, line: int, source: str) -> None:
        """The messages that a Python expression marks with a call."""
        source = KIND.sub("", decode_htmlentities(source)).strip()
        try:
            compile(f"({source}\n)", self.filename, "eval")
        except SyntaxError as error:
            if any(f"{keyword}(" in source for keyword in self.keywords):
                raise Untranslatable(f"{self.filename}:{line}: can't read the expression {source!r}") from error
            return
        code = BytesIO(f"({source}\n)".encode())
        # Babel's annotation of what it yields is that of another function.
        calls: Any = extract_python(code, self.keywords, self.comment_tags, {"encoding": "utf-8"})
        for offset, keyword, messages, comments in calls:
            self.found.append((line + offset - 1, keyword, messages, comments))

    def keep(self, line: int, message: str) -> None:
        """Add a message with the context and the comment that hold where it stands."""
        comments = [self.comments[-1]] if self.comments[-1] else []
        if context := self.contexts[-1]:
            self.found.append((line, CONTEXT_KEYWORD, (context, message), comments))
        elif message.strip():
            self.found.append((line, None, message, comments))

    def refuse(self, token: Any, reason: str) -> None:
        """Raise Untranslatable with the place of the token."""
        raise Untranslatable(f"{self.filename}:{line_of(token)}: {reason}")


def interpolations(text: str) -> Iterator[tuple[int, str]]:
    """(offset, source) of every ``${…}`` in a text; braces nest, and ``$$`` is a plain dollar sign."""
    start = 0
    while (start := text.find("${", start)) != -1:
        dollars = len(text[:start]) - len(text[:start].rstrip("$"))
        depth, end = 1, start + 2
        while end < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        if dollars % 2 == 0:
            yield start, text[start + 2 : end - 1]
        start = end


def line_of(token: Any) -> int:
    """The line of a token of Chameleon's; plain text has none and counts as the first."""
    location: tuple[int, int] | None = getattr(token, "location", None)
    return location[0] if location else 1
