"""The file WHEEL: of a known format, and for no other systems than the file name says."""

from __future__ import annotations

import pytest

from portal.uploads import flaws
from portal.uploads.errors import Refusal
from portal.uploads.wheel_file import check_wheel_file
from tests.uploads.artefacts import WHEEL_FILE, Artefact, of_wheel, wheel_members, zipped_wheel
from tests.uploads.conftest import Uploader

HEAD = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"


def named(tags: str) -> str:
    """The file name of a wheel with these tags, and a build number where one stands in front of them."""
    return f"demo-1.0-{tags}.whl"


def refused(text: str | bytes, tags: str = "py3-none-any") -> str:
    """The code with which this WHEEL is refused."""
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(Refusal) as caught:
        check_wheel_file(content, named(tags))
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        WHEEL_FILE,
        WHEEL_FILE.replace("\n", "\r\n"),
        WHEEL_FILE + "\n",
        WHEEL_FILE.replace("true", "False").replace("Wheel-Version", "WHEEL-VERSION"),
        WHEEL_FILE.replace("1.0", "1.9") + "Another-Field: ä\n",
    ],
    ids=["plain", "other line ends", "empty line at the end", "other case", "newer"],
)
def test_a_file_of_format_1_is_taken(text: str) -> None:
    check_wheel_file(text.encode(), named("py3-none-any"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Generator: x\n",
        WHEEL_FILE.replace("1.0", "2.0"),
        WHEEL_FILE.replace("1.0", "1"),
        WHEEL_FILE.replace("1.0", "1.0; x"),
        WHEEL_FILE + "Wheel-Version: 1.0\n",
        WHEEL_FILE.replace("Root-Is-Purelib: true\n", ""),
        WHEEL_FILE.replace("true", "yes"),
        WHEEL_FILE + "Root-Is-Purelib: false\n",
        HEAD,
        WHEEL_FILE.replace("Generator: tests", "\nGenerator: tests"),
        WHEEL_FILE.replace("Generator: tests", "Generator: tests\n goes on"),
        WHEEL_FILE.replace("tests", "tests\x0bTag: py3-none-any"),
        WHEEL_FILE.replace("Generator: tests", "Generator"),
        WHEEL_FILE.encode() + b"X: \xff\n",
        "\ufeff" + WHEEL_FILE,
    ],
)
def test_what_readers_could_take_for_another_format_is_refused(text: str | bytes) -> None:
    assert refused(text) == flaws.WHEEL_FORMAT.code


@pytest.mark.parametrize(
    ("said", "tags"),
    [
        (["py2-none-any", "py3-none-any"], "py2.py3-none-any"),
        (["py2.py3-none-any"], "py2.py3-none-any"),
        (["PY3-none-any"], "py3-none-any"),
        (["cp311-cp311-manylinux_2_17_x86_64"], "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64"),
        (["py3-none-any"], "py2.py3-none-any"),
        (["py3-none-any"], "py3-none-manylinux1_x86_64"),
        (["cp311-cp311-linux_x86_64"], "cp311-cp311-manylinux_2_28_x86_64"),
        (["cp311-cp311-linux_aarch64"], "cp311-cp311-musllinux_1_2_aarch64"),
        (["cp311-cp311-linux_x86_64"], "cp311-cp311-linux_x86_64"),
        (["py3-none-any"], "2-py3-none-any"),
    ],
)
def test_tags_that_the_file_name_has_or_narrows_are_taken(said: list[str], tags: str) -> None:
    check_wheel_file((HEAD + "".join(f"Tag: {tag}\n" for tag in said)).encode(), named(tags))


@pytest.mark.parametrize(
    ("said", "tags"),
    [
        ("cp310-cp310-linux_x86_64", "cp311-cp311-linux_x86_64"),
        ("cp311-abi3-any", "cp311-cp311-any"),
        ("py2.py3-none-any", "py3-none-any"),
        ("cp311-cp311-linux_x86_64", "cp311-cp311-manylinux_2_28_aarch64"),
        ("cp311-cp311-linux_x86_64", "cp311-cp311-win_amd64"),
        ("cp311-cp311-win_amd64", "cp311-cp311-macosx_11_0_arm64"),
        ("cp311-cp311-manylinux_2_28_x86_64", "cp311-cp311-musllinux_1_2_x86_64"),
        ("cp311-cp311-win_amd64", "py3-none-any"),
        ("py3-none", "py3-none-any"),
        ("py3-none-any-any", "py3-none-any"),
        ("py3-none-", "py3-none-any"),
        ("", "py3-none-any"),
    ],
)
def test_a_tag_that_the_file_name_does_not_have_is_refused(said: str, tags: str) -> None:
    assert refused(f"{HEAD}Tag: {said}\n", tags) == flaws.WHEEL_TAG.code
    assert refused(f"{HEAD}Tag: {'-'.join(tags.split('-')[-3:])}\nTag: {said}\n", tags) == flaws.WHEEL_TAG.code


def test_the_build_number_is_that_of_the_file_name() -> None:
    check_wheel_file(f"{WHEEL_FILE}Build: 2b\n".encode(), named("2B-py3-none-any"))
    for text, tags in [("Build: 2\n", "py3-none-any"), ("Build: 2\n", "3-py3-none-any")]:
        assert refused(WHEEL_FILE + text, tags) == flaws.WHEEL_BUILD.code
    assert refused(f"{WHEEL_FILE}Build: 2\nBuild: 3\n", "2-py3-none-any") == flaws.WHEEL_FORMAT.code


def test_long_products_of_tags_are_compared_without_being_made() -> None:
    many = ".".join(f"x{number}" for number in range(3000))
    assert refused(f"{HEAD}Tag: {many}-{many}-{many}\n") == flaws.WHEEL_TAG.code


def renamed(name: str) -> Artefact:
    """A wheel for any system that bears another name, as its uploader chose it."""
    return of_wheel(zipped_wheel(wheel_members())).called(name).saying(pyversion="cp311")


def test_a_wheel_that_was_renamed_to_another_interpreter_is_refused_with_both_named(uploader: Uploader) -> None:
    outcome = uploader.send(renamed("demo-1.0-cp311-cp311-win_amd64.whl"))
    assert isinstance(outcome, Refusal)
    assert outcome.sentence.interpolate() == (
        "The file WHEEL says that the wheel is for “py3-none-any”, "
        "but the file name “demo-1.0-cp311-cp311-win_amd64.whl” does not."
    )
    assert uploader.filenames() == []
