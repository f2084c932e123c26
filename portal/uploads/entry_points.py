"""entry_points.txt: the commands and plugins that a wheel brings (entry points specification)."""

from __future__ import annotations

import configparser
import re

from portal.uploads import flaws
from portal.uploads.errors import Refusal

GROUP = re.compile(r"\w+(?:\.\w+)*")
REFERENCE = re.compile(r"[\w.]+(?:\s*:\s*(?P<attribute>[\w.]+))?\s*(?:\[[\w\s,.-]*\])?")
COMMAND = re.compile(r"(?!\.+\Z)[^/\\:\x00-\x1f]+")
"""Installers write a file of this name: it may not lead to another folder."""
SCRIPTS = frozenset({"console_scripts", "gui_scripts"})
SIZE_LIMIT = 64 * 1024
"""Bytes; a longer one is not read."""
LINE_LIMIT = 500
"""Characters. The standard library's parser takes time by the square of a line's length, and holds every thread up."""


class _Parser(configparser.ConfigParser):
    def optionxform(self, optionstr: str) -> str:
        """Names differ in case."""
        return optionstr


def check_entry_points(content: bytes) -> None:
    """Raise Refusal unless every entry point has a name, and a reference that can be imported.

    `content` is at most `SIZE_LIMIT` long: the wheel's reader sees to that.
    """
    if longest := max(content.split(b"\n"), key=len)[LINE_LIMIT:]:
        raise Refusal(flaws.ENTRY_POINTS, line=longest.decode("utf-8", "replace"))
    parser = _Parser(delimiters=("=",), interpolation=None, default_section="\0")
    try:
        parser.read_string(content.decode("utf-8-sig"))
    except (configparser.Error, UnicodeDecodeError) as error:
        raise Refusal(
            flaws.ENTRY_POINTS, line=getattr(error, "option", "") or getattr(error, "section", "–")
        ) from error
    for group in parser.sections():
        if not GROUP.fullmatch(group):
            raise Refusal(flaws.ENTRY_POINTS, line=f"[{group}]")
        for name, value in parser.items(group):
            _check(group, name, value)


def _check(group: str, name: str, value: str | None) -> None:
    found = REFERENCE.fullmatch(value or "")
    if found is None or (group in SCRIPTS and not (found["attribute"] and COMMAND.fullmatch(name))):
        raise Refusal(flaws.ENTRY_POINTS, line=f"{name} = {value}")
