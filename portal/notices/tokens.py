"""Letters about API tokens. None of them ever holds a token."""

from __future__ import annotations

from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.telling import tell
from portal.tokens.events import (
    DownloadTokenCreated,
    NewProjectTokenCreated,
    TokenCreated,
    TokenEndsSoon,
    TokenFirstUsed,
    TokenReplaced,
    TokenRevoked,
    TokensRevoked,
    TokenUsedElsewhere,
)


def token_created(work: Work, event: TokenCreated) -> None:
    """To every confirmed address: what the new token can do, and until when."""
    tell(
        work,
        event,
        "token_created",
        label=event.label,
        scope=list(event.scope),
        new=isinstance(event, NewProjectTokenCreated),
        downloads=isinstance(event, DownloadTokenCreated),
        limits=list(event.further),
        until=event.expires_at,
        tokens=link(work.settings, "tokens.list"),
    )


def token_replaced(work: Work, event: TokenReplaced) -> None:
    """To every confirmed address: there is a new token in the place of an old one, and when that one ends."""
    tokens = link(work.settings, "tokens.list")
    tell(work, event, "token_replaced", label=event.label, ends=event.old_ends_at, tokens=tokens)


def token_revoked(work: Work, event: TokenRevoked) -> None:
    """To every confirmed address: the token does not work any more. What ended many at once is told by itself."""
    if not event.with_others:
        tell(work, event, "token_revoked", label=event.label)


def tokens_revoked(work: Work, event: TokensRevoked) -> None:
    """To every confirmed address: these tokens do not work any more."""
    tell(work, event, "tokens_revoked", labels=list(event.labels))


def token_first_used(work: Work, event: TokenFirstUsed) -> None:
    """To every confirmed address: somebody has begun to use the token, and from where."""
    if not event.quietly:
        tokens = link(work.settings, "tokens.list")
        tell(work, event, "token_first_used", label=event.label, downloads=event.downloads, tokens=tokens)


def token_used_elsewhere(work: Work, event: TokenUsedElsewhere) -> None:
    """To every confirmed address, at most once a day a token: it was used from where it never was before."""
    if not event.quietly:
        tokens = link(work.settings, "tokens.list")
        tell(work, event, "token_used_elsewhere", label=event.label, downloads=event.downloads, tokens=tokens)


def token_ends_soon(work: Work, event: TokenEndsSoon) -> None:
    """To every confirmed address: when the token ends, and how to replace it."""
    page = link(work.settings, "tokens.detail", id=event.token_id)
    tell(work, event, "token_ends_soon", label=event.label, until=event.expires_at, page=page)


SUBSCRIBERS = (
    (TokenCreated, token_created),
    (TokenReplaced, token_replaced),
    (TokenRevoked, token_revoked),
    (TokensRevoked, tokens_revoked),
    (TokenFirstUsed, token_first_used),
    (TokenUsedElsewhere, token_used_elsewhere),
    (TokenEndsSoon, token_ends_soon),
)
