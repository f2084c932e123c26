"""Project names: how they are spelled, when two are the same, and which are nobody's to take."""

from __future__ import annotations

import re
import sys

NAME_LIMIT = 100
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
SEPARATORS = re.compile(r"[-_.]+")

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


def reserved(name: str) -> bool:
    """Whether the name belongs to a module of Python's standard library, of this version or of another.

    Somebody who installs such a name expects the module; nobody may answer in its place.
    """
    return normalize(name) in RESERVED


OTHER_VERSIONS = f"{GONE_FROM_THE_STANDARD_LIBRARY} {NEW_IN_THE_STANDARD_LIBRARY}".split()
RESERVED = frozenset(normalize(name) for name in (*sys.stdlib_module_names, *OTHER_VERSIONS))
