"""The files of the repository, as the structure tests read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"


def modules(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file of the product; migrations are records of the past and are left alone."""
    return (path for path in sorted((root / "portal").rglob("*.py")) if "versions" not in path.parts)


def templates(root: Path = ROOT) -> Iterator[Path]:
    """Every template."""
    return iter(sorted((root / "templates").rglob("*.pt")))


def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def dotted(path: Path, root: Path = ROOT) -> str:
    """The name under which a file is imported."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def lines(path: Path) -> int:
    """How many lines a file has."""
    return len(path.read_text(encoding="utf-8").splitlines())
