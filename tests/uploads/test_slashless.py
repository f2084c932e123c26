"""The upload address without its slash."""

from __future__ import annotations

import pytest

from tests.support.site import Site


@pytest.mark.parametrize("size", [0, 10, 5 * 1024 * 1024])
def test_an_upload_is_sent_on_with_method_and_body(site: Site, size: int) -> None:
    answer = site.post("/legacy", b"x" * size, expect_errors=True)
    assert answer.status_int == 308
    assert answer.headers["Location"] == "http://localhost/legacy/"
    assert "slash" in answer.status
    assert "slash" in answer.text


def test_a_check_that_was_asked_for_does_not_become_an_upload(site: Site) -> None:
    answer = site.post("/legacy?check=1", b"x", expect_errors=True)
    assert answer.headers["Location"] == "http://localhost/legacy/?check=1"


def test_a_reader_is_sent_on_too(site: Site) -> None:
    assert site.get("/legacy").status_int == 308
