"""What a private index keeps from everybody but its members."""

from __future__ import annotations

PROGRAMS = [
    "/simple/",
    "/simple/{name}/",
    "/pypi/{name}/json",
    "/pypi/{name}/json/",
    "/pypi/{name}/1.0/json",
    "/pypi/{name}/1.0/json/",
    "/rss/updates.xml",
    "/rss/packages.xml",
    "/rss/project/{name}/releases.xml",
    "/files/{file}",
    "/files/{file}.metadata",
]
PAGES = ["/project/{name}/", "/project/{name}/1.0/", "/user/{user}/", "/search/", "/search/?q={name}"]


def filled(path: str, file: str, name: str = "sample-project", user: str = "uploader") -> str:
    """The address of a page or of something for programs."""
    return path.format(name=name, file=file, user=user)
