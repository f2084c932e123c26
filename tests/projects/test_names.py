"""Project names."""

from __future__ import annotations

import pytest

from portal.projects.names import normalize, reserved, valid


@pytest.mark.parametrize("name", ["zope.interface", "Zope_Interface", "ZOPE-INTERFACE", "zope._-interface"])
def test_spellings_of_one_name_are_equal(name: str) -> None:
    assert normalize(name) == "zope-interface"


@pytest.mark.parametrize("name", ["a", "7", "demo", "De.mo_2-x", "x" * 100])
def test_these_are_names(name: str) -> None:
    assert valid(name)


@pytest.mark.parametrize("name", ["", "-demo", "demo.", "_", "de mo", "démo", "demo\n", "demo/x", "x" * 101, "٣"])
def test_these_are_none(name: str) -> None:
    assert not valid(name)


@pytest.mark.parametrize("name", ["json", "JSON", "importlib", "distutils", "cgi", "compression", "_thread", "xml"])
def test_modules_of_the_standard_library_are_reserved(name: str) -> None:
    assert reserved(name)


@pytest.mark.parametrize("name", ["demo", "json-tools", "requests", "xml2"])
def test_other_names_are_free(name: str) -> None:
    assert not reserved(name)
