"""Taking an upload. What refuses early and cheaply comes first; nothing is hashed, unpacked or written to
the disk inside a transaction; a refused upload keeps nothing but its line in the account's history."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace

from portal.accounts.service import confirmed_address, require_ready
from portal.kernel.errors import Unavailable
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.errors import ReservedName
from portal.projects.models import ACTIVE
from portal.tokens import policy
from portal.tokens.errors import TokenRefused, no_role
from portal.tokens.policy import Bearer
from portal.uploads import errors
from portal.uploads.declared import WHEEL, Declared, declared, is_complete
from portal.uploads.errors import Refusal, shorten
from portal.uploads.events import refused
from portal.uploads.filenames import check_filename
from portal.uploads.keep import Taken, existing, keep
from portal.uploads.metadata import described
from portal.uploads.receive import Body, Form, Spooled, check_length, receive, spool
from portal.uploads.sdists import read_sdist
from portal.uploads.wheels import read_wheel

UNNAMED = "–"


@dataclass(frozen=True)
class Sent:
    """One request: its `Authorization` header and its body."""

    authorization: str | None
    body: Body


def take(work: Work, sent: Sent) -> Taken | Refusal | TokenRefused:
    """Take an upload, or say why not.

    A refusal of somebody whose token is good is returned, so that its event is kept. Raises Refusal and
    TokenRefused while nobody is known, and Throttled.
    """
    check_length(work, sent.body.length)
    bearer = _bearer(work, sent.authorization)
    work = work.acting_as(replace(work.actor, account_id=bearer.account_id, username=bearer.username))
    with spool(work) as spooled:
        try:
            return _attempt(work, bearer, sent.body, spooled)
        except (Refusal, TokenRefused) as refusal:
            work.db.rollback()
            filename = shorten(spooled.name) or UNNAMED
            work.record(refused(bearer.account_id, filename, refusal.code, refusal.sentence))
            work.settle()
            return refusal


def _bearer(work: Work, authorization: str | None) -> Bearer:
    try:
        require_ready(work)
    except Unavailable as error:
        raise Refusal(errors.NOT_READY) from error
    work.settle()
    bearer = policy.authenticate(work, authorization)
    work.settle()
    return bearer


def _attempt(work: Work, bearer: Bearer, body: Body, spooled: Spooled) -> Taken:
    admitted: list[Declared] = []

    def before_file(form: Form, filename: str) -> None:
        if is_complete(form):
            early = declared(form)
            check_filename(filename, early)
            _admit(work, bearer, early)
            admitted.append(early)

    what = declared(receive(work, body, spooled, before_file))
    if what not in admitted:
        check_filename(spooled.name, what)
        _admit(work, bearer, what)
    _check_digests(spooled, what)
    if found := existing(work, spooled, what):
        return found
    work.settle()
    metadata = _metadata(spooled, what)
    return keep(work, bearer, spooled, what=what, about=described(metadata, what), metadata=metadata)


def _metadata(spooled: Spooled, what: Declared) -> bytes:
    if what.filetype == WHEEL:
        return read_wheel(spooled.path, spooled.name, what)
    return read_sdist(spooled.path, spooled.name)


def _admit(work: Work, bearer: Bearer, what: Declared) -> None:
    """Raise Refusal or TokenRefused unless this bearer may upload to this project now."""
    project = projects.find_or_none(work, what.name)
    policy.authorize(work, bearer, what.normalized, project_id=project.id if project else None)
    if confirmed_address(work, bearer.account_id) is None:
        raise Refusal(errors.UNCONFIRMED)
    if project is None:
        try:
            projects.check_new_name(what.name)
        except ReservedName as error:
            raise Refusal(errors.NAME_RESERVED, name=what.name) from error
    elif projects.role_of(work, project.id, bearer.account_id) is None:
        raise no_role(project.name)
    elif project.status != ACTIVE:
        raise Refusal(errors.PROJECT_CLOSED, name=project.name, status=project.status)
    work.settle()


def _check_digests(spooled: Spooled, what: Declared) -> None:
    for name, digest in what.digests.items():
        if not hmac.compare_digest(digest, spooled.digests[name]):
            raise Refusal(errors.DIGEST, field=f"{name}_digest")
