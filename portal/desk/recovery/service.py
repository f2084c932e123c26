"""Recovery of an account whose owner has lost every second factor.

An administrator starts it and can do no more: for a day the person can stop it from each place where they
are signed in, with a link, or by signing in with a factor. Then a link goes to the primary address. It needs the
password. Nobody's password or addresses are touched, and an administrator's account needs two others.

Every step is one UPDATE that counts only in the state before it: of two at the same instant one wins.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts import leaving, tickets
from portal.accounts import service as accounts
from portal.accounts.models import Account, Ticket
from portal.accounts.tickets import Purpose
from portal.desk.recovery import conditions, errors, events
from portal.desk.recovery.models import Recovery, State
from portal.factors import removal
from portal.kernel.errors import AlreadyUsed
from portal.kernel.ids import new_id
from portal.kernel.work import Work
from portal.signin import others

DELAY = timedelta(hours=24)
LINK_LIFE = timedelta(hours=24)
APPROVAL_LIFE = timedelta(days=7)


def under_way(work: Work, account_id: UUID) -> Recovery | None:
    """The open recovery of an account."""
    query = select(Recovery).where(Recovery.account_id == account_id, Recovery.ended_at.is_(None))
    return work.db.scalar(query.execution_options(populate_existing=True))


def start(work: Work, account: Account, *, by: UUID | None) -> State:
    """Start a recovery; how far it is now. `by` is an administrator, None the operator of the server.

    For an administrator's account another administrator has to approve. Where there is no other, the operator
    needs nobody: else the only administrator could never come back. The operator's request takes the place of one
    that waits for an approval. Raises NotRecoverable and UnderWay.
    """
    _hold(work, account)
    conditions.require_startable(work, account, by=by)
    asked = account.is_admin and not (by is None and leaving.is_last_administrator(work, account.id))
    if by is None and _step(work, *_asked(account.id), state=State.CANCELLED, ended_at=work.now):
        _unseen(work).record(events.RecoveryAskedAnew(account_id=account.id))
    row = Recovery(
        id=new_id(),
        account_id=account.id,
        started_by=by,
        state=State.ASKED,
        created_at=work.now,
        due_at=work.now + APPROVAL_LIFE,
    )
    try:
        with work.db.begin_nested():
            work.db.add(row)
            work.db.flush()
            # From here on `by` can't lose the right without seeing this row; but they may have just lost it.
            conditions.require_administrator(work, by)
    except IntegrityError as error:
        raise errors.UnderWay from error
    if by is not None:
        mine = events.RecoveryAskedForOther if asked else events.RecoveryStartedForOther
        work.record(mine(account_id=by, username=account.username))
    if asked:
        _ask(work, account, row)
        return State.ASKED
    _begin_day(work, row)
    return State.WAITING


def _ask(work: Work, account: Account, row: Recovery) -> None:
    _unseen(work).record(events.RecoveryAsked(account_id=account.id))
    for reader in conditions.approvers(work, account.id, started_by=row.started_by):
        wanted = events.RecoveryApprovalWanted(account_id=reader, username=account.username, until=row.due_at)
        _unseen(work).record(wanted)


def approve(work: Work, account: Account, recovery_id: str, *, by: UUID) -> None:
    """Let a recovery of an administrator's account begin. Raises NotRecoverable and NotUnderWay."""
    _hold(work, account)
    conditions.require_possible(work, account, by=by)
    row = under_way(work, account.id)
    if row is None or str(row.id) != recovery_id or row.state != State.ASKED or row.due_at <= work.now:
        raise errors.NotUnderWay
    if row.started_by == by:
        raise errors.OwnAccount
    conditions.require_administrator(work, row.started_by)
    with work.db.begin_nested():
        _begin_day(work, row, approved_by=by)
        conditions.require_administrator(work, by)
    work.record(events.RecoveryApprovedForOther(account_id=by, username=account.username))


def note_refusal(work: Work, account: Account, *, by: UUID) -> None:
    """Keep in the history of an administrator that a start or an approval was refused."""
    work.record(events.RecoveryRefusedForOther(account_id=by, username=account.username))


def _begin_day(work: Work, row: Recovery, *, approved_by: UUID | None = None) -> None:
    until = work.now + DELAY
    values = {"state": State.WAITING, "due_at": until, "approved_by": approved_by}
    if not _step(work, Recovery.id == row.id, before=State.ASKED, **values):
        raise errors.NotUnderWay
    ticket = _stopping(work, row.account_id, life=DELAY + LINK_LIFE)
    _unseen(work).record(events.RecoveryStarted(account_id=row.account_id, until=until, ticket=ticket))


