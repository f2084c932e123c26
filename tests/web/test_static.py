"""Static files."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.support.people import make_person, sign_in, sign_in_limited
from tests.support.site import Site


def stylesheet(page: object) -> str:
    return str(page.html.find("link", rel="stylesheet")["href"])  # type: ignore[attr-defined]


def test_the_stylesheet_may_be_kept_for_ever_because_its_name_changes_with_it(site: Site) -> None:
    answer = site.get(stylesheet(site.get("/help/")))

    assert answer.content_type == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers


def test_its_address_holds_neither_language_nor_handle(site: Site) -> None:
    site.takes_cookies = False
    handle = sign_in_limited(site, make_person(site.application.instance))

    for path in ("/en-XA/help/", f"/~{handle}/help/", f"/~{handle}/en-XA/help/"):
        assert stylesheet(site.get(path)).startswith("/static/")


@pytest.mark.parametrize("name", ["site.css", "../forms.py", "%2e%2e%2fstatic.py", "site.0000000000.css", "x" * 300])
def test_only_the_present_files_are_found(site: Site, name: str) -> None:
    assert site.get(f"/static/{name}", expect_errors=True).status_int == 404


def test_files_say_what_they_are(site: Site) -> None:
    page = site.get("/help/")
    icon = site.get(page.html.find("link", rel="icon")["href"])

    assert icon.content_type == "image/svg+xml"
    assert icon.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_is_looked_up_for_what_is_the_same_for_everybody(site: Site) -> None:
    sign_in(site, make_person(site.application.instance))
    paths = [stylesheet(site.get("/help/")), "/healthz", "/account/signed-out/clear.css"]
    engine, statements = site.application.instance.database.engine, []

    def watch(*seen: object) -> None:
        statements.append(seen[2])

    event.listen(engine, "before_cursor_execute", watch)
    try:
        for path in paths:
            site.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", watch)
    assert statements == []
