"""Who asks, where a token says so: uploads, and downloads from a private index. It never signs in to the web."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass
from uuid import UUID

from portal.factors import service as factors
from portal.kernel.vault import Unsealable
from portal.kernel.work import Work
from portal.signin import service as signin
from portal.throttle.service import Bucket, Kind, network_of, reserve
from portal.tokens import errors, service
from portal.tokens.errors import TokenRefused
from portal.tokens.limits import Limits, instant, read_limits
from portal.tokens.macaroon import Sent, Unreadable, read
from portal.tokens.models import DOWNLOAD, UPLOAD, May, Token

USERNAME = "__token__"
HEADER_LIMIT = 8 * 1024
BY_PAIR = "–"
"""What stands in the history in the place of a token's name."""


@dataclass(frozen=True)
class Bearer:
    """Whoever sent a good token. `username` is the owner's; `limits` are all that the token holds.

    `token_id` is None for somebody who sent a password, where the policy allows that.
    """

    token_id: UUID | None
    account_id: UUID
    username: str
    label: str
    limits: Limits


def authenticate(work: Work, header: str | None) -> Bearer:
    """The bearer of the token in an `Authorization` header (RFC 7617; or the schemes "bearer" and "token").

    Enters and leaves with no transaction open. Raises TokenRefused, and Throttled where a network
    has sent too many tokens that were none; a good token is never throttled.
    """
    if work.settings.upload_policy == "password-or-token" and (pair := password_of(header)):
        return _with_password(work, *pair)
    bearer = _with_token(work, header, UPLOAD)
    _check_factor(work, bearer.account_id)
    return bearer


def admit_reader(work: Work, header: str | None) -> Bearer:
    """The bearer of a token that may download, on an instance that only members read; the use is written down.

    Enters and leaves with no transaction open. Raises TokenRefused and Throttled as `authenticate` does.
    """
    bearer = _with_token(work, header, DOWNLOAD)
    # Narrowed by its owner to some projects: what else it may read can't be told, so it reads nothing.
    if bearer.limits.projects is not None:
        raise errors.narrowed_reader()
    if work.settings.two_factor == "required" and not factors.has_factor(work, bearer.account_id):
        raise errors.no_second_factor()
    work.settle()
    with work.apart() as writing:
        note_use(writing, bearer)
    return bearer


def _with_token(work: Work, header: str | None, purpose: May) -> Bearer:
    try:
        sent = read(token_of(header))
    except Unreadable as unreadable:
        raise _turned_away(work, unreadable.location) from unreadable
    found = service.with_owner(work, sent.token_id)
    work.settle()
    if found is None or not _is_signed(work, sent, found[0]):
        raise _turned_away(work, sent.location)
    token, username = found
    limits = read_limits(sent.caveats)
    _check_standing(work, token, limits)
    if token.may != purpose:
        raise errors.other_purpose(purpose)
    return Bearer(token.id, token.account_id, username, token.name, limits)


def authorize(work: Work, bearer: Bearer, project: str, *, project_id: UUID | None = None) -> None:
    """Raise TokenRefused unless the token's own limits allow this project (normalized name).

    `project_id` is the id of the project, None where it is yet to be created. Whether the owner has
    a role in it is for the caller to ask.
    """
    if not bearer.limits.allow_project(project, project_id):
        raise errors.other_project(project, bearer.limits.projects)


def confirm(work: Work, bearer: Bearer) -> None:
    """Raise TokenRefused if the token ended while the upload was received; else it can't be ended before you commit.

    Call it in the writing transaction, after `note_use`: two uploads that share the row by confirming
    first would wait for each other to change it.
    """
    _check_times(work, bearer.limits)
    if bearer.token_id is not None and service.has_ended(work, bearer.token_id):
        raise errors.revoked()


def note_use(work: Work, bearer: Bearer) -> None:
    """Write down that the token was used, at most once a minute; never for one that was revoked."""
    if bearer.token_id is not None:
        service.note_use(work, bearer.token_id)


def token_of(header: str | None) -> str:
    """The token in an `Authorization` header, as it was sent. Raises TokenRefused, and Unreadable above 8 KB."""
    if header is None or not header.strip():
        raise errors.missing()
    if len(header) > HEADER_LIMIT:
        raise Unreadable
    scheme, _, rest = header.strip().partition(" ")
    match scheme.lower():
        case "basic":
            return _from_basic(rest)
        case "token" | "bearer":
            return rest.strip()
    raise errors.ill_formed()


def password_of(header: str | None) -> tuple[str, str] | None:
    """User name and password in an `Authorization` header; None where it carries a token, or nothing readable."""
    if header is None or len(header) > HEADER_LIMIT:
        return None
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, password = _pair(rest)
    except TokenRefused:
        return None
    return None if username.strip() == USERNAME else (username.strip(), password)


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
    return Bearer(None, outcome.account.id, outcome.account.username, BY_PAIR, Limits())


def _pair(text: str) -> tuple[str, str]:
    try:
        username, colon, password = b64decode(text.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError) as error:
        raise errors.ill_formed() from error
    if not colon:
        raise errors.ill_formed()
    return username, password


def _from_basic(text: str) -> str:
    username, password = _pair(text)
    if username.strip() != USERNAME:
        raise errors.user_name(username.strip())
    return password.strip()


def _check_factor(work: Work, account_id: UUID) -> None:
    """Raise TokenRefused where the policy wants a second factor of whoever uploads, and there is none."""
    wanted = work.settings.upload_policy == "token-only-with-2fa" or work.settings.two_factor == "required"
    has_one = not wanted or factors.has_factor(work, account_id)
    work.settle()
    if not has_one:
        raise errors.no_second_factor()


def _is_signed(work: Work, sent: Sent, token: Token) -> bool:
    try:
        return sent.signed_by(service.open_key(work, token))
    except Unsealable:
        return False


def _turned_away(work: Work, location: str | None) -> TokenRefused:
    """The one refusal of everything without a valid chain of HMACs; counted by network."""
    reserve(work, [Bucket(Kind.TOKEN, network_of(work.actor.address))])
    return errors.not_ours(location, work.settings.host)


def _check_standing(work: Work, token: Token, limits: Limits) -> None:
    """The token is ours: say which of its limits is not met. Revoked comes first, it can't be mended."""
    if token.revoked_at is not None:
        service.note_refusal(work, token)
        raise errors.revoked()
    if token.expires_at is not None and token.expires_at <= work.now:
        service.note_refusal(work, token)
        raise errors.expired(token.expires_at)
    if limits.unknown:
        raise errors.unknown_limit()
    if limits.accounts is not None and str(token.account_id) not in limits.accounts:
        raise errors.other_account()
    _check_times(work, limits)


def _check_times(work: Work, limits: Limits) -> None:
    now = work.now.timestamp()
    if limits.expires is not None and limits.expires <= now:
        raise errors.expired(instant(limits.expires))
    if limits.not_before > now:
        raise errors.not_yet_valid(instant(limits.not_before))
