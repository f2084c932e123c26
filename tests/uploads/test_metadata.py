"""The metadata inside a file: valid, readable, and the same as the form's."""

from __future__ import annotations

from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from portal.uploads import flaws
from portal.uploads.archives import Inside
from portal.uploads.declared import METADATA_VERSIONS, WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.metadata import VALUES_LIMIT, Described, described
from portal.uploads.rules import Rules
from tests.uploads.artefacts import metadata

PRIVATE = Rules()
PUBLIC = Rules(public=True)


def read(
    content: str | bytes, *, files: frozenset[str] = frozenset(), rules: Rules = PRIVATE, **said: Any
) -> Described:
    """What the content describes, where the form says `demo` 1.0 and the rest as given."""
    facts = {"name": "demo", "version": Version("1.0"), "requires_python": None} | said
    form = Declared(filetype=WHEEL, python_version="py3", digests={}, **facts)
    raw = content.encode() if isinstance(content, str) else content
    return described(Inside(raw, files, "demo-1.0"), form, rules)


def refused(content: str | bytes, **said: Any) -> Refusal:
    """The refusal of this content."""
    with pytest.raises(Refusal) as caught:
        read(content, **said)
    return caught.value


def test_what_a_file_says_is_kept() -> None:
    more = ("Project-URL: Home, https://example.org", "Requires-Dist: attrs", "Requires-Dist: six", "Keywords: a,b")
    found = read(metadata("demo", "1.0", *more, body="Größe\n"))
    assert (found.name, str(found.version), found.summary) == ("demo", "1.0", "A demonstration")
    assert (found.description, found.description_content_type) == ("Größe\n", "text/markdown")
    assert found.rest["requires_dist"] == ["attrs", "six"]
    assert found.rest["project_urls"] == {"Home": "https://example.org"}
    assert found.rest["keywords"] == ["a", "b"]
    assert "description" not in found.rest


def test_other_spellings_of_the_same_agree() -> None:
    inside = metadata("De.Mo", "1.0.0", "Requires-Python: >= 3.11, <4")
    found = read(inside, name="de-mo", requires_python=SpecifierSet("<4,>=3.11"))
    assert found.requires_python == ">= 3.11, <4"


def test_licenses_that_tools_named_before_their_time_are_taken() -> None:
    inside = metadata("demo", "1.0", "License-File: LICENSE")
    assert read(metadata("demo", "1.0", "License-Expression: MIT")).rest["license_expression"] == "MIT"
    assert read(inside).rest["license_files"] == ["LICENSE"]
    modern = inside.replace("Version: 2.1", "Version: 2.4").replace("LICENSE", "../LICENSE")
    assert refused(modern).code == flaws.METADATA.code


@pytest.mark.parametrize(
    ("inside", "said", "field"),
    [
        (metadata("other"), {}, "name"),
        (metadata(version="2.0"), {}, "version"),
        (metadata(), {"requires_python": SpecifierSet(">=3.11")}, "requires_python"),
        (
            metadata("demo", "1.0", "Requires-Python: >=3.12"),
            {"requires_python": SpecifierSet(">=3.11")},
            "requires_python",
        ),
    ],
)
def test_a_form_that_says_something_else_is_refused(inside: str, said: dict[str, Any], field: str) -> None:
    refusal = refused(inside, **said)
    assert refusal.code == flaws.METADATA_DIFFERS.code
    assert f" {field} " in refusal.reason


@pytest.mark.parametrize(
    "content",
    [
        metadata("-demo-"),
        metadata(version="one"),
        metadata("demo", "1.0", "Version: 1.0"),
        metadata("demo", "1.0", "Name: demo"),
        metadata("demo", "1.0", "Requires-Python: three"),
        metadata("demo", "1.0", "Requires-Dist: ???"),
        metadata("demo", "1.0", "Description: two", body="descriptions"),
        metadata("demo", "1.0", "Dynamic: Name"),
        metadata("demo", "1.0", "Dynamic: nonsense"),
        metadata().replace("text/markdown", "text/html"),
        metadata().replace("text/markdown", "text/plain; x*"),
        metadata().replace("text/markdown", "text/plain; charset*=x"),
    ],
)
def test_metadata_that_is_not_valid_is_refused(content: str) -> None:
    assert refused(content).code == flaws.METADATA.code


