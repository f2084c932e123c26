"""Templates: compiled once, whoever asks first and however many ask at once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from chameleon import PageTemplateFile

from portal.web.renderer import SharedLoader, make_loader
from tests.support.races import at_once

PAGE = '<html metal:use-macro="load: layout.pt"><p metal:fill-slot="content">%s</p></html>'
LAYOUT = '<html><body><p metal:define-slot="content"></p></body></html>'


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each template was compiled."""
    found: Counter[str] = Counter()
    cook = PageTemplateFile.cook

    def note(self: Any, body: str) -> None:
        found[Path(str(self.filename)).name] += 1
        cook(self, body)

    monkeypatch.setattr(PageTemplateFile, "cook", note)
    monkeypatch.setattr(SharedLoader, "known", {})
    return found


def test_a_layout_is_compiled_once_for_all_pages(tmp_path: Path, compiled: Counter[str]) -> None:
    (tmp_path / "layout.pt").write_text(LAYOUT)
    loader = make_loader()
    for name in ("one", "two"):
        (tmp_path / f"{name}.pt").write_text(PAGE % name)
        assert f"<p>{name}</p>" in loader[str(tmp_path / f"{name}.pt")]()

    assert compiled == {"one.pt": 1, "two.pt": 1, "layout.pt": 1}


def test_of_many_who_ask_at_once_one_compiles_and_all_are_answered(tmp_path: Path, compiled: Counter[str]) -> None:
    (tmp_path / "layout.pt").write_text(LAYOUT)
    (tmp_path / "one.pt").write_text(PAGE % "one")
    template = make_loader()[str(tmp_path / "one.pt")]

    assert {"<p>one</p>" in answer for answer in at_once(template)} == {True}
    assert compiled == {"one.pt": 1, "layout.pt": 1}
