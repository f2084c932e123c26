"""Every view that reaches a sensitive service asks the person to confirm that it is them."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from portal.tokens import service as tokens
from tests.structure.mirror import views

SENSITIVE = {
    "portal.tokens.service.create": "either",
    "portal.uploads.service.take_by_hand": "either",
    "portal.tokens.service.revoke": "either",
    "portal.tokens.service.revoke_many": "either",
    "portal.tokens.narrowing.narrow": "either",
    "portal.tokens.narrowing.rename": "either",
    "portal.tokens.replacing.replace": "either",
    "portal.projects.members.service.change": "either",
    "portal.projects.members.service.remove": "either",
    "portal.projects.members.service.leave": "either",
    "portal.projects.members.invitations.invite": "either",
    "portal.projects.members.invitations.withdraw": "either",
    "portal.projects.members.invitations.accept": "either",
    "portal.projects.members.invitations.decline": "either",
    "portal.tokens.reach.service.cut_off_from": "either",
    "portal.projects.releases.service.yank_release": "either",
    "portal.projects.releases.service.restore_release": "either",
    "portal.projects.releases.service.yank_file": "either",
    "portal.projects.releases.service.restore_file": "either",
    "portal.projects.releases.service.delete_file": "either",
    "portal.projects.releases.service.delete_release": "either",
    "portal.projects.releases.service.delete_project": "either",
    "portal.projects.lifecycle.service.mark": "either",
    "portal.projects.lifecycle.service.quarantine": "both",
    "portal.projects.lifecycle.service.release": "both",
    "portal.accounts.service.request_confirmation": "either",
    "portal.accounts.new_password.change": "both",
    "portal.accounts.addresses.add": "both",
    "portal.accounts.addresses.make_primary": "both",
    "portal.accounts.addresses.remove": "both",
    "portal.desk.closing.service.close": "both",
    "portal.desk.closing.service.keep": "both",
    "portal.desk.recovery.service.start": "both",
    "portal.desk.recovery.service.approve": "both",
    "portal.factors.removal.remove": "both",
    "portal.factors.setup.finish": "both",
    "portal.factors.totp.service.add": "both",
    "portal.factors.totp.service.rename": "both",
    "portal.factors.recovery.service.create": "both",
    "portal.factors.recovery.service.replace": "both",
}
"""What only somebody who has just shown who they are may do, and how much must be shown."""
ENOUGH = {"either": {"either", "both", "by-mode"}, "both": {"both"}}


def reached(view: type, seen: set[str] | None = None) -> Iterator[str]:
    """The dotted names that a view class uses, through helpers of its own package."""
    seen = set() if seen is None else seen
    for base in view.__mro__:
        if base.__module__.startswith("portal.") and base.__module__ != "portal.web.options":
            yield from _names(base, sys.modules[base.__module__], seen, _package(view.__module__))


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


def _names(thing: Any, module: ModuleType, seen: set[str], package: str) -> Iterator[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        value = _resolve(node, module)
        name = f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}"
        if value is None or name in seen or not name.startswith("portal."):
            continue
        seen.add(name)
        yield name
        if inspect.isfunction(value) and name.startswith(f"{package}."):
            yield from _names(value, sys.modules[value.__module__], seen, package)


def _resolve(node: ast.expr, module: ModuleType) -> Any:
    """What a name or `module.name` in the source stands for."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute):
        owner = _resolve(node.value, module)
        return getattr(owner, node.attr, None) if inspect.ismodule(owner) else None
    return None


def unconfirmed(found: dict[str, Any]) -> list[str]:
    """Routes whose view reaches a sensitive service and asks for too little."""
    wrong = []
    for route, view in sorted(found.items()):
        for name in set(reached(view["callable"])) & set(SENSITIVE):
            if view.get("confirm") not in ENOUGH[SENSITIVE[name]]:
                wrong.append(f"{route}: {name} needs confirm={SENSITIVE[name]!r}")
    return wrong


def test_sensitive_services_exist() -> None:
    for name in SENSITIVE:
        module, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function)), name


def test_whoever_reaches_a_sensitive_service_asks_for_a_confirmation(registry: Any) -> None:
    assert unconfirmed(views(registry)) == []


def test_each_sensitive_service_is_seen_where_it_is_used(registry: Any) -> None:
    found = {name for view in views(registry).values() for name in reached(view["callable"])}

    # Else a service that moved out of sight of this test would pass it.
    assert set(SENSITIVE) <= found


class Careless:
    """A view that makes a token and asks for nothing."""

    def submit(self, work: Any) -> None:
        """Straight away."""
        helper(work)


def helper(work: Any) -> None:
    """In a roundabout way."""
    tokens.create(work, *(), **{})


@pytest.mark.parametrize(("confirm", "wrong"), [(None, True), ("none", True), ("either", False), ("both", False)])
def test_a_view_that_asks_for_nothing_is_found(
    confirm: str | None, wrong: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for thing in (Careless, helper):
        monkeypatch.setattr(thing, "__module__", "portal.planted.views")
    monkeypatch.setitem(sys.modules, "portal.planted.views", sys.modules[__name__])
    found = unconfirmed({"planted.careless": {"callable": Careless, "confirm": confirm}})

    assert found == (["planted.careless: portal.tokens.service.create needs confirm='either'"] if wrong else [])
