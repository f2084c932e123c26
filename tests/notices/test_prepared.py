"""A server compiles its letters when it starts, so that no transaction waits for that."""

from __future__ import annotations

from pathlib import Path

from portal.kernel.paths import TEMPLATES
from portal.kernel.settings import Settings
from portal.notices.render import TemplateRenderer


def test_every_letter_is_compiled_before_the_first_is_written(tmp_path: Path) -> None:
    renderer = TemplateRenderer(Settings(data=tmp_path))
    letters = [f"mail/{path.name}" for path in (TEMPLATES / "mail").glob("*.pt")]
    assert not any(renderer.loader[name]._cooked for name in letters if not name.endswith(("letter.pt", "parts.pt")))
    renderer.prepare()
    assert all(renderer.loader[name]._cooked for name in letters)
