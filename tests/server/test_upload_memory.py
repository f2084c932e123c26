"""A file of 100 MB goes through the server without staying in its memory."""

from __future__ import annotations

import hashlib
import random
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.kernel.work import Instance
from tests.server.uploading import beside, filenames, make_token, stored, upload, upload_by_hand
from tests.support.people import PASSWORD, make_person
from tests.support.serving import Doorward
from tests.support.visitor import Visitor
from tests.uploads.artefacts import Artefact, form, record, wheel, wheel_members

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

MEGABYTE = 1024 * 1024
ALLOWED_KB = 20 * 1024
Send = Callable[[Artefact, Path | None], tuple[int, str]]


def memory(pid: int, field: str) -> int:
    """One field of a process's memory (VmRSS, or VmHWM: the most it ever was), in kB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise AssertionError(field)


def large_wheel(path: Path, megabytes: int) -> Artefact:
    """A wheel of about this size on the disk; its content is not in the artefact."""
    noise = random.Random(1).randbytes(MEGABYTE)
    members, hashed = wheel_members("large", "1.0"), hashlib.sha256()
    for _number in range(megabytes):
        hashed.update(noise)
    listed = f"large/data,sha256={urlsafe_b64encode(hashed.digest()).decode().rstrip('=')},{megabytes * MEGABYTE}\n"
    folder = "large-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {**members, f"{folder}/RECORD": listed + record(members, folder)}.items():
            archive.writestr(name, content)
        with archive.open("large/data", "w") as member:
            for _number in range(megabytes):
                member.write(noise)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    fields = form("large", "1.0", "bdist_wheel", "py3") | {"sha256_digest": digest}
    return Artefact("large-1.0-py3-none-any.whl", b"", fields)


def by_tool(doorward: Doorward, instance: Instance) -> Send:
    """Uploads as a tool sends them."""
    token = make_token(instance)
    return lambda artefact, path: upload(doorward, token, artefact, path)


def by_hand(doorward: Doorward, instance: Instance) -> Send:
    """Uploads on the page, by somebody who is signed in."""
    make_person(instance)
    visitor = Visitor(doorward)
    visitor.open("/account/login/").submit(username="ada", password=PASSWORD)
    return lambda artefact, path: upload_by_hand(visitor, artefact, path)


@pytest.mark.parametrize("way", [by_tool, by_hand])
def test_a_large_upload_leaves_the_memory_within_20_megabytes(
    doorward: Doorward, tmp_path: Path, way: Callable[[Doorward, Instance], Send]
) -> None:
    pid = doorward.start().process.pid
    instance = beside(doorward)
    send = way(doorward, instance)
    # What is imported and cached at the first upload is not what this test is about.
    first = send(wheel(), None)
    large = large_wheel(tmp_path / "large.whl", 99)
    before = memory(pid, "VmRSS")
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    assert send(large, tmp_path / "large.whl") == first
    assert memory(pid, "VmRSS") - before < ALLOWED_KB
    assert memory(pid, "VmHWM") - before < ALLOWED_KB
    assert filenames(instance) == ["demo-1.0-py3-none-any.whl", "large-1.0-py3-none-any.whl"]
    instance.database.close()


def test_200_megabytes_are_refused_by_their_length_alone_and_nothing_is_kept(doorward: Doorward) -> None:
    doorward.start()
    head = f"POST /legacy/ HTTP/1.1\r\nHost: localhost:{doorward.port}\r\nContent-Length: {200 * MEGABYTE}\r\n"
    # Not one byte of the body is sent: the answer can't come from anything but the length.
    said = doorward.say(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode())
    first, _, rest = said.partition(b"\r\n")
    assert first.startswith(b"HTTP/1.1 413 The upload is larger than this index takes: at most 100 megabytes a file.")
    assert b"100 megabytes" in rest
    assert stored(doorward.data) == []
