"""What the form says about its file."""

from __future__ import annotations

from typing import Any

import pytest

from portal.tokens.errors import ascii_reason
from portal.uploads import errors, flaws
from portal.uploads.declared import Declared, declared, is_complete
from portal.uploads.errors import Cause, Refusal
from portal.uploads.filenames import check_filename
from portal.uploads.receive import Form
from portal.uploads.rules import Rules
from tests.uploads.artefacts import Artefact, sdist, wheel

WHEEL = wheel()
SDIST = sdist()


def read(artefact: Artefact) -> Declared:
    """What these fields declare."""
    fields = {name: value if isinstance(value, list) else [value] for name, value in artefact.fields.items()}
    return declared(Form(fields))


def test_a_wheel_and_an_sdist_are_read() -> None:
    found = read(WHEEL.saying(name="De.Mo", requires_python=">=3.11", summary="UNKNOWN"))
    assert (found.name, found.normalized, str(found.version), found.python_version) == ("De.Mo", "de-mo", "1.0", "py3")
    assert found.requires_python == ">=3.11" or str(found.requires_python) == ">=3.11"
    assert read(SDIST.saying(pyversion=None)).python_version == "source"


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({":action": None}, errors.ACTION),
        ({":action": "delete"}, errors.ACTION),
        ({":action": "submit"}, errors.ACTION_GONE),
        ({":action": "doc_upload"}, errors.ACTION_GONE),
        ({"protocol_version": "2"}, errors.PROTOCOL),
        ({"name": None}, errors.FIELD_MISSING),
        ({"name": "UNKNOWN"}, errors.FIELD_MISSING),
        ({"name": "  "}, errors.FIELD_MISSING),
        ({"name": "-demo"}, errors.NAME),
        ({"name": "démo"}, errors.NAME),
        ({"name": "../demo"}, errors.NAME),
        ({"name": "x" * 101}, errors.NAME),
        ({"name": ["demo", "other"]}, errors.FIELD_TWICE),
        ({"version": None}, errors.FIELD_MISSING),
        ({"version": "not.a.version!"}, errors.VERSION),
        ({"version": "1" * 5000}, errors.VERSION),
        ({"filetype": None}, errors.FIELD_MISSING),
        ({"filetype": "bdist_egg"}, errors.FILETYPE),
        ({"pyversion": None}, errors.PYVERSION),
        ({"pyversion": "a b"}, errors.PYVERSION),
        ({"filetype": "sdist", "pyversion": "py3"}, errors.PYVERSION),
        ({"sha256_digest": None, "blake2_256_digest": None, "md5_digest": None}, errors.NO_DIGEST),
        ({"sha256_digest": "zz" * 32}, errors.DIGEST_FORM),
        ({"md5_digest": "abc"}, errors.DIGEST_FORM),
        ({"requires_python": "three"}, errors.REQUIRES_PYTHON),
        ({"requires_python": ">=3," * 200}, errors.REQUIRES_PYTHON),
        ({"requires_dist": ["attrs", "???"]}, errors.REQUIRES_DIST),
        ({"requires_dist": "a; " + "(" * 1900}, errors.REQUIRES_DIST),
        ({"requires_dist": "a" * 2001}, errors.REQUIRES_DIST),
        ({"metadata_version": "9.9"}, flaws.METADATA_VERSION),
        ({"attestations": '[{"version": 1}]'}, errors.ATTESTATIONS),
    ],
)
def test_what_is_missing_or_wrong_is_told(changes: dict[str, Any], cause: Cause) -> None:
    with pytest.raises(Refusal) as caught:
        read(WHEEL.saying(**changes))
    assert (caught.value.code, caught.value.status) == (cause.code, cause.status)


def test_it_is_known_when_enough_has_come_to_decide() -> None:
    fields = {name: [value] for name, value in WHEEL.fields.items()}
    assert is_complete(Form(fields))
    assert not is_complete(Form({name: value for name, value in fields.items() if "digest" not in name}))
    assert not is_complete(Form({name: value for name, value in fields.items() if name != "name"}))


