"""Project names: how they are spelled, when two are the same, and which are nobody's to take."""

from __future__ import annotations

import re
import sys

NAME_LIMIT = 100
VERSION_LIMIT = 100
"""Characters. Python refuses to read numbers of thousands of digits."""
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
SEPARATORS = re.compile(r"[-_.]+")
TAKEN_FOR = str.maketrans({"l": "1", "i": "1", "o": "0"})
KEPT_BACK = frozenset(
    {"requirements-txt", "requirements-in", "constraints-txt", "pyproject-toml", "setup-py", "setup-cfg"}
)
"""What a slip of the hand installs: ``pip install requirements.txt`` for ``pip install -r requirements.txt``."""

GONE_FROM_THE_STANDARD_LIBRARY = """
aifc asynchat asyncore audioop cgi cgitb chunk crypt distutils imghdr imp lib2to3 mailcap msilib nis nntplib
ossaudiodev pipes smtpd sndhdr spwd sunau telnetlib uu xdrlib
"""
NEW_IN_THE_STANDARD_LIBRARY = "annotationlib compression"


def normalize(name: str) -> str:
    """The form in which two spellings of a project name are equal (PEP 503)."""
    return SEPARATORS.sub("-", name).lower()


def valid(name: str) -> bool:
    """Whether this can be the name of a project (core metadata, `Name`), at most `NAME_LIMIT` characters long."""
    return len(name) <= NAME_LIMIT and NAME.fullmatch(name) is not None


def alike(name: str) -> str:
    """The form in which two names are equal that people take for each other: demo_1, Demo.l and demoI (as on PyPI)."""
    return SEPARATORS.sub("", name).lower().translate(TAKEN_FOR)


def kept_back(name: str, more: str = "") -> bool:
    """Whether the name is nobody's to take on this index; `more` are further such names, between spaces."""
    return normalize(name) in {*KEPT_BACK, *(normalize(one) for one in more.split())}


def reserved(name: str) -> bool:
    """Whether the name belongs to a module of Python's standard library, of this version or of another.

    Somebody who installs such a name expects the module; nobody may answer in its place.
    """
    return normalize(name) in RESERVED


OTHER_VERSIONS = f"{GONE_FROM_THE_STANDARD_LIBRARY} {NEW_IN_THE_STANDARD_LIBRARY}".split()
RESERVED = frozenset(normalize(name) for name in (*sys.stdlib_module_names, *OTHER_VERSIONS))
