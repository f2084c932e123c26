"""Letters about what becomes of tokens without their owner being signed in. None of them holds a token."""

from __future__ import annotations

from portal.kernel.work import Work
from portal.notices.paths import link
from portal.notices.port import Link
from portal.notices.telling import tell
from portal.tokens.leaks.events import TokenEndedByOperator, TokenLeaked
from portal.tokens.minting.events import TokenMinted
from portal.tokens.reach.events import TokenCutOff


def token_leaked(work: Work, event: TokenLeaked) -> None:
    """To every confirmed address: the token was found, and where, if that is known."""
    tokens = link(work.settings, "tokens.list")
    tell(work, event, "token_leaked", label=event.label, url=Link(event.url), tokens=tokens)


def token_ended_by_operator(work: Work, event: TokenEndedByOperator) -> None:
    """To every confirmed address: the token does not work any more."""
    tell(work, event, "token_ended_by_operator", label=event.label, tokens=link(work.settings, "tokens.list"))


def token_minted(work: Work, event: TokenMinted) -> None:
    """To every confirmed address: a program has a token now, for what and until when."""
    tokens = link(work.settings, "tokens.list")
    tell(work, event, "token_minted", project=event.project, until=event.expires_at, tokens=tokens)


def token_cut_off(work: Work, event: TokenCutOff) -> None:
    """To every confirmed address of the token's owner: from which project, and by whom."""
    tokens = link(work.settings, "tokens.list")
    tell(work, event, "token_cut_off", label=event.label, project=event.project, by=event.by, tokens=tokens)


SUBSCRIBERS = (
    (TokenLeaked, token_leaked),
    (TokenEndedByOperator, token_ended_by_operator),
    (TokenMinted, token_minted),
    (TokenCutOff, token_cut_off),
)
