"""What a use of a token leaves behind: when, from where and with what it was used, and what it has used up."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, or_, select, update

from portal.kernel.networks import mask_network
from portal.kernel.once import INSERTS
from portal.kernel.work import Work
from portal.projects.names import normalize
from portal.tokens import errors
from portal.tokens.events import TokenFirstUsed, TokenUsedElsewhere
from portal.tokens.models import DOWNLOAD, Token, TokenNetwork
from portal.tokens.service import changed

USE_NOTED_EVERY = timedelta(minutes=1)
ELSEWHERE_TOLD_EVERY = timedelta(days=1)


def hold(work: Work, token_id: UUID) -> Token | None:
    """The token as it is now; nobody else changes it before this transaction ends. None where it is gone."""
    query = select(Token).where(Token.id == token_id).with_for_update(key_share=True)
    return work.db.scalars(query.execution_options(populate_existing=True)).one_or_none()


def current(work: Work, token_id: UUID) -> Token | None:
    """The token as it is now. None where it is gone."""
    query = select(Token).where(Token.id == token_id)
    return work.db.scalars(query.execution_options(populate_existing=True)).one_or_none()


def bind(work: Work, token: Token, project: str, project_id: UUID) -> None:
    """Tie a token for one new project to the project that it has just created; of two at once one is tied.

    `project` is the normalized name. Does nothing to other tokens.
    """
    if token.new_project is None or normalize(token.new_project) != project:
        return
    pending = update(Token).where(Token.id == token.id, Token.new_project_id.is_(None))
    if changed(work, pending.values(new_project_id=project_id)):
        token.new_project_id = project_id


def count_upload(work: Work, token: Token) -> None:
    """Take one of the uploads that are left, where they are counted. Raises TokenRefused where none is."""
    if token.uploads_left is None:
        return
    one = update(Token).where(Token.id == token.id, Token.uploads_left > 0)
    if changed(work, one.values(uploads_left=Token.uploads_left - 1)) != 1:
        raise errors.used_up()


def is_due(work: Work, token: Token) -> bool:
    """Whether a use now is to be written down, as this row and the known networks say; locks and writes nothing.

    It is the first, the last one was a minute ago, or it comes from a network that the token was never used from.
    """
    if token.last_used_at is None or token.last_used_at <= work.now - USE_NOTED_EVERY:
        return True
    network = mask_network(work.actor.address)
    if not network or network == mask_network(token.last_address):
        return False
    return work.db.get(TokenNetwork, (token.id, network)) is None


def note_use(work: Work, token_id: UUID) -> None:
    """Write down that a token was used now, unless it was revoked or that was done within the last minute.

    The first use, and each from a network that the token was never used from, is told.
    """
    token = hold(work, token_id)
    if token is not None and token.revoked_at is None:
        note_held(work, token)


def note_held(work: Work, token: Token) -> None:
    """The same for a token that works and that this transaction holds (`hold`)."""
    if not is_due(work, token):
        return
    first, network = token.last_used_at is None, mask_network(work.actor.address)
    elsewhere = network and network != mask_network(token.last_address)
    use = {"last_used_at": work.now, "last_address": work.actor.address, "last_client": work.actor.browser}
    changed(work, update(Token).where(Token.id == token.id).values(use))
    new = elsewhere and _remember(work, token.id, network)
    if first:
        # Of one that was minted a letter came minutes ago.
        work.record(
            TokenFirstUsed(
                account_id=token.account_id,
                token_id=token.id,
                label=token.name,
                downloads=token.may == DOWNLOAD,
                quietly=token.minted,
            )
        )
    elif new:
        _tell_elsewhere(work, token)


def _remember(work: Work, token_id: UUID, network: str) -> bool:
    insert = INSERTS[work.db.get_bind().dialect.name](TokenNetwork)
    row = insert.values(token_id=token_id, network=network).on_conflict_do_nothing()
    return cast("CursorResult[None]", work.db.execute(row)).rowcount == 1


def _tell_elsewhere(work: Work, token: Token) -> None:
    """Every new network stands in the history; a letter comes at most once a day, because robots move often."""
    due = or_(Token.elsewhere_told_at.is_(None), Token.elsewhere_told_at <= work.now - ELSEWHERE_TOLD_EVERY)
    told = changed(work, update(Token).where(Token.id == token.id, due).values(elsewhere_told_at=work.now))
    work.record(
        TokenUsedElsewhere(
            account_id=token.account_id,
            token_id=token.id,
            label=token.name,
            downloads=token.may == DOWNLOAD,
            quietly=not told,
        )
    )
