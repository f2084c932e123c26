"""Who asks, where a token says so: uploads, and downloads from a private index. It never signs in to the web."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from packaging.utils import canonicalize_version

from portal.factors import service as factors
from portal.kernel.vault import Unsealable
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.signin import service as signin
from portal.signin.models import Session
from portal.throttle.service import Bucket, Kind, network_of, reserve
from portal.tokens import errors, known, proofs, using
from portal.tokens.errors import TokenRefused
from portal.tokens.header import password_of, token_of
from portal.tokens.limits import FOR_UPLOADS, Limits, NewProject, NewReleases, Target, Use, read
from portal.tokens.macaroon import Sent, Unreadable
from portal.tokens.macaroon import read as read_token
from portal.tokens.models import DOWNLOAD, UPLOAD, May, Token
from portal.tokens.proofs import Proof
from portal.tokens.reach import service as reach
from portal.tokens.tries import service as tries

BY_PAIR = "–"
"""What stands in the history in the place of a token's name."""
NEAR = timedelta(days=30)


@dataclass(frozen=True)
class Bearer:
    """Whoever sent a good token. `username` is the owner's.

    `limits` are all that the token itself holds, those added by whoever narrowed a copy as well, and those on its
    row when it was read. `token_id` is None for somebody who sent a password, where the policy allows that, or a form;
    then it rests on `proof`.
    """

    token_id: UUID | None
    account_id: UUID
    username: str
    label: str
    limits: Limits
    proof: Proof | None = None

    def ends_soon(self, now: datetime) -> datetime | None:
        """When the token ends, if that is within 30 days."""
        at = self.limits.expires_at
        return at if at is not None and at <= now + NEAR else None


def authenticate(work: Work, header: str | None, about: tries.About = tries.nothing) -> Bearer:
    """The bearer of the token in an `Authorization` header (RFC 7617; or the schemes "bearer" and "token").

    Checks everything that can be checked without knowing what is uploaded; `about` says that for the history, where
    the owner is told of a refusal. Enters and leaves with no transaction
    open. Raises TokenRefused, and Throttled where a network has sent too many tokens that were none; a good token
    is never throttled.
    """
    if work.settings.upload_policy == "password-or-token" and (pair := password_of(header)):
        return _with_password(work, *pair)
    _, bearer = _with_token(work, header, UPLOAD, about)
    _check_factor(work, bearer.account_id)
    return bearer


def admit_reader(work: Work, header: str | None) -> Bearer:
    """The bearer of a token that may download, on an instance that only members read.

    The use is written down where that is due; else nothing is locked, so that no download waits for a writer.
    Enters and leaves with no transaction open. Raises TokenRefused and Throttled as `authenticate` does.
    """
    token, bearer = _with_token(work, header, DOWNLOAD, tries.nothing)
    # Somebody narrowed it for uploads: what it may read then can't be told, so it reads nothing.
    if any(bearer.limits.get(kind) is not None for kind in FOR_UPLOADS):
        raise errors.narrowed_reader()
    if work.settings.two_factor == "required" and not factors.has_factor(work, bearer.account_id):
        raise errors.no_second_factor()
    due = using.is_due(work, token)
    work.settle()
    if due:
        with work.apart() as writing:
            note_use(writing, bearer)
    return bearer


def _with_token(work: Work, header: str | None, purpose: May, about: tries.About) -> tuple[Token, Bearer]:
    try:
        sent = read_token(token_of(header))
    except Unreadable as unreadable:
        raise _turned_away(work, unreadable.location) from unreadable
    found = known.with_owner(work, sent.token_id)
    work.settle()
    if found is None or not _is_signed(work, sent, found.token):
        raise _turned_away(work, sent.location)
    token = found.token
    if found.closed:
        raise errors.account_closed()
    bearer = Bearer(token.id, token.account_id, found.username, token.name, read(sent.caveats).also(token.limits.held))
    tries.check_standing(work, token, bearer.limits, _use(work, bearer), about)
    if token.may != purpose:
        raise errors.other_purpose(purpose)
    return token, bearer


def signed_in(work: Work, session: Session, username: str) -> Bearer:
    """Somebody who is signed in on the web and sends a file from there. Raises TokenRefused."""
    _check_factor(work, session.account_id)
    return Bearer(None, session.account_id, username, BY_PAIR, Limits(), session)


