"""The mirror: what belongs to a route is found in every place under one name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from pyramid.config import Configurator

from portal.kernel.paths import TEMPLATES
from portal.web.options import PageView
from tests.structure.mirror import broken, class_name, introspected
from tests.structure.sources import ROOT


def test_every_route_is_mirrored(registry: Any) -> None:
    assert broken(registry) == []


def test_every_template_of_a_view_exists(registry: Any) -> None:
    named = {item["name"] for item in introspected(registry, "templates")}

    assert len(named) > 20
    assert sorted(name for name in named if not (TEMPLATES / name).is_file()) == []


def test_the_name_of_a_view_class_follows_from_its_route() -> None:
    assert class_name("tokens.revoke") == "Revoke"
    assert class_name("web.help_two_factor") == "HelpTwoFactor"


class Wrong(PageView):
    """A view whose name is not that of its route."""


@pytest.fixture
def planted(tmp_path: Path) -> tuple[Any, Path]:
    """An application with one page that is mirrored nowhere, one without a view, and a stray entry."""
    config = Configurator()
    config.include("portal.web.routes")
    config.add_renderer(".pt", lambda info: lambda value, system: "")
    config.add_page_route("books.lend", "/books/lend/")
    config.add_page_route("books.return", "/books/return/")
    config.add_route("books.hidden", "/books/hidden/")
    config.add_view(Wrong, route_name="books.lend", renderer="other/lend.pt")
    config.commit()
    shutil.copytree(ROOT / "a11y", tmp_path / "a11y", ignore=shutil.ignore_patterns("node_modules", "gallery"))
    (tmp_path / "a11y" / "pages.toml").write_text('[pages."books.gone"]\npath = "/"\n')
    return config.registry, tmp_path


def test_whatever_is_missing_is_found(planted: tuple[Any, Path]) -> None:
    assert broken(*planted) == [
        "a11y/pages.toml: no route books.gone",
        "books.hidden: not added with add_page_route or add_plain_route",
        "books.hidden: no view",
        f"books.lend: its view is {__name__}:Wrong and not Lend in portal.books",
        "books.lend: no tests/books/test_lend.py",
        "books.lend: its template is other/lend.pt and not books/lend.pt",
        "books.lend: no templates/books/lend.pt",
        "books.lend: no entry in a11y/pages.toml",
        "books.return: no view",
    ]
