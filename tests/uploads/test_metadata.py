"""The metadata inside a file: valid, readable, and the same as the form's."""

from __future__ import annotations

from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from portal.uploads import errors
from portal.uploads.declared import WHEEL, Declared
from portal.uploads.errors import Refusal
from portal.uploads.metadata import Described, described
from tests.uploads.artefacts import metadata


def read(content: str | bytes, **said: Any) -> Described:
    """What the content describes, where the form says `demo` 1.0 and the rest as given."""
    facts = {"name": "demo", "version": Version("1.0"), "requires_python": None} | said
    form = Declared(filetype=WHEEL, python_version="py3", digests={}, **facts)
    return described(content.encode() if isinstance(content, str) else content, form)


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


def test_license_files_that_setuptools_named_before_their_time_are_taken() -> None:
    inside = metadata("demo", "1.0", "License-File: LICENSE")
    assert read(inside).rest["license_files"] == ["LICENSE"]
    modern = inside.replace("Metadata-Version: 2.1", "Metadata-Version: 2.4").replace("LICENSE", "../LICENSE")
    assert refused(modern).code == errors.METADATA.code


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
    assert refusal.code == errors.METADATA_DIFFERS.code
    assert f" {field} " in refusal.reason


@pytest.mark.parametrize(
    "content",
    [
        "",
        "nothing here",
        metadata().replace("Metadata-Version: 2.1", "Metadata-Version: 9.9"),
        metadata().replace("Metadata-Version: 2.1\n", ""),
        metadata("-demo-"),
        metadata(version="one"),
        metadata(version="1" * 5000),
        metadata("demo", "1.0", "Version: 1.0"),
        metadata("demo", "1.0", "Name: demo"),
        metadata("demo", "1.0", "Requires-Python: three"),
        metadata("demo", "1.0", f"Requires-Python: >={'3' * 600}"),
        metadata("demo", "1.0", "Requires-Dist: ???"),
        metadata("demo", "1.0", "Description: two", body="descriptions"),
        metadata().replace("A demonstration", "x" * 600),
        metadata().replace("text/markdown", "text/html"),
        metadata().replace("text/markdown", "text/plain; x*"),
        metadata().replace("text/markdown", "text/plain; charset*=x"),
    ],
)
def test_metadata_that_is_not_valid_is_refused(content: str) -> None:
    assert refused(content).code == errors.METADATA.code


@pytest.mark.parametrize(
    "content", [metadata().encode("utf-16"), metadata().encode() + b"\xff", metadata(body="a\x00b")]
)
def test_metadata_that_is_no_text_is_refused(content: str | bytes) -> None:
    assert refused(content).code == errors.METADATA_TEXT.code
