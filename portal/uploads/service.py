"""Taking an upload. What refuses early and cheaply comes first; nothing is hashed, unpacked or written to
the disk inside a transaction; a refused upload keeps nothing but its line in the account's history."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from multipart import MultipartSegment

from portal.accounts.service import require_ready
from portal.kernel.errors import Unavailable
from portal.kernel.work import Work
from portal.projects.names import normalize
from portal.tokens import policy
from portal.tokens.errors import TokenRefused
from portal.tokens.policy import Bearer
from portal.uploads import errors
from portal.uploads.admission import admit, check_room, count_new_project
from portal.uploads.archives import Inside, check_metadata_ratio
from portal.uploads.by_hand import declared_by, local_name
from portal.uploads.declared import WHEEL, Declared, declared, is_complete
from portal.uploads.errors import Refusal, shorten
from portal.uploads.events import UNNAMED, UploadChecked, refused
from portal.uploads.filenames import check_filename
from portal.uploads.front import closed
from portal.uploads.keep import Taken, existing, keep, rehearse
from portal.uploads.metadata import described
from portal.uploads.receive import Body, Form, Parts, Spooled, announced, check_length, receive, receive_file, spool
from portal.uploads.rules import Rules, check_form
from portal.uploads.sdists import read_sdist
from portal.uploads.wheels import read_wheel


@dataclass(frozen=True)
class Sent:
    """One request: its `Authorization` header and its body. `dry`: only check, and store nothing."""

    authorization: str | None
    body: Body
    dry: bool = False


class Waiting(Protocol):
    """A file that is still to be read; `part` is None where nothing was chosen."""

    @property
    def part(self) -> MultipartSegment | None: ...

    @property
    def parts(self) -> Parts: ...


def take(work: Work, sent: Sent) -> Taken | Refusal | TokenRefused:
    """Take an upload, or say why not.

    A refusal of somebody whose token is good is returned, so that its event is kept. Raises Refusal and
    TokenRefused while nobody is known, and Throttled.
    """
    if refusal := closed(work.settings):
        raise refusal
    check_length(work, sent.body.length)
    bearer = _bearer(work, sent)
    work = work.acting_as(replace(work.actor, account_id=bearer.account_id, username=bearer.username))
    return _told(work, bearer, lambda spooled: _attempt(work, bearer, sent, spooled))


def take_by_hand(work: Work, bearer: Bearer, file: Waiting, project: str) -> Taken | Refusal | TokenRefused:
    """Take a file from a page, or say why not, as `take` does. `project`: the one it must be for; "" allows any."""
    work.settle()
    return _told(work, bearer, lambda spooled: _attempt_by_hand(work, bearer, file, spooled, project))


def _told(work: Work, bearer: Bearer, attempt: Callable[[Spooled], Taken]) -> Taken | Refusal | TokenRefused:
    """What an attempt comes to; a refusal is written down."""
    with spool(work) as spooled:
        try:
            return replace(attempt(spooled), token_ends=bearer.ends_soon(work.now))
        except (Refusal, TokenRefused) as refusal:
            work.db.rollback()
            policy.note_use(work, bearer)
            refusal.token_ends = bearer.ends_soon(work.now)
            filename = shorten(spooled.name) or UNNAMED
            token = bearer.label if bearer.token_id else ""
            work.record(refused(bearer.account_id, filename, refusal.code, refusal.sentence, token=token))
            work.settle()
            return refusal


def _bearer(work: Work, sent: Sent) -> Bearer:
    try:
        require_ready(work)
    except Unavailable as error:
        raise Refusal(errors.NOT_READY) from error
    work.settle()
    bearer = policy.authenticate(work, sent.authorization, lambda: announced(work, sent.body))
    work.settle()
    return bearer


def _attempt(work: Work, bearer: Bearer, sent: Sent, spooled: Spooled) -> Taken:
    admitted: list[Declared] = []
    rules = Rules.of(work.settings)

    def before_file(form: Form, filename: str) -> None:
        if is_complete(form):
            early = declared(form)
            check_filename(filename, early, rules)
            check_form(form, rules)
            admit(work, bearer, early, filename)
            admitted.append(early)

    form = receive(work, sent.body, spooled, before_file)
    what = declared(form)
    check_form(form, rules)
    if what not in admitted:
        check_filename(spooled.name, what, rules)
        admit(work, bearer, what, spooled.name)
    _check_digests(spooled, what)
    taken = _finish(work, bearer, spooled, what, rules, dry=sent.dry)
    if sent.dry:
        policy.note_use(work, bearer)
        work.record(UploadChecked(account_id=bearer.account_id, filename=taken.filename, token=bearer.label))
        work.settle()
    return taken


def _attempt_by_hand(work: Work, bearer: Bearer, file: Waiting, spooled: Spooled, project: str) -> Taken:
    if refusal := closed(work.settings):
        raise refusal
    if file.part is None or not file.part.filename:
        raise Refusal(errors.NO_CHOICE)
    receive_file(work, file.part, file.parts, spooled)
    spooled.name = local_name(spooled.name)
    what, rules = declared_by(spooled), Rules.of(work.settings)
    if project and normalize(project) != what.normalized:
        raise Refusal(errors.OTHER_PROJECT, file=what.name, project=project)
    check_filename(spooled.name, what, rules)
    admit(work, bearer, what, spooled.name)
    return _finish(work, bearer, spooled, what, rules)


def _finish(work: Work, bearer: Bearer, spooled: Spooled, what: Declared, rules: Rules, *, dry: bool = False) -> Taken:
    """Everything that needs the file itself, and in the end its place on the index, or only a rehearsal of that."""
    if found := existing(work, spooled, what):
        work.settle()
        # Nothing is used up, and yet the token was used.
        policy.confirm(work.at_present(), bearer)
        policy.note_use(work, bearer)
        work.settle()
        return replace(found, kept=not dry)
    known = check_room(work, what, spooled.size)
    work.settle()
    inside = _inside(spooled, what)
    about = described(inside, what, rules)
    # Shown is the name as the project spells it; a page knows only the file's.
    what = replace(what, name=about.name, version=about.version)
    # The form may have spelled the version in another way.
    check_filename(spooled.name, what, rules)
    if not known:
        count_new_project(work, bearer)
    if dry:
        rehearse(work, bearer, spooled, what=what, about=about, metadata=inside.metadata)
        return Taken(spooled.name, kept=False)
    return keep(work, bearer, spooled, what=what, about=about, metadata=inside.metadata)


def _inside(spooled: Spooled, what: Declared) -> Inside:
    wheel = what.filetype == WHEEL
    inside = read_wheel(spooled.path, spooled.name, what) if wheel else read_sdist(spooled.path, spooled.name)
    check_metadata_ratio(spooled.size, len(inside.metadata))
    return inside


def _check_digests(spooled: Spooled, what: Declared) -> None:
    for name, digest in what.digests.items():
        if not hmac.compare_digest(digest, spooled.digests[name]):
            raise Refusal(errors.DIGEST, field=f"{name}_digest")