@pytest.mark.parametrize(
    ("content", "field", "limit"),
    [
        (metadata(version="1" * 5000), "version", 100),
        (metadata("demo", "1.0", f"Requires-Python: >={'3' * 600}"), "requires_python", 500),
        (metadata(body="x" * 500_001), "description", 500_000),
    ],
)
def test_metadata_that_is_too_long_is_refused_with_its_field_and_what_may_stand_there(
    content: str, field: str, limit: int
) -> None:
    refusal = refused(content)
    assert refusal.code == flaws.METADATA_LONG.code
    assert f"Field: {field}, of which at most {limit} characters" in refusal.reason


def test_a_description_of_half_a_million_characters_is_taken() -> None:
    assert len(read(metadata(body="x" * 500_000)).description) == 500_000


@pytest.mark.parametrize(
    "content", [metadata().encode("utf-16"), metadata().encode() + b"\xff", metadata(body="a\x00b")]
)
def test_metadata_that_is_no_text_is_refused(content: str | bytes) -> None:
    assert refused(content).code == flaws.METADATA_TEXT.code


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nothing here",
        metadata().replace("Metadata-Version: 2.1", "Metadata-Version: 9.9"),
        metadata().replace("Metadata-Version: 2.1\n", ""),
    ],
)
def test_metadata_of_an_unknown_version_is_refused(content: str) -> None:
    assert refused(content).code == flaws.METADATA_VERSION.code


@pytest.mark.parametrize("version", METADATA_VERSIONS)
def test_every_version_that_the_standard_has_is_known(version: str) -> None:
    assert read(f"Metadata-Version: {version}\nName: demo\nVersion: 1.0\n").name == "demo"


def test_lines_of_one_kind_are_counted() -> None:
    many = [f"Requires-Dist: a{number}" for number in range(VALUES_LIMIT + 1)]
    assert refused(metadata("demo", "1.0", *many)).code == flaws.TOO_MANY_VALUES.code


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (f"Keywords: {'word,' * 2501}", "keywords"),
        (f"Keywords: {'word ' * 2501}", "keywords"),
        (f"Author: {'a' * 10_001}", "author"),
        (f"License: {'a' * 100_001}", "license"),
        (f"Project-URL: Home, https://example.org/{'a' * 10_001}", "project_urls"),
        (f"Requires-Dist: attrs; extra == '{'a' * 10_001}'", "requires_dist"),
    ],
)
def test_fields_have_a_sensible_length(line: str, field: str) -> None:
    long = refused(metadata("demo", "1.0", line))
    assert long.code == flaws.METADATA_LONG.code
    assert f"Field: {field}, of which at most " in long.reason


def test_a_whole_license_in_its_field_is_taken() -> None:
    assert read(metadata("demo", "1.0", f"License: {'a' * 40_000}")).rest["license"] == "a" * 40_000


def test_the_type_of_the_description_is_short() -> None:
    long = metadata().replace("text/markdown", f"text/markdown; a={'a' * 1000}")
    assert refused(long).code == flaws.METADATA_LONG.code


def test_brackets_in_brackets_are_no_dependency() -> None:
    assert refused(metadata("demo", "1.0", f"Requires-Dist: a; {'(' * 5000}")).code == flaws.METADATA.code


def test_the_form_may_name_the_dependencies_in_another_order_and_spelling() -> None:
    inside = metadata("demo", "1.0", 'Requires-Dist: attrs (>=23) ; extra == "x"', "Requires-Dist: Six")
    said = frozenset({Requirement("six"), Requirement("attrs>=23; extra=='x'")})
    assert read(inside, requires_dist=said).rest["requires_dist"]
    refusal = refused(inside, requires_dist=said | {Requirement("more")})
    assert refusal.code == flaws.METADATA_DIFFERS.code
    assert " requires_dist more" in refusal.reason


def test_only_another_kind_of_metadata_version_differs() -> None:
    assert read(metadata(), metadata_version="2.3").name == "demo"
    assert " metadata_version 1.2" in refused(metadata(), metadata_version="1.2").reason


def test_a_license_file_is_in_the_archive() -> None:
    inside = metadata("demo", "1.0", "License-File: LICENSE").replace("Version: 2.1", "Version: 2.4")
    assert read(inside, files=frozenset({"demo-1.0/LICENSE"})).rest["license_files"] == ["LICENSE"]
    assert refused(inside).code == flaws.LICENSE_FILE.code
