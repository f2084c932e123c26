"""Which tokens can upload to a project, and cutting one off from it.

Owners of a project see each token whose owner has a role in it. What a token was called and from where it was used
is shown only as far as it is about this project: a token for everything is its owner's affair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import CursorResult, bindparam, exists, select, update

from portal.accounts.models import Account
from portal.kernel.errors import NotFound
from portal.kernel.once import INSERTS
from portal.kernel.work import Work
from portal.projects.models import Project, Role
from portal.tokens.errors import TokenRefused
from portal.tokens.events import TokenReplaced
from portal.tokens.lifetime import ended
from portal.tokens.limits import NewProject, ProjectIds, ProjectNames, Target, UploadsLeft, Use
from portal.tokens.models import UPLOAD, Token
from portal.tokens.reach.errors import AlreadyCut, cut_off
from portal.tokens.reach.events import ProjectTokenCutOff, TokenCutOff
from portal.tokens.reach.models import TokenCut
from portal.tokens.service import changed

BY_PROJECT = (ProjectNames, ProjectIds, NewProject, UploadsLeft)
"""Limits that keep a token away from a project whatever the version, network and time."""
_IS_CUT = select(
    exists().where(TokenCut.token_id == bindparam("token_id"), TokenCut.project_id == bindparam("project_id"))
)


@dataclass(frozen=True)
class Reaching:
    """A token that can upload to a project, as owners of the project may see it.

    `everywhere`: it is not for chosen projects. Of somebody else's, `name` is None then, and `address` is empty unless
    the token is for this project alone.
    `start` is how its id begins; `replaced`: another one took its place, and it goes on for some hours.
    """

    token_id: UUID
    start: str
    replaced: bool
    username: str
    everywhere: bool
    name: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    address: str


def reaching(work: Work, project: Project) -> list[Reaching]:
    """Every token that can upload to the project, by user name, newest first."""
    is_cut = exists().where(TokenCut.token_id == Token.id, TokenCut.project_id == project.id)
    query = (
        select(Token, Account.username)
        .join(Account, Account.id == Token.account_id)
        .join(Role, Role.account_id == Token.account_id)
        .where(Role.project_id == project.id, Token.may == UPLOAD, ~ended(work.now), ~is_cut)
        .order_by(Account.username_key, Token.created_at.desc(), Token.id.desc())
    )
    rows = work.db.execute(query).all()
    return [_shown(work, token, username) for token, username in rows if _reaches(work, token, project)]


def find(work: Work, project: Project, token_id: UUID) -> Reaching:
    """One of them. Raises NotFound."""
    for row in reaching(work, project):
        if row.token_id == token_id:
            return row
    raise NotFound


def cut_off_from(work: Work, project: Project, token_id: UUID) -> Reaching:
    """Let the token, and every copy of it, upload nothing more to the project. Raises NotFound and AlreadyCut.

    The actor is an owner of the project.
    """
    row = find(work, project, token_id)
    # Changing the row waits for uploads under way, and makes later ones wait: none slips through.
    if changed(work, update(Token).where(Token.id == token_id).values(name=Token.name)) != 1:
        raise NotFound
    if not _add(work, token_id, project.id):
        raise AlreadyCut
    token = work.db.get_one(Token, token_id)
    # Where the owner of the project sits is no affair of the owner of the token.
    unseen = work.acting_as(replace(work.actor, address="", browser=""))
    unseen.record(
        TokenCutOff(
            account_id=token.account_id,
            token_id=token_id,
            label=token.name,
            project=project.name,
            by=work.actor.username,
        )
    )
    work.record(ProjectTokenCutOff(project_id=project.id, token_id=token_id, username=row.username))
    return row


def check(work: Work, token_id: UUID, project: str, project_id: UUID | None) -> None:
    """Raise TokenRefused where the token was cut off from this project."""
    if project_id is None:
        return
    if work.db.scalar(_IS_CUT, {"token_id": token_id, "project_id": project_id}):
        raise cut_off(project)


def cut_from(work: Work, token_id: UUID) -> list[str]:
    """The names of the projects from which a token was cut off."""
    query = select(Project.name).join(TokenCut, TokenCut.project_id == Project.id).where(TokenCut.token_id == token_id)
    return list(work.db.scalars(query.order_by(Project.normalized)))


def carry_over(work: Work, event: TokenReplaced) -> None:
    """A token that takes the place of another one is cut off from what that was cut off from."""
    for project_id in work.db.scalars(select(TokenCut.project_id).where(TokenCut.token_id == event.token_id)).all():
        _add(work, event.new_token_id, project_id)


def _add(work: Work, token_id: UUID, project_id: UUID) -> bool:
    insert = INSERTS[work.db.get_bind().dialect.name](TokenCut)
    row = insert.values(token_id=token_id, project_id=project_id, cut_at=work.now).on_conflict_do_nothing()
    return cast("CursorResult[None]", work.db.execute(row)).rowcount == 1


def _reaches(work: Work, token: Token, project: Project) -> bool:
    use = Use(work.now, "", token.account_id, token.id, Target(project.normalized, project.id))
    try:
        for kind in BY_PROJECT:
            if (limit := token.limits.get(kind)) is not None:
                limit.check(use)
    except TokenRefused:
        return False
    return True


def _shown(work: Work, token: Token, username: str) -> Reaching:
    names, own = token.projects, token.account_id == work.actor.account_id
    return Reaching(
        token_id=token.id,
        start=token.start,
        replaced=token.replaced_by is not None,
        username=username,
        everywhere=names is None,
        name=None if names is None and not own else token.name,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        address=token.last_address if own or (names is not None and len(names) == 1) else "",
    )
