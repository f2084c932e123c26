"""Small modules, functions, templates and test files: the tail is what hurts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.sources import ROOT, lines, modules, templates, tree

MODULE, FUNCTION, TEMPLATE, TEST_FILE = 250, 40, 120, 400
LONG, SHARE_OF_LONG = 25, 0.05
HOOK = 100
"""Lines that override a library's own code: few enough to be read whole whenever the library changes."""

EXCEPTIONS: dict[str, str] = {}
"""Path, or path:function, and the reason why it may be longer."""


def files_of_tests(root: Path = ROOT) -> Iterator[Path]:
    """Every Python file of the tests."""
    found = (path for folder in ("tests", "a11y") for path in sorted((root / folder).rglob("*.py")))
    return (path for path in found if "node_modules" not in path.parts)


def too_long(paths: Iterator[Path], limit: int, root: Path = ROOT) -> list[str]:
    """The files above the limit, with their length."""
    found = ((path.relative_to(root).as_posix(), lines(path)) for path in paths)
    return [f"{name}: {length} lines" for name, length in found if length > limit and name not in EXCEPTIONS]


def functions(root: Path = ROOT) -> Iterator[tuple[str, int]]:
    """(path:name, lines) of every function; a docstring does not count."""
    for path in modules(root):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                head = node.body[0].lineno - node.lineno
                body = (node.end_lineno or node.lineno) - first.lineno + 1
                yield f"{path.relative_to(root).as_posix()}:{node.name}", head + body


def long_functions(limit: int, root: Path = ROOT) -> list[str]:
    """The functions above the limit, with their length."""
    return [f"{name}: {length} lines" for name, length in functions(root) if length > limit and name not in EXCEPTIONS]


def test_modules_are_small() -> None:
    assert too_long(modules(), MODULE) == []


def test_templates_are_small() -> None:
    assert too_long(templates(), TEMPLATE) == []


def test_test_files_are_small() -> None:
    assert too_long(files_of_tests(), TEST_FILE) == []


def test_functions_are_small() -> None:
    assert long_functions(FUNCTION) == []


def test_hardly_any_function_is_longer_than_a_screen_takes_in_at_once() -> None:
    long, every = long_functions(LONG), list(functions())

    assert len(long) / len(every) <= SHARE_OF_LONG, "\n".join(long)


def test_exceptions_exist_and_have_a_reason() -> None:
    known = {path.relative_to(ROOT).as_posix() for path in [*modules(), *templates(), *files_of_tests()]}
    known |= {name for name, _length in functions()}

    assert [name for name, reason in EXCEPTIONS.items() if name not in known or not reason] == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A tree in which everything is one line too long."""
    (tmp_path / "portal").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "tests").mkdir()
    body = "    x = 1\n" * FUNCTION
    (tmp_path / "portal" / "long.py").write_text(f"def long():\n{body}" + "\n" * (MODULE - FUNCTION))
    (tmp_path / "templates" / "long.pt").write_text("\n" * (TEMPLATE + 1))
    (tmp_path / "tests" / "test_long.py").write_text("\n" * (TEST_FILE + 1))
    return tmp_path


def test_one_line_too_many_is_found(planted: Path) -> None:
    assert too_long(modules(planted), MODULE, planted) == ["portal/long.py: 251 lines"]
    assert too_long(templates(planted), TEMPLATE, planted) == ["templates/long.pt: 121 lines"]
    assert too_long(files_of_tests(planted), TEST_FILE, planted) == ["tests/test_long.py: 401 lines"]
    assert long_functions(FUNCTION, planted) == ["portal/long.py:long: 41 lines"]


def test_the_hook_into_the_parser_of_the_server_stays_small() -> None:
    assert lines(ROOT / "portal" / "app" / "front.py") <= HOOK
