"""What a built wheel and a source distribution hold, and that the wheel runs far from any checkout."""

import http.client
import os
import re
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from portal.kernel.build import PSEUDO_LOCALE

from .conftest import run

# one worker builds for all of them; the server is asked over the loopback interface
pytestmark = [
    pytest.mark.xdist_group("packaging"),
    pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"]),
]


def below(folder: Path, *patterns: str) -> set[str]:
    """The files below a folder that match, as paths inside it."""
    found = (path for pattern in patterns for path in folder.glob(pattern))
    return {path.relative_to(folder).as_posix() for path in found if path.is_file()}


def contents(wheel: Path) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_template(wheel: Path, source: Path) -> None:
    templates = below(source, "templates/**/*.pt")
    assert templates
    assert {f"portal/{name}" for name in templates} <= contents(wheel)


def test_the_wheel_holds_every_catalogue_compiled_and_the_pseudo_locale(wheel: Path, source: Path) -> None:
    compiled = {f"portal/{Path(name).with_suffix('.mo').as_posix()}" for name in below(source, "locale/**/*.po")}
    pseudo = f"portal/locale/{PSEUDO_LOCALE}/LC_MESSAGES/portal.mo"
    assert compiled | {pseudo} <= contents(wheel)


def test_the_wheel_holds_everything_that_lies_in_the_package(wheel: Path, source: Path) -> None:
    kept = below(source, "portal/**/*")
    assert any(name.startswith("portal/app/migrations/versions/") for name in kept)
    assert any("/static/" in name for name in kept)
    assert kept <= contents(wheel)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    strangers = {name for name in contents(wheel) if not re.match(r"portal/|doorward-[^/]+\.dist-info/", name)}
    leftovers = {name for name in contents(wheel) if re.search(r"__pycache__|\.py[co]$|\.po$|\.pot$", name)}
    assert not strangers | leftovers


def test_the_source_distribution_holds_what_a_wheel_is_made_from(sdist: Path, source: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert below(source, "portal/**/*", "templates/**/*", "locale/**/*.po", "locale/*.pot") <= names
    assert {"LICENSE", "pyproject.toml"} <= names


def test_the_locked_versions_satisfy_what_the_wheel_declares(installed: Path, tmp_path: Path) -> None:
    assert "No broken requirements found." in run(installed / "pip", "check", cwd=tmp_path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port(installed: Path, tmp_path: Path) -> Iterator[int]:
    """The port of a server started from the wheel, in a folder that knows nothing of the checkout."""
    chosen = free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "DOORWARD_"))}
    command = [installed / "doorward", "serve", "--data", "data", "--port", str(chosen)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=env | {"PYTHONUNBUFFERED": "1"}, **pipes) as server:
        said = []
        for line in server.stdout:
            said.append(line)
            if f":{chosen}" in line:
                break
        try:
            assert said, "the server said nothing"
            assert f":{chosen}" in said[-1], "".join(said)
            yield chosen
        finally:
            server.terminate()


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_wheel_serves_pages_in_its_languages_from_another_folder(port: int, tmp_path: Path) -> None:
    status, english = get(port, "/")
    assert status == 200
    assert re.search(r'<html[^>]* lang="en"', english)
    status, pseudo = get(port, "/en-XA/")
    assert status == 200
    assert re.search(r'<html[^>]* lang="en-XA"', pseudo)
    title = re.compile(r"<title>(.*?)</title>", re.DOTALL)
    assert title.search(english)[1] != title.search(pseudo)[1]
    assert (tmp_path / "data").is_dir()
