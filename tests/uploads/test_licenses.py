"""License files: what the metadata names lies where PEP 639 puts it, in a wheel and in an sdist."""

from __future__ import annotations

import pytest

from portal.uploads import flaws
from tests.uploads.artefacts import Artefact, member, metadata, sdist, wheel
from tests.uploads.conftest import Uploader

NAMES = ("LICENSE", "licenses/others.txt")
LINES = ("License-Expression: MIT", *[f"License-File: {name}" for name in NAMES])
INSIDE = metadata("demo", "1.0", *LINES).replace("Metadata-Version: 2.1", "Metadata-Version: 2.4")
IN_WHEEL = "demo-1.0.dist-info/licenses"
IN_SDIST = "demo-1.0"


def wheel_with(*paths: str) -> Artefact:
    """A wheel whose metadata names both licenses, with these members."""
    return wheel(inside=INSIDE, **dict.fromkeys(paths, "MIT\n"))


def sdist_with(*paths: str) -> Artefact:
    """The same as an sdist."""
    return sdist("demo", "1.0", *[member(path, "MIT\n") for path in paths], inside=INSIDE)


@pytest.mark.parametrize(
    "artefact",
    [
        wheel_with(*[f"{IN_WHEEL}/{name}" for name in NAMES]),
        sdist_with(*[f"{IN_SDIST}/{name}" for name in NAMES]),
    ],
    ids=["wheel", "sdist"],
)
def test_a_file_that_holds_the_licenses_it_names_is_taken(uploader: Uploader, artefact: Artefact) -> None:
    assert uploader.send(artefact).new


@pytest.mark.parametrize(
    ("artefact", "missing"),
    [
        (wheel_with(f"{IN_WHEEL}/LICENSE"), f"{IN_WHEEL}/licenses/others.txt"),
        (wheel_with("demo-1.0.dist-info/LICENSE", f"{IN_WHEEL}/licenses/others.txt"), f"{IN_WHEEL}/LICENSE"),
        (sdist_with(f"{IN_SDIST}/LICENSE"), f"{IN_SDIST}/licenses/others.txt"),
        (sdist_with(f"{IN_SDIST}/src/LICENSE", f"{IN_SDIST}/licenses/others.txt"), f"{IN_SDIST}/LICENSE"),
    ],
    ids=["none in the wheel", "elsewhere in the wheel", "none in the sdist", "elsewhere in the sdist"],
)
def test_one_that_lacks_a_license_it_names_is_refused_and_told_which(
    uploader: Uploader, artefact: Artefact, missing: str
) -> None:
    refusal = uploader.send(artefact)
    assert (refusal.status, refusal.code) == (400, flaws.LICENSE_FILE.code)
    assert f"has no {missing}." in refusal.reason
    assert uploader.stored() == []
