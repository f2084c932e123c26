"""Random identifiers."""

from __future__ import annotations

import re

from portal.kernel.ids import HANDLE_LENGTH, digest, new_handle, new_id, new_secret


def test_a_secret_has_256_bits_of_url_safe_text() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", new_secret())


def test_a_handle_has_130_bits_of_lower_case_base32() -> None:
    handles = {new_handle() for _ in range(200)}

    assert all(re.fullmatch(rf"[a-z2-7]{{{HANDLE_LENGTH}}}", handle) for handle in handles)
    assert len(handles) == 200
    # Every place takes many values: none of the 26 characters is wasted.
    assert min(len({handle[place] for handle in handles}) for place in range(HANDLE_LENGTH)) > 20


def test_what_is_stored_in_place_of_a_secret_is_its_sha_256() -> None:
    assert digest("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_no_two_rows_share_an_id() -> None:
    assert new_id() != new_id()
