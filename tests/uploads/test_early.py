"""What can be refused before the file comes is refused before it: nothing of it is waited for, received or hashed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import update

from portal.projects.models import ARCHIVED, QUARANTINED, Project
from portal.tokens import service as tokens
from portal.tokens.errors import TokenRefused
from portal.tokens.listing import listed
from portal.uploads import errors, flaws
from portal.uploads.receive import Body
from portal.uploads.service import Sent, take
from tests.tokens.made import basic
from tests.uploads.artefacts import CONTENT_TYPE, Artefact, body, wheel
from tests.uploads.conftest import Uploader, make_uploader, unconfirm

Arrange = Callable[[Uploader], Uploader]


class FileMustNotBeRead(BytesIO):
    """A body that gives out everything up to the file's own bytes, and not one of these."""

    def __init__(self, raw: bytes, content: bytes) -> None:
        super().__init__(raw[: raw.index(content)])

    def read(self, size: int | None = -1, /) -> bytes:
        """A piece of the body."""
        piece = super().read(size)
        assert piece, "the file is read"
        return piece


def sent(uploader: Uploader, artefact: Artefact) -> Any:
    """What the service answers to an upload of whose file it must not read anything."""
    raw = body(artefact)
    stream = FileMustNotBeRead(raw, artefact.content)
    with uploader.instance.work(uploader.actor) as work:
        return take(work, Sent(basic(uploader.token), Body(CONTENT_TYPE, len(raw), stream)))


def as_it_is(uploader: Uploader) -> Uploader:
    return uploader


def with_a_token_for_another_project(uploader: Uploader) -> Uploader:
    assert uploader.send(wheel("quartz")).new
    with uploader.instance.work() as work:
        made = tokens.create(work, uploader.account_id, name="narrow", projects=["quartz"], expires_at=None)
    return Uploader(uploader.instance, uploader.account_id, made.secret)


def as_somebody_else(uploader: Uploader) -> Uploader:
    return make_uploader(uploader.instance, "noor")


def without_an_address(uploader: Uploader) -> Uploader:
    unconfirm(uploader.instance, uploader.account_id)
    return uploader


def with_status(status: str) -> Arrange:
    def arrange(uploader: Uploader) -> Uploader:
        with uploader.instance.work() as work:
            work.db.execute(update(Project).values(status=status))
        return uploader

    return arrange


@pytest.mark.parametrize(
    ("arrange", "artefact", "code"),
    [
        (with_a_token_for_another_project, wheel("demo", "2.0"), "other-project"),
        (as_somebody_else, wheel("demo", "2.0"), "no-role"),
        (without_an_address, wheel("demo", "2.0"), errors.UNCONFIRMED.code),
        (with_status(ARCHIVED), wheel("demo", "2.0"), errors.PROJECT_CLOSED.code),
        (with_status(QUARANTINED), wheel("demo", "2.0"), errors.PROJECT_QUARANTINED.code),
        (as_it_is, wheel("dem0"), errors.NAME_ALIKE.code),
        (as_it_is, wheel("json"), errors.NAME_STANDARD.code),
        (as_it_is, wheel("demo", "2.0").saying(classifiers=["Nonsense"]), flaws.CLASSIFIER.code),
        (as_it_is, wheel("demo", "2.0").called("demo-3.0-py3-none-any.whl"), flaws.FILENAME_DIFFERS.code),
        (as_it_is, wheel("demo", "2.0").saying(sha256_digest="0" * 63), errors.DIGEST_FORM.code),
    ],
    ids=[
        "another project",
        "no role",
        "no address",
        "archived",
        "quarantined",
        "alike",
        "standard library",
        "classifier",
        "file name",
        "digest",
    ],
)
def test_it_is_refused_before_a_byte_of_the_file_is_read(
    uploader: Uploader, arrange: Arrange, artefact: Artefact, code: str
) -> None:
    assert uploader.send(wheel()).new
    sender = arrange(uploader)
    there = uploader.filenames()
    assert sent(sender, artefact).code == code
    assert uploader.filenames() == there
    kind, facts = sender.history()[-1]
    assert (kind, facts["filename"], facts["code"]) == ("upload.refused", artefact.filename, code)


def test_a_file_that_may_come_is_read(uploader: Uploader) -> None:
    with pytest.raises(AssertionError, match="the file is read"):
        sent(uploader, wheel())


def test_a_token_that_was_revoked_is_refused_before_a_byte_of_the_file_is_read(uploader: Uploader) -> None:
    with uploader.instance.work() as work:
        for token in listed(work, uploader.account_id).tokens:
            tokens.revoke(work, uploader.account_id, token.id)
    with pytest.raises(TokenRefused) as caught:
        sent(uploader, wheel())
    assert caught.value.code == "revoked"
