"""Addresses and networks, in full or in part."""

from __future__ import annotations

import pytest

from portal.web.masking import mask_email, mask_network


@pytest.mark.parametrize(
    ("email", "masked"),
    [
        ("ada@example.org", "a…@e….org"),
        ("a@b.c", "a…@b….c"),
        ("ada@mail.example.co.uk", "a…@m….uk"),
        ("ada@localhost", "a…@l…"),
        ("žofie@příklad.cz", "ž…@p….cz"),
    ],
)
def test_of_an_address_only_first_letters_and_the_last_domain_are_shown(email: str, masked: str) -> None:
    assert mask_email(email) == masked


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.0.0/16"),
        ("2001:db8:1:2::3", "2001:db8::/32"),
        ("::1", "::/32"),
        ("::ffff:192.0.2.7", "192.0.0.0/16"),
        ("192.0.2.7:443", "192.0.0.0/16"),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_of_a_network_address_only_the_network_is_shown(address: str, network: str) -> None:
    assert mask_network(address) == network
