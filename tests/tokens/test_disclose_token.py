"""The address for secret scanners."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from portal.kernel.work import Instance
from portal.kernel.written import UnsafeSettings
from portal.notices.reading import newest
from portal.notices.service import send_due
from portal.tokens.leaks.disclosure import Malformed, entries, pinned
from portal.tokens.service import Created
from tests.support.clock import NOON
from tests.support.instances import Bed
from tests.support.site import Site
from tests.tokens.ended import ended_at, history
from tests.tokens.made import appended, issued, minted
from tests.tokens.scanner import PATH, URL, disclose, found, key_file, signature

SURROGATE = b'[{"token": "\\ud800"}]'


@pytest.fixture
def token(instance: Instance) -> Created:
    """A working token of Mira."""
    return issued(instance)


@pytest.fixture
def scanned(bed: Bed, tmp_path: Path) -> Site:
    """An instance that has pinned the scanner's key; the scanner is no browser."""
    site = Site(bed.assemble(disclosure_keys=key_file(tmp_path)))
    del site.extra_environ["HTTP_SEC_FETCH_SITE"]
    return site


def test_a_token_of_ours_is_revoked_and_the_scanner_learns_that_it_was_one(
    scanned: Site, instance: Instance, token: Created
) -> None:
    answer = disclose(scanned, found(token.secret))
    told = {"token_type": "doorward_token", "label": "true_positive"}
    told["token_hash"] = hashlib.sha256(token.secret.encode()).hexdigest()
    assert (answer.status_int, answer.json) == (200, [told])
    assert ended_at(instance, token) == NOON
    assert token.secret not in answer.text


def test_the_owner_is_told_where_it_was_found_and_not_by_whom(
    scanned: Site, instance: Instance, token: Created
) -> None:
    disclose(scanned, found(token.secret))
    entry = history(instance, token)[-1]
    assert (entry.kind, entry.facts["url"], entry.address, entry.browser) == ("token.leaked", URL, "", "Doorward")
    assert token.secret not in json.dumps(entry.facts)
    send_due(instance)
    letters = {letter.subject: letter for letter in newest(instance.settings, 5)}
    letter = letters["API token revoked: somebody found it"]
    assert letter.to == "mira@example.org"
    assert URL in letter.text
    assert token.secret not in letter.text


def test_a_narrowed_copy_revokes_what_it_was_made_from(scanned: Site, instance: Instance, token: Created) -> None:
    answer = disclose(scanned, found(appended(token.secret, b'[1,["demo"]]')))
    assert answer.json[0]["label"] == "true_positive"
    assert ended_at(instance, token) == NOON


def test_what_only_looks_like_one_revokes_nothing(scanned: Site, instance: Instance, token: Created) -> None:
    cut = token.secret[:-8]
    forged = minted()
    same_row = appended(minted(), b"[3]")
    answer = disclose(scanned, found(cut, forged, same_row, "pypi-x", "", str(token.token.id)))
    assert {entry["label"] for entry in answer.json} == {"false_positive"}
    assert len(answer.json) == 6
    assert ended_at(instance, token) is None


def test_somebody_with_the_identifier_and_a_key_of_their_own_ends_nothing(
    scanned: Site, instance: Instance, token: Created
) -> None:
    # The identifier is no secret: only the chain of HMACs counts.
    altered = appended(token.secret, b"[3]")[:-4] + "AAAA"
    assert disclose(scanned, found(altered)).json[0]["label"] == "false_positive"
    assert ended_at(instance, token) is None


def test_the_same_list_again_tells_the_owner_nothing_new(scanned: Site, instance: Instance, token: Created) -> None:
    body = found(token.secret, token.secret)
    assert [entry["label"] for entry in disclose(scanned, body).json] == ["true_positive"] * 2
    assert [entry["label"] for entry in disclose(scanned, body).json] == ["true_positive"] * 2
    assert [entry.kind for entry in history(instance, token)] == ["token.created", "token.leaked"]


LONG = "https://x/" + "a" * 500
USELESS = ["javascript:alert(1)", "http://example.org/", LONG, "https://x/?pypi-AgEI", "https://x y", 7]


@pytest.mark.parametrize("url", USELESS, ids=range(len(USELESS)))
def test_an_address_that_is_of_no_use_is_told_to_nobody(url: Any) -> None:
    assert [one.url for one in entries(found("pypi-x", url=url))] == [""]


def test_without_pinned_keys_there_is_nothing_here(site: Site, instance: Instance, token: Created) -> None:
    assert disclose(site, found(token.secret)).status_int == 404
    assert site.get(PATH, expect_errors=True).status_int == 404
    assert ended_at(instance, token) is None


def test_with_them_it_takes_only_lists(scanned: Site) -> None:
    assert scanned.get(PATH, expect_errors=True).status_int == 405


def test_a_list_that_another_key_or_nobody_has_signed_is_not_read(
    scanned: Site, instance: Instance, token: Created
) -> None:
    body = found(token.secret)
    stranger = ec.derive_private_key(7, ec.SECP256R1())
    wrong = [signature(body, stranger), signature(body + b" "), "", "é", "A" * 300, signature(body)[:-8]]
    answers = [disclose(scanned, body, signed=signed) for signed in wrong]
    answers += [disclose(scanned, body, name=name) for name in ("", "other")]
    answers.append(scanned.post(PATH, body, content_type="application/json", expect_errors=True))
    assert {(answer.status_int, answer.json["code"]) for answer in answers} == {(400, "unsigned")}
    assert ended_at(instance, token) is None


MALFORMED = [b"", b"{}", b"[1]", b"[[]]", b"[" * 100_000, b"1e", b'[{"token": 1}]', SURROGATE, b'[{"type": []}]']


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_signed_body_that_is_no_list_of_tokens_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        entries(body)


def test_the_scanner_learns_that_its_list_can_not_be_read(scanned: Site) -> None:
    answer = disclose(scanned, b"[[]]")
    assert (answer.status_int, answer.json["code"]) == (400, "malformed")


def test_too_many_or_too_large_is_refused_unparsed(scanned: Site, instance: Instance, token: Created) -> None:
    many = found(*[token.secret] * 301)
    large = b"[" + b" " * 256 * 1024 + b"]"
    for body in (many, large):
        answer = disclose(scanned, body)
        assert (answer.status_int, answer.json["code"]) == (413, "too-large")
    assert ended_at(instance, token) is None


def test_addresses_of_files_with_names_of_any_bytes_are_taken(
    scanned: Site, instance: Instance, token: Created
) -> None:
    url = "https://github.com/octocat/x/blob/1/%E4%FF.txt"
    assert disclose(scanned, found(token.secret, url=url)).status_int == 200
    assert history(instance, token)[-1].facts["url"] == url


def test_keys_of_another_kind_are_refused_at_the_start(tmp_path: Path) -> None:
    wrong = [
        key_file(tmp_path, key=ec.derive_private_key(5, ec.SECP384R1()), name="a"),
        str(tmp_path / "missing.json"),
    ]
    for number, text in enumerate(["[]", "{", '{"public_keys": []}', '{"public_keys": [{"key_identifier": "x"}]}']):
        path = tmp_path / f"{number}.json"
        path.write_text(text, encoding="utf-8")
        wrong.append(str(path))
    for path in wrong:
        with pytest.raises(UnsafeSettings):
            pinned(path)
