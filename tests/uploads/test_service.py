"""Taking an upload: what a file must be, who may send it, and what is kept."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal.accounts.models import Setup
from portal.kernel.work import Actor, Instance, Work
from portal.projects import service as projects
from portal.projects.models import MAINTAINER, METADATA_SUFFIX, File, Role
from portal.projects.store import FileStore
from portal.tokens import service as tokens
from portal.tokens.errors import TokenRefused
from portal.tokens.listing import listed
from portal.tokens.models import Token
from portal.uploads import errors, flaws, service
from portal.uploads.errors import Refusal
from portal.uploads.receive import Body
from portal.uploads.service import Sent, take
from tests.tokens.made import basic
from tests.uploads.artefacts import CONTENT_TYPE, Artefact, body, metadata, sdist, wheel
from tests.uploads.conftest import Uploader, make_uploader


def add_maintainer(instance: Instance, project: str, account_id: UUID) -> None:
    """Give a role in a project."""
    with instance.work() as work:
        found = projects.find(work, project)
        work.db.add(Role(project_id=found.id, account_id=account_id, role=MAINTAINER, since=work.now))


def test_the_first_upload_makes_the_project_and_its_owner(uploader: Uploader) -> None:
    taken = uploader.send(wheel("Demo", "1.0"))
    assert taken.new
    assert uploader.filenames() == ["demo-1.0-py3-none-any.whl"]
    with uploader.instance.work(write=False) as work:
        project = projects.find(work, "demo")
        assert (project.name, project.normalized) == ("Demo", "demo")
        assert projects.role_of(work, project.id, uploader.account_id) == "owner"
        assert projects.uploadable(work, uploader.account_id) == [project]
    assert [kind for kind, facts in uploader.history()] == ["project.created", "project.owner_added", "file.uploaded"]


def test_what_is_kept_of_a_wheel_is_what_the_wheel_itself_says(uploader: Uploader) -> None:
    inside = metadata(
        "demo", "1.0", "Requires-Python: >=3.11", "Requires-Dist: attrs (>=23)", body="Ein Text – hier.\n"
    )
    artefact = wheel(inside=inside).saying(requires_python=">=3.11", summary="something else", metadata_version="2.5")
    assert uploader.send(artefact).new
    with uploader.instance.work(write=False) as work:
        file = work.db.scalars(select(File)).one()
        release = projects.releases(work, file.project_id)[0]
        assert (release.version, release.summary, release.description) == (
            "1.0",
            "A demonstration",
            "Ein Text – hier.\n",
        )
        assert release.core_metadata["requires_dist"] == ["attrs (>=23)"]
        assert (file.requires_python, file.size) == (">=3.11", len(artefact.content))
        assert file.sha256 == hashlib.sha256(artefact.content).hexdigest()
        assert file.metadata_sha256 == hashlib.sha256(inside.encode()).hexdigest()
        store = work.port(FileStore)
        with store.open(file.path) as held, store.open(file.path + METADATA_SUFFIX) as described:
            assert (held.read(), described.read()) == (artefact.content, inside.encode())


def test_a_wheel_and_an_sdist_make_one_release(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    assert uploader.send(sdist()).new
    with uploader.instance.work(write=False) as work:
        project = projects.find(work, "demo")
        assert len(projects.releases(work, project.id)) == 1
        assert [file.filename for file in projects.files(work, project.id)] == uploader.filenames()


def test_versions_that_are_equal_are_one_release(uploader: Uploader) -> None:
    assert uploader.send(sdist("demo", "1.0")).new
    refusal = uploader.send(sdist("demo", "1.0.0"))
    assert refusal.code == flaws.SECOND_SDIST.code
    assert uploader.filenames() == ["demo-1.0.tar.gz"]


ASKING = metadata("demo", "1.0", "Requires-Python: >=3.11", "Requires-Dist: attrs>=23")


@pytest.mark.parametrize("artefact", [wheel(inside=ASKING), sdist(inside=ASKING)], ids=["wheel", "sdist"])
@pytest.mark.parametrize(
    ("field", "said", "told"),
    [
        ("requires_dist", ["attrs>=23", "other>=1"], "other>=1"),
        ("requires_python", ">=3.12", ">=3.12"),
        ("metadata_version", "1.2", "1.2"),
    ],
)
def test_a_form_that_says_something_else_than_its_file_is_refused_and_told_what(
    uploader: Uploader, artefact: Artefact, field: str, said: Any, told: str
) -> None:
    refusal = uploader.send(artefact.saying(**{field: said}))
    assert refusal.code == flaws.METADATA_DIFFERS.code
    assert f"The form says {field} {told}, but" in refusal.reason
    assert uploader.filenames() == []
    agreeing = {"requires_dist": ["attrs (>=23)"], "requires_python": ">= 3.11", "metadata_version": "2.4"}
    assert uploader.send(artefact.saying(**agreeing)).new


def test_the_same_upload_twice_is_one_file_and_no_error(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    again = uploader.send(wheel())
    assert (again.filename, again.new) == ("demo-1.0-py3-none-any.whl", False)
    assert len(uploader.stored()) == 2
    assert [kind for kind, facts in uploader.history()].count("file.uploaded") == 1


def test_sending_what_lies_there_already_is_a_use_of_the_token_and_uses_nothing_up(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        work.db.execute(update(Token).values(last_used_at=None, last_address="", uploads_left=1))
    uploader.actor = Actor(address="203.0.113.66", browser="another")
    assert not uploader.send(wheel()).new
    with uploader.instance.work(write=False) as work:
        token = work.db.scalars(select(Token)).one()
        assert (token.last_address, token.uploads_left) == ("203.0.113.66", 1)
        assert token.last_used_at == work.now


def test_a_token_that_was_revoked_meanwhile_is_not_told_what_lies_there(
    uploader: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert uploader.send(wheel()).new
    real = service.existing

    def late(work: Work, *given: Any) -> Any:
        work.settle()
        with uploader.instance.work() as other:
            other.db.execute(update(Token).values(revoked_at=other.now))
        return real(work, *given)

    monkeypatch.setattr(service, "existing", late)
    assert uploader.send(wheel()).code == "revoked"


def test_other_content_under_the_same_name_is_refused(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    refusal = uploader.send(wheel(demo__more_py="more = True\n"))
    assert refusal.status == 400
    assert refusal.reason.startswith("File already exists")
    assert len(uploader.stored()) == 2


def test_a_refused_upload_keeps_nothing_but_its_event(uploader: Uploader) -> None:
    refusal = uploader.send(wheel().saying(sha256_digest="0" * 64))
    assert refusal.code == errors.DIGEST.code
    assert (uploader.filenames(), uploader.projects(), uploader.stored()) == ([], [], [])
    [(kind, facts)] = uploader.history()
    assert (kind, facts["filename"], facts["code"]) == ("upload.refused", "demo-1.0-py3-none-any.whl", "digest")
    assert facts["reason"] == str(errors.DIGEST.sentence)


def test_a_stranger_to_the_project_is_refused(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    other = make_uploader(uploader.instance, "noor")
    refusal = other.send(wheel("demo", "2.0"))
    assert isinstance(refusal, TokenRefused)
    assert (refusal.code, refusal.status) == ("no-role", 403)
    assert uploader.filenames() == ["demo-1.0-py3-none-any.whl"]


def test_a_maintainer_may_upload(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    other = make_uploader(uploader.instance, "noor")
    add_maintainer(uploader.instance, "demo", other.account_id)
    assert other.send(wheel("demo", "2.0")).new


def test_a_token_for_another_project_is_refused_before_the_file_is_read(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        narrow = tokens.create(work, uploader.account_id, name="narrow", projects=["demo"], expires_at=None)
    scoped = Uploader(uploader.instance, uploader.account_id, narrow.secret)
    assert scoped.send(wheel("demo", "2.0")).new
    refusal = scoped.send(wheel("other", "1.0").holding(b"no archive at all"))
    assert (refusal.code, refusal.status) == ("other-project", 403)


def test_a_token_that_ended_while_the_file_was_received_is_refused(uploader: Uploader) -> None:
    class Slow(BytesIO):
        """A body during which its owner revokes the token."""

        revoked = False

        def read(self, size: int | None = -1) -> bytes:
            if not self.revoked:
                self.revoked = True
                with uploader.instance.work() as work:
                    token = listed(work, uploader.account_id).tokens[0]
                    tokens.revoke(work, uploader.account_id, token.id)
            return super().read(size)

    raw = body(wheel())
    with uploader.instance.work(uploader.actor) as work:
        refusal = take(work, Sent(basic(uploader.token), Body(CONTENT_TYPE, len(raw), Slow(raw))))
    assert isinstance(refusal, TokenRefused)
    assert refusal.code == "revoked"
    assert uploader.filenames() == []


def test_nobody_uploads_without_a_confirmed_address(ready: Instance) -> None:
    refusal = make_uploader(ready, "mira", confirmed=False).send(wheel())
    assert (refusal.code, refusal.status) == (errors.UNCONFIRMED.code, 403)


def test_nothing_is_taken_before_there_is_an_administrator(uploader: Uploader) -> None:
    with uploader.instance.work() as work:
        setup = work.db.get_one(Setup, 1)
        setup.used_at = None
    with pytest.raises(Refusal) as caught:
        uploader.send(wheel())
    assert caught.value.status == 503


@pytest.mark.parametrize("name", ["json", "Email", "asyncio", "concurrent", "distutils"])
def test_names_of_the_standard_library_are_nobodys(uploader: Uploader, name: str) -> None:
    refusal = uploader.send(wheel(name))
    assert refusal.code == errors.NAME_STANDARD.code
    assert uploader.projects() == []


def test_a_closed_project_takes_nothing(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    with uploader.instance.work() as work:
        projects.find(work, "demo").status = "archived"
    refusal = uploader.send(wheel("demo", "2.0"))
    assert (refusal.code, refusal.status) == (errors.PROJECT_CLOSED.code, 403)


def test_the_file_may_come_before_the_fields(uploader: Uploader) -> None:
    assert uploader.send(wheel(), file_first=True).new
    assert uploader.send(wheel("other").saying(sha256_digest="0" * 64), file_first=True).code == errors.DIGEST.code


@pytest.mark.parametrize("digest", ["sha256_digest", "blake2_256_digest", "md5_digest"])
def test_each_digest_alone_is_enough_and_is_compared(uploader: Uploader, digest: str) -> None:
    names = {"sha256_digest", "blake2_256_digest", "md5_digest"}
    alone = wheel().saying(**dict.fromkeys(names - {digest}))
    wrong = alone.saying(**{digest: alone.fields[digest][::-1]})
    assert uploader.send(wrong).code == errors.DIGEST.code
    assert uploader.send(alone.saying(**{digest: alone.fields[digest].upper()})).new
