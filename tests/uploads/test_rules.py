"""What this index asks of a package beyond the standard's form, and what only a public index asks."""

from __future__ import annotations

import pytest
from packaging.version import Version

from portal.uploads import errors, flaws
from portal.uploads.archives import Inside
from portal.uploads.declared import WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.filenames import check_filename
from portal.uploads.metadata import described
from portal.uploads.receive import Form
from portal.uploads.rules import Rules, check_form
from tests.uploads.artefacts import metadata

PRIVATE, PUBLIC = Rules(), Rules(public=True)


def outcome(
    *lines: str, rules: Rules = PRIVATE, version: str = "1.0", newer: bool = False, summary: str = "A demonstration"
) -> str:
    """The reason with which a file with these further lines of metadata is refused; empty where it is taken."""
    content = metadata("demo", version, *lines).replace("A demonstration", summary)
    content = content.replace("Version: 2.1", "Version: 2.4") if newer else content
    declared = Declared("demo", Version(version), WHEEL, "py3", {}, None)
    try:
        described(Inside(content.encode(), frozenset(), ""), declared, rules)
    except Refusal as refusal:
        return f"{refusal.code}: {refusal.reason}"
    return ""


@pytest.mark.parametrize(("length", "code"), [(512, ""), (513, "summary")])
def test_a_summary_has_512_characters_at_most(length: int, code: str) -> None:
    assert outcome(summary="x" * length).partition(":")[0] == code


def test_classifiers_are_those_of_pypi() -> None:
    assert outcome("Classifier: Programming Language :: Python :: 3") == ""
    assert outcome("Classifier: Programming Language :: Nonsense").startswith("classifier: ")


def test_a_classifier_out_of_use_names_its_successor() -> None:
    told = outcome("Classifier: Natural Language :: Ukranian")
    assert told.startswith("classifier-old: ")
    assert "Natural Language :: Ukrainian" in told


def test_a_private_classifier_is_for_a_private_index() -> None:
    line = "Classifier: Private :: Do Not Upload"
    assert outcome(line) == ""
    assert outcome(line, rules=PUBLIC).startswith("classifier-private: ")


@pytest.mark.parametrize(
    "line",
    [
        "Home-page: https://example.org/",
        "Home-page: UNKNOWN",
        "Project-URL: Home, http://example.org:8080/a?b#c",
        "Author-email: mira@example.org",
        "Author-email: Mira <mira@example.org>, noor@example.org",
        'Maintainer-email: "Lin, Noor" <noor@example.org>',
        "Author-email: Zoë <zoë@example.org>",
    ],
)
def test_addresses_are_taken(line: str) -> None:
    assert outcome(line) == ""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Home-page: javascript:alert(1)", "url"),
        ("Home-page: example.org", "url"),
        ("Download-URL: ftp://example.org/x", "url"),
        ("Project-URL: Home, data:text/html,x", "url"),
        ("Project-URL: Home, https://", "url"),
        ("Project-URL: Home, https://[", "url"),
        ("Project-URL: Home, https://exa mple.org", "url"),
        (f"Project-URL: {'x' * 33}, https://example.org", "url-label"),
        ("Project-URL: , https://example.org", "url-label"),
        ("Author-email: nobody", "email"),
        ("Author-email: Mira <mira@example.org", "email"),
        ("Maintainer-email: a@b@c", "email"),
        ("Author-email: Mira <mira@example.org> more", "email"),
    ],
)
def test_addresses_that_are_none_are_refused(line: str, code: str) -> None:
    assert outcome(line).startswith(f"{code}: ")


def test_a_license_is_named_in_one_way() -> None:
    assert outcome("License-Expression: MIT", newer=True) == ""
    assert outcome("License: MIT", "License-Expression: MIT", newer=True).startswith("license-twice: ")
    assert "license-expression" in outcome("License-Expression: Nonsense", newer=True)


def test_a_dependency_named_by_address_is_for_a_private_index() -> None:
    line = "Requires-Dist: other @ https://example.org/other-1.0-py3-none-any.whl"
    assert outcome(line) == ""
    assert outcome(line, rules=PUBLIC).startswith("direct-url: ")


def test_a_local_version_is_for_a_private_index() -> None:
    assert outcome(version="1.0+cpu") == ""
    assert outcome(version="1.0+cpu", rules=PUBLIC).startswith("local-version: ")
    declared = Declared("demo", Version("1.0+cpu"), WHEEL, "py3", {}, None)
    check_filename("demo-1.0+cpu-py3-none-any.whl", declared, PRIVATE)
    with pytest.raises(Refusal) as caught:
        check_filename("demo-1.0+cpu-py3-none-any.whl", declared, PUBLIC)
    assert caught.value.code == errors.LOCAL_VERSION.code


def platform(name: str, rules: Rules = PRIVATE) -> str:
    """The code with which a wheel for this platform is refused."""
    try:
        check_filename(
            f"demo-1.0-cp311-cp311-{name}.whl", Declared("demo", Version("1.0"), WHEEL, "py3", {}, None), rules
        )
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(
    "name",
    [
        "any",
        "win32",
        "win_amd64",
        "manylinux1_x86_64",
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "musllinux_1_2_aarch64",
        "macosx_10_9_universal2",
        "macosx_26_0_arm64",
        "linux_armv7l",
        "ios_13_0_arm64_iphonesimulator",
        "android_21_arm64_v8a",
        "pyodide_2024_0_wasm32",
        "pyemscripten_2025_0_wasm32",
    ],
)
def test_platforms_of_installers_are_known(name: str) -> None:
    assert platform(name, PUBLIC) == ""


@pytest.mark.parametrize("name", ["windows", "any.nonsense", "manylinux_x86_64", "ma_x86_64"])
def test_other_platforms_are_refused(name: str) -> None:
    assert platform(name) == flaws.PLATFORM.code


def test_wheels_for_some_linux_are_for_a_private_index() -> None:
    assert platform("linux_x86_64") == ""
    assert platform("linux_x86_64", PUBLIC) == flaws.PLAIN_LINUX.code


def test_what_the_form_shows_already_is_refused_before_the_file_comes() -> None:
    with pytest.raises(Refusal) as caught:
        check_form(Form({"classifiers": ["Nonsense"]}), PRIVATE)
    assert caught.value.code == flaws.CLASSIFIER.code
    with pytest.raises(Refusal) as caught:
        check_form(Form({"summary": ["x" * 513]}), PRIVATE)
    assert caught.value.code == flaws.SUMMARY.code