@pytest.mark.parametrize(
    "filename",
    [
        "demo-1.0-py3-none-any.whl",
        "demo-1.0-1-py3-none-any.whl",
        "demo-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "demo-1.0-py3-none-linux_x86_64.whl",
    ],
)
def test_a_wheel_may_be_called_this(filename: str) -> None:
    check_filename(filename, read(WHEEL), Rules())


@pytest.mark.parametrize(
    ("filename", "cause"),
    [
        ("demo-1.0.tar.gz", flaws.WHEEL_NAME),
        ("demo-1.0-any.whl", flaws.WHEEL_NAME),
        ("demo-one-py3-none-any.whl", flaws.WHEEL_NAME),
        (f"demo-{'1' * 150}-py3-none-any.whl", flaws.FILENAME_DIFFERS),
        ("other-1.0-py3-none-any.whl", flaws.FILENAME_DIFFERS),
        ("demo-2.0-py3-none-any.whl", flaws.FILENAME_DIFFERS),
        ("Demo-1.0-py3-none-any.whl", flaws.FILENAME_DIFFERS),
        ("demo-1.0.0-py3-none-any.whl", flaws.FILENAME_DIFFERS),
        ("demo-01.0-py3-none-any.whl", flaws.FILENAME_DIFFERS),
        ("demo-1.0-PY3-none-any.whl", flaws.FILENAME_DIFFERS),
        ("../demo-1.0-py3-none-any.whl", flaws.FILENAME),
        ("demo-1.0-py3-none-any.whl\n", flaws.FILENAME),
        ("dëmo-1.0-py3-none-any.whl", flaws.FILENAME),
        (".demo-1.0-py3-none-any.whl", flaws.FILENAME),
        (f"demo-1.0-py3-none-{'x' * 200}.whl", flaws.FILENAME),
    ],
)
def test_a_wheel_may_not_be_called_that(filename: str, cause: Cause) -> None:
    with pytest.raises(Refusal) as caught:
        check_filename(filename, read(WHEEL), Rules())
    assert caught.value.code == cause.code


@pytest.mark.parametrize(
    "filename", ["demo-1.0.zip", "Demo-1.0.tar.gz", "demo-1.0.0.tar.gz", "demo-1.0-py3-none-any.whl"]
)
def test_an_sdist_is_called_as_pep_625_says(filename: str) -> None:
    check_filename("demo-1.0.tar.gz", read(SDIST), Rules())
    with pytest.raises(Refusal) as caught:
        check_filename(filename, read(SDIST), Rules())
    assert caught.value.code == flaws.SDIST_NAME.code


def test_the_file_name_spells_the_project_in_its_one_way() -> None:
    check_filename("zope_interface-7.0-py3-none-any.whl", read(wheel("zope.interface", "7.0")), Rules())
    check_filename("zope_interface-7.0.tar.gz", read(sdist("Zope.Interface", "7.0")), Rules())


def test_what_a_stranger_wrote_is_escaped_and_cut_in_the_reason() -> None:
    refusal = Refusal(errors.VERSION, version="1\r\nX-Evil: é\x1b" + "9" * 500)
    assert refusal.reason.isascii()
    assert refusal.reason.isprintable()
    assert len(refusal.reason) <= 200
    assert "\\r\\n" in refusal.reason


def test_every_cause_fits_into_a_reason_phrase_and_has_a_code_of_its_own() -> None:
    causes = [value for module in (errors, flaws) for value in vars(module).values() if isinstance(value, Cause)]
    assert len(causes) > 70
    assert len({cause.code for cause in causes}) == len(causes)
    for cause in causes:
        assert 10 < len(Refusal(cause).reason) <= 200
        assert Refusal(cause).reason.isascii()
        assert Refusal(cause).reason.endswith(ascii_reason(cause.remedy))


def test_a_name_stands_for_a_bounded_number_of_tags() -> None:
    many = ".".join(f"cp{number}" for number in range(11))
    few = ".".join(f"cp{number}" for number in range(10))
    check_filename(f"demo-1.0-{few}-{few}-any.whl", read(WHEEL), Rules())
    with pytest.raises(Refusal) as caught:
        check_filename(f"demo-1.0-{few}-{many}-any.whl", read(WHEEL), Rules())
    assert caught.value.code == flaws.WHEEL_TAGS.code
