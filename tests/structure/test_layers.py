"""Who may know whom: the import contracts of setup.cfg, and rules without HTTP."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.structure.sources import ROOT, dotted, modules, tree

PURE = frozenset({"service", "events", "models"})
HTTP = ("pyramid", "webob", "webtest", "waitress", "chameleon", "wtforms", "portal.web")


def check_contracts(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of a tree."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def imports(module: ast.Module) -> Iterator[str]:
    """Every module that a file names in an import, wherever the import stands."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def knows_http(root: Path = ROOT) -> list[str]:
    """Services, events, models and kernel modules that import something of HTTP."""
    found = []
    for path in modules(root):
        name = dotted(path, root)
        if path.stem in PURE or name.startswith("portal.kernel"):
            heard = {known for known in imports(tree(path)) if known.startswith(HTTP)}
            found += [f"{name} imports {known}" for known in sorted(heard)]
    return found


def hidden_imports(root: Path = ROOT) -> list[str]:
    """Imports inside functions: they would dodge the contracts."""
    found = []
    for path in modules(root):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = [part for part in ast.walk(node) if isinstance(part, ast.Import | ast.ImportFrom)]
                found += [f"{dotted(path, root)}:{node.name}" for part in inside if any(_ours(part))]
    return sorted(set(found))


def _ours(node: ast.Import | ast.ImportFrom) -> Iterator[bool]:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return (name.partition(".")[0] == "portal" for name in names)


def test_the_import_contracts_are_kept() -> None:
    done = check_contracts(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr


def test_rules_know_nothing_of_http() -> None:
    assert knows_http() == []


def test_no_import_hides_in_a_function() -> None:
    assert hidden_imports() == []


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A copy of the product in which a service knows the web, and a lower package a higher one."""
    shutil.copytree(ROOT / "portal", tmp_path / "portal", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    with (tmp_path / "portal" / "accounts" / "service.py").open("a") as file:
        file.write("\nimport webob\nfrom portal.signin import service as signin\n")
    with (tmp_path / "portal" / "audit" / "models.py").open("a") as file:
        file.write("\n\ndef later() -> None:\n    from portal.tokens import service\n")
    return tmp_path


def test_each_breach_is_found(planted: Path) -> None:
    done = check_contracts(planted)

    assert done.returncode != 0
    assert "portal.accounts is not allowed to import portal.signin" in done.stdout
    assert "portal.audit is not allowed to import portal.tokens" in done.stdout
    assert "Rules know nothing of HTTP BROKEN" in done.stdout
    assert knows_http(planted) == ["portal.accounts.service imports webob"]
    assert hidden_imports(planted) == ["portal.audit.models:later"]
