"""Where the files that are not Python lie: in a wheel and in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def tree(name: str) -> Path:
    """The absolute folder of ``name``: inside the package in a wheel, beside it in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


TEMPLATES = tree("templates")
LOCALE = tree("locale")
