"""What histories say of an upload: with which token it came, and what was tried with one that was refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.kernel.work import Instance
from portal.tokens import service as tokens
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import OneVersion
from portal.tokens.listing import listed
from tests.support.clock import NOON, FixedClock
from tests.support.people import make_person, sign_in
from tests.support.site import Site
from tests.tokens.made import appended
from tests.uploads.artefacts import CONTENT_TYPE, joined, part, wheel
from tests.uploads.conftest import Uploader
from tests.uploads.test_token_limits import limited

HISTORY = "/manage/account/history/"
SECONDS = int(NOON.timestamp())
EXPIRED = f"[0,{SECONDS - 60},0]".encode()
EARLY = f"[0,{SECONDS + 7200},{SECONDS + 3600}]".encode()
ELSEWHERE = b'[100,["198.51.100.0/24"]]'


@pytest.fixture
def sender(site: Site, ready: Instance) -> Uploader:
    """Ada, signed in, with a token for everything."""
    ada = make_person(ready, "ada")
    with ready.work() as work:
        made = tokens.create(work, ada.account_id, name="laptop", projects=None, expires_at=None)
    sign_in(site, ada)
    return Uploader(ready, ada.account_id, made.secret)


def told(site: Site, path: str = HISTORY) -> list[str]:
    """What the history says, newest first."""
    found = site.get(path).html.table.tbody.find_all("tr")
    return [" ".join(row.find_all("td")[0].text.split()) for row in found]


def start(sender: Uploader, name: str) -> str:
    """How the unique id of a token begins."""
    with sender.instance.work() as work:
        [token] = [one for one in listed(work, sender.account_id).tokens if one.name == name]
        return str(token.id)[:8]


def test_histories_say_which_token_uploaded(site: Site, sender: Uploader) -> None:
    assert sender.send(wheel()).new
    file = "File demo-1.0-py3-none-any.whl uploaded to the project demo, version 1.0, with the API token"
    assert told(site)[0] == f"{file} “laptop” ({start(sender, 'laptop')}…)"
    assert told(site, "/manage/project/demo/history/")[0] == f"{file} {start(sender, 'laptop')}…"


def test_owners_read_the_name_of_a_token_that_is_for_chosen_projects(site: Site, sender: Uploader) -> None:
    assert sender.send(wheel()).new
    with sender.instance.work() as work:
        made = tokens.create(work, sender.account_id, name="robot", projects=["demo"], expires_at=None)
    assert replace(sender, token=made.secret).send(wheel("demo", "2.0")).new
    file = "File demo-2.0-py3-none-any.whl uploaded to the project demo, version 2.0, with the API token"
    assert told(site, "/manage/project/demo/history/")[0] == f"{file} “robot” ({start(sender, 'robot')}…)"


@pytest.mark.parametrize(
    ("caveat", "code", "sentence"),
    [
        (EXPIRED, "expired", "Somebody tried to use an expired copy of the API token “laptop”."),
        (EARLY, "not-yet-valid", "Somebody tried to use a copy of the API token “laptop” before the time of the copy."),
        (
            ELSEWHERE,
            "other-network",
            "Somebody tried to use a copy of the API token “laptop” from a network that the copy is not for.",
        ),
        (b"[99]", "unknown-limit", "Somebody tried to use a copy of the API token “laptop” that is good for nothing."),
    ],
)
def test_a_refused_copy_stands_in_the_history_with_its_token_and_the_file(
    site: Site, sender: Uploader, caveat: bytes, code: str, sentence: str
) -> None:
    copy = replace(sender, token=appended(sender.token, caveat))
    for _ in range(3):
        with pytest.raises(TokenRefused, match=code):
            copy.send(wheel())
    rows = [row for row in told(site) if "Somebody tried" in row]
    assert rows == [f"{sentence} It was refused. What was to be uploaded: demo-1.0-py3-none-any.whl."]


def test_what_is_tried_again_an_hour_later_is_told_again(
    site: Site, sender: Uploader, ready: Instance, clock: FixedClock
) -> None:
    copy = replace(sender, token=appended(sender.token, EXPIRED))
    for minutes in (0, 59, 1):
        clock.advance(timedelta(minutes=minutes))
        with pytest.raises(TokenRefused, match="expired"):
            copy.send(wheel())
    assert [kind for kind, _ in sender.history() if kind.startswith("token.tried")] == ["token.tried_expired_copy"] * 2


def test_what_can_not_be_read_is_refused_by_its_token_alone(sender: Uploader) -> None:
    copy = replace(sender, token=appended(sender.token, EXPIRED))
    with pytest.raises(TokenRefused, match="expired"):
        copy.send_body(b"nothing", content_type="text/plain")
    assert sender.history()[-1][1]["upload"] == ""


def test_of_the_token_itself_the_file_is_told_as_well(sender: Uploader, site: Site) -> None:
    revoked = limited(sender)
    with sender.instance.work() as work:
        [token] = [one for one in listed(work, sender.account_id).tokens if one.name == "limited"]
        tokens.revoke(work, sender.account_id, token.id)
    with pytest.raises(TokenRefused, match="revoked"):
        revoked.send(wheel())
    tried = "Somebody tried to use the revoked API token “limited”. It was refused."
    assert told(site)[0] == f"{tried} What was to be uploaded: demo-1.0-py3-none-any.whl."


def test_a_refusal_by_its_project_or_version_names_file_and_token(site: Site, sender: Uploader) -> None:
    refusal = limited(sender, OneVersion.of("2.0")).send(wheel())
    assert refusal.code == "other-version"
    upload = "Upload of “demo-1.0-py3-none-any.whl” with the API token “limited” refused:"
    assert told(site)[0].startswith(upload)


def test_a_refusal_before_any_file_says_so_without_a_name(site: Site, sender: Uploader) -> None:
    assert sender.send_body(joined(part(":action", b"file_upload")), content_type=CONTENT_TYPE).code
    assert told(site)[0].startswith("Upload with the API token “laptop” refused:")