def cancel(work: Work, account_id: UUID, event: type[events.RecoveryCancelled]) -> bool:
    """Stop what is open; whether anything was."""
    # One that is being started at this instant is there after that, or finds what has changed.
    accounts.hold(work, account_id)
    which = (Recovery.account_id == account_id, Recovery.ended_at.is_(None))
    if not _step(work, *which, state=State.CANCELLED, ended_at=work.now):
        return False
    _void(work, account_id)
    work.record(event(account_id=account_id))
    return True


def cancel_of(work: Work, administrator_id: UUID) -> None:
    """Stop what this administrator has started or approved."""
    behind = or_(Recovery.started_by == administrator_id, Recovery.approved_by == administrator_id)
    query = select(Recovery.account_id).where(Recovery.ended_at.is_(None), behind)
    for account_id in work.db.scalars(query.order_by(Recovery.account_id)).all():
        cancel(work, account_id, events.RecoveryCancelledByRights)


def stop(work: Work, ticket: Ticket) -> None:
    """Stop it with the link of a letter. Raises AlreadyUsed."""
    accounts.hold(work, ticket.account_id)
    tickets.take(work, ticket)
    if not cancel(work, ticket.account_id, events.RecoveryCancelledByLink):
        raise AlreadyUsed


def finish(work: Work, ticket: Ticket) -> None:
    """Use the link up, and remove every second factor and recovery code; every session ends. Raises AlreadyUsed.

    The caller has checked the password. Had it been changed meanwhile, the recovery would be cancelled.
    """
    account_id = ticket.account_id
    accounts.hold(work, account_id)
    tickets.take(work, ticket)
    which = (Recovery.account_id == account_id, Recovery.due_at > work.now)
    if not _step(work, *which, before=State.SENT, state=State.DONE, ended_at=work.now):
        raise AlreadyUsed
    _void(work, account_id)
    removal.remove_all(work, account_id)
    others.end_all(work, account_id)
    work.record(events.RecoveryDone(account_id=account_id))


def due(work: Work) -> list[Recovery]:
    """The recoveries for which the next instant has come."""
    query = select(Recovery).where(Recovery.ended_at.is_(None), Recovery.due_at <= work.now)
    return list(work.db.scalars(query.order_by(Recovery.due_at)))


def go_on(work: Work, row: Recovery) -> None:
    """Send the link after the day; end what was not approved or not used in time. For the second of two, nothing."""
    if row.state == State.WAITING:
        _send(work, row)
        return
    before = State(row.state)
    same = (Recovery.id == row.id, Recovery.due_at <= work.now)
    if not _step(work, *same, before=before, state=State.EXPIRED, ended_at=work.now):
        return
    _void(work, row.account_id)
    if before is State.SENT:
        work.record(events.RecoveryExpired(account_id=row.account_id))
    else:
        _not_approved(work, row)


def _not_approved(work: Work, row: Recovery) -> None:
    work.record(events.RecoveryNotApproved(account_id=row.account_id))
    if row.started_by is not None:
        username = accounts.find(work, row.account_id).username
        work.record(events.RecoveryNotApprovedForOther(account_id=row.started_by, username=username))


def _send(work: Work, row: Recovery) -> None:
    until = work.now + LINK_LIFE
    address = conditions.primary(work, row.account_id)
    if not _step(work, Recovery.id == row.id, before=State.WAITING, state=State.SENT, due_at=until):
        return
    ticket = tickets.issue(work, Purpose.RECOVERY, row.account_id, address.id, life=LINK_LIFE)
    again = _stopping(work, row.account_id, life=LINK_LIFE)
    event = events.RecoveryLinkSent(
        account_id=row.account_id, until=until, email=address.email, ticket=ticket, stop=again
    )
    work.record(event)


def _stopping(work: Work, account_id: UUID, *, life: timedelta) -> str:
    address = conditions.primary(work, account_id)
    return tickets.issue(work, Purpose.STOP_RECOVERY, account_id, address.id, life=life)


def _void(work: Work, account_id: UUID) -> None:
    for purpose in (Purpose.RECOVERY, Purpose.STOP_RECOVERY):
        tickets.void(work, purpose, account_id)


def _hold(work: Work, account: Account) -> None:
    """Hold the account, and read it again: a password, an address or a right may just have been changed."""
    accounts.hold(work, account.id)
    work.db.refresh(account)


def _asked(account_id: UUID) -> tuple[Any, ...]:
    return (Recovery.account_id == account_id, Recovery.state == State.ASKED)


def _unseen(work: Work) -> Work:
    """The same work for what the person reads: where the administrator sits is not theirs to know."""
    return work.acting_as(replace(work.actor, address="", browser=""))


def _step(work: Work, *which: Any, before: State | None = None, **values: Any) -> bool:
    states = [Recovery.state == before] if before else []
    changed = update(Recovery).where(Recovery.ended_at.is_(None), *which, *states).values(**values)
    done = work.db.execute(changed.execution_options(synchronize_session=False))
    return cast("CursorResult[None]", done).rowcount == 1
