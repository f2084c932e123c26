"""The Nu HTML checker finds nothing on any page, nor in the stylesheet."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.a11y.gathered import Shown

pytestmark = pytest.mark.xdist_group("a11y")

ROOT = Path(__file__).resolve().parents[2]
JAR = ROOT / "a11y" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
STYLESHEET = ROOT / "portal" / "web" / "static" / "site.css"
BROKEN = "<!DOCTYPE html><title>x</title><p><div></p><img src=x><b id=a><b id=a><center>"
BROKEN_STYLE = "p { colour: red; margin: 1 }"


def complaints(folder: Path) -> dict[str, list[str]]:
    """What the checker says of every file of a folder, by its name."""
    java = shutil.which("java")
    if java is None or not JAR.is_file():
        pytest.fail("The Nu checker is missing: apt-get install default-jre-headless; npm ci in a11y/", pytrace=False)
    command = [java, "-jar", str(JAR), "--format", "json", "--also-check-css", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found: dict[str, list[str]] = {}
    for message in json.loads(done.stderr)["messages"]:
        name = message.get("url", "").rpartition("/")[2]
        found.setdefault(name, []).append(f"{message['type']}: {message['message']} {message.get('extract', '')[:120]}")
    return found


def test_nothing_is_found_on_any_page_and_a_broken_one_is_found_out(shown: list[Shown], tmp_path: Path) -> None:
    names = {f"{number}.html": page for number, page in enumerate(shown)}
    for name, page in names.items():
        (tmp_path / name).write_text(page.html, encoding="utf-8")
    shutil.copy(STYLESHEET, tmp_path / "site.css")
    (tmp_path / "broken.html").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "broken.css").write_text(BROKEN_STYLE, encoding="utf-8")
    found = complaints(tmp_path)

    assert len(found.pop("broken.html")) >= 3
    assert len(found.pop("broken.css")) >= 2
    assert {names[name].name if name in names else name: said for name, said in found.items()} == {}