def authorize(work: Work, bearer: Bearer, project: str, *, project_id: UUID | None = None, version: str = "") -> None:
    """Raise TokenRefused unless all limits of the token allow this project (normalized name) and version.

    `project_id` is the id of the project, None where it is yet to be created. Whether the owner has
    a role in it is for the caller to ask. Uses nothing up.
    """
    limits = bearer.limits
    if bearer.token_id is not None and limits.get(NewProject) is not None:
        # Another upload may have created the project since: whoever sees it there sees this token tied to it, too.
        limits = _with_row(limits, using.current(work, bearer.token_id))
    limits.check(_use(work, bearer, _target(work, limits, project, project_id, version)))
    if bearer.token_id is not None:
        reach.check(work, bearer.token_id, project, project_id)


def confirm(work: Work, bearer: Bearer) -> Token | None:
    """The token as it is now, which nobody ends or changes before you commit; None where none was sent.

    Raises TokenRefused if it ended while the upload was received; where none was sent, the same for a password, and
    NoSession or NotFound for a session. Call it first in the writing transaction: it holds the token's row against
    every other upload with the same token, so that none of them waits for a row that another one holds.
    """
    if bearer.token_id is None:
        proofs.require_standing(work, bearer.proof)
        return None
    found = known.with_owner(work, bearer.token_id, hold=True)
    if found is None or found.token.revoked_at is not None:
        raise errors.revoked()
    if found.closed:
        raise errors.account_closed()
    token = found.token
    bearer.limits.check(_use(work, bearer))
    token.limits.check(_use(work, bearer))
    return token


def spend(
    work: Work, bearer: Bearer, token: Token | None, project: str, *, project_id: UUID, version: str, created: bool
) -> None:
    """Check every limit once more with what is true in this transaction, and use up what is used up by an upload.

    `token` is what `confirm` said; project and release are written by now. `created`: this transaction made the
    project. Raises TokenRefused.
    """
    if token is None:
        return
    if created:
        using.bind(work, token, project, project_id)
    limits = _with_row(bearer.limits, token)
    limits.check(_use(work, bearer, _target(work, limits, project, project_id, version)))
    reach.check(work, token.id, project, project_id)
    using.count_upload(work, token)
    using.note_held(work, token)


def note_use(work: Work, bearer: Bearer) -> None:
    """Write down when, from where and with what the token was used, at most once a minute."""
    if bearer.token_id is not None:
        using.note_use(work, bearer.token_id)


def _with_row(limits: Limits, token: Token | None) -> Limits:
    """The limits that stand in the token that was sent, with those on its row as they are now."""
    if token is None:
        raise errors.revoked()
    return Limits.of(limit for limit in limits.held if limit.tag is not None).also(token.limits.held)


def _use(work: Work, bearer: Bearer, target: Target | None = None) -> Use:
    return Use(work.now, work.actor.address, bearer.account_id, bearer.token_id, target)


def _target(work: Work, limits: Limits, project: str, project_id: UUID | None, version: str) -> Target:
    """What an upload is for. Its release is looked up where one of the limits asks for it."""
    target = Target(project, project_id, canonicalize_version(version) if version else "", written=version)
    if project_id is None or not version or limits.get(NewReleases) is None:
        return target
    release = projects.release_or_none(work, project_id, target.version)
    return target if release is None else replace(target, made_by=release.token_id, made_at=release.created_at)


def _with_password(work: Work, username: str, password: str) -> Bearer:
    """Somebody without a second factor, by password: counted and throttled like a sign-in."""
    outcome = signin.prove(work, username, password, "")
    work.settle()
    if isinstance(outcome, signin.PasswordWrong):
        raise errors.wrong_password()
    if not isinstance(outcome, signin.Proven):
        raise errors.password_with_factor()
    if outcome.account.closes_at is not None:
        raise errors.account_closed()
    _check_factor(work, outcome.account.id)
    return Bearer(None, outcome.account.id, outcome.account.username, BY_PAIR, Limits(), outcome.account)


def _check_factor(work: Work, account_id: UUID) -> None:
    """Raise TokenRefused where the policy wants a second factor of whoever uploads, and there is none."""
    wanted = work.settings.upload_policy == "token-only-with-2fa" or work.settings.two_factor == "required"
    has_one = not wanted or factors.has_factor(work, account_id)
    work.settle()
    if not has_one:
        raise errors.no_second_factor()


def _is_signed(work: Work, sent: Sent, token: Token) -> bool:
    try:
        return sent.signed_by(known.open_key(work, token))
    except Unsealable:
        return False


def _turned_away(work: Work, location: str | None) -> TokenRefused:
    """The one refusal of everything without a valid chain of HMACs; counted by network."""
    reserve(work, [Bucket(Kind.TOKEN, network_of(work.actor.address))])
    return errors.not_ours(location, work.settings.host)
