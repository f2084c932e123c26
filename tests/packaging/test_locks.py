"""The lock files: complete, hashed, and in step with what the package declares."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?P<rest>(?:.*\\\n)(?: +--hash=sha256:[0-9a-f]{64}.*\n)+)", re.M
)


def locked(name: str) -> dict[str, set[str]]:
    """The hashes of every version pinned in a lock file, by `name==version`."""
    text = (ROOT / name).read_text()
    pins = {
        f"{found['name']}=={found['version']}": set(re.findall(r"sha256:\w+", found["rest"]))
        for found in ENTRY.finditer(text)
    }
    assert len(pins) == len(re.findall(r"^[^\s#]", text, re.M)), f"a line of {name} is no pinned version with hashes"
    return pins


def satisfied(requirement: str, pins: dict[str, set[str]]) -> bool:
    wanted = Requirement(requirement)
    versions = [pin.partition("==")[2] for pin in pins if pin.partition("==")[0] == canonicalize_name(wanted.name)]
    return bool(versions) and all(wanted.specifier.contains(Version(version)) for version in versions)


def declared() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_declared_dependency_is_locked_at_a_version_it_allows() -> None:
    pins = locked("requirements.lock")
    project = declared()
    wanted = project["project"]["dependencies"] + project["build-system"]["requires"]
    assert [requirement for requirement in wanted if not satisfied(requirement, pins)] == []


def test_every_declared_test_dependency_is_locked_at_a_version_it_allows() -> None:
    pins = locked("requirements-test.lock")
    assert [wanted for wanted in declared()["dependency-groups"]["test"] if not satisfied(wanted, pins)] == []


def test_tests_run_against_the_very_versions_that_are_installed_for_use() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-test.lock").items()
