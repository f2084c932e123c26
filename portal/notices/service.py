"""The outbox: a letter is written in the transaction of its event and sent after that commits.

A letter is claimed by a conditional UPDATE that moves its next try forward. Whoever dies between
claim and receipt leaves a letter that falls due again: each is sent at least once, and always
under the same Message-ID, by which a second copy is recognised.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Update, delete, event, func, select, update
from sqlalchemy.orm import Session

from portal.accounts import refusals
from portal.accounts.models import Account
from portal.kernel.ids import new_id
from portal.kernel.settings import Settings
from portal.kernel.work import Instance, Work
from portal.notices.models import Letter
from portal.notices.port import LetterRenderer, MailTransport, NotTaken, RefusedForGood, SendMessage

PURPOSE = "letter"
CLAIM = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_DOUBLINGS = 16
BATCH = 100
KEPT = timedelta(days=30)
MOST_TRIES = 10
GIVEN_UP = timedelta(days=14)

log = logging.getLogger("doorward.mail")


class Bell:
    """Rung when a letter has been committed, so that the worker does not wait for its next round."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def ring(self) -> None:
        """Wake the worker."""
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Return when the bell rings, at the latest after `seconds`."""
        self._event.wait(seconds)
        self._event.clear()


def write(
    work: Work, template: str, recipient: str, values: Mapping[str, Any], *, language: str, account_id: UUID | None
) -> None:
    """Put a letter into the outbox, in the transaction of `work`."""
    rendered = work.port(LetterRenderer).render(template, language, values)
    body = {"language": rendered.language, "subject": rendered.subject, "text": rendered.text}
    work.db.add(
        Letter(
            id=new_id(),
            account_id=account_id,
            recipient=work.vault.seal(recipient.encode(), purpose=PURPOSE),
            body=work.vault.seal(json.dumps(body).encode(), purpose=PURPOSE),
            created_at=work.now,
            next_try_at=work.now,
        )
    )
    if (bell := work.instance.ports.get(Bell)) is not None:
        event.listen(work.db, "after_commit", partial(_ring, bell))


def _ring(bell: Bell, session: Session) -> None:
    # The end of a savepoint is announced as well; the letter is not there yet.
    if not session.in_nested_transaction():
        bell.ring()


def send_due(instance: Instance) -> int:
    """Send every letter that is due; the number of those handed over. No transaction is open meanwhile."""
    with instance.work(write=False) as work:
        due = select(Letter.id).where(Letter.sent_at.is_(None), Letter.next_try_at <= work.now)
        waiting = list(work.db.scalars(due.order_by(Letter.next_try_at, Letter.created_at).limit(BATCH)))
    with instance.ports[MailTransport].batch() as send:
        return sum(_send(instance, send, letter_id) for letter_id in waiting)


@dataclass(frozen=True)
class Claim:
    """A letter that this process may send. `tries` is the number of this try, from 1."""

    letter: Letter
    tries: int


def _send(instance: Instance, send: SendMessage, letter_id: UUID) -> bool:
    claim = claim_letter(instance, letter_id)
    if claim is None:
        return False
    try:
        message = compose(instance, claim.letter)
    except ValueError as error:  # one bad letter must not keep the others
        log.error("letter %s can't be put together: %s, next try in %s", letter_id, type(error).__name__, CLAIM)
        return False
    told = f"{message['To']}: {message['Subject']}"
    try:
        send(message)
    except RefusedForGood as refusal:
        whose = _drop(instance, claim, message, refusal)
        log.error("letter %s for %s is refused for good and is not tried again: %s", letter_id, whose, refusal)
        return False
    except Exception as error:  # whatever a transport raises, the letter stays and is tried again
        reason = str(error) if isinstance(error, NotTaken) else type(error).__name__
        log.warning("not sent to %s (%s, next try in %s)", told, reason, _postpone(instance, claim))
        return False
    _empty(instance, claim, message)
    log.info("%s %s", instance.ports[MailTransport].done, told)
    return True


def claim_letter(instance: Instance, letter_id: UUID) -> Claim | None:
    """Claim a due letter for `CLAIM`; None where somebody else was first."""
    with instance.work() as work:
        due = (Letter.id == letter_id, Letter.sent_at.is_(None), Letter.next_try_at <= work.now)
        if not _changed(work, update(Letter).where(*due), tries=Letter.tries + 1, next_try_at=work.now + CLAIM):
            return None
        letter = work.db.get_one(Letter, letter_id)
        return Claim(letter, letter.tries)


def compose(instance: Instance, letter: Letter) -> EmailMessage:
    """The message of a letter (RFC 5322, RFC 3282 language, RFC 3834 automatic), the same at every try.

    Raises Unsealable; ValueError for an address that can't be written in a header.
    """
    settings, vault = instance.settings, instance.vault
    host = mail_host(settings)
    body = json.loads(vault.open(letter.body or b"", purpose=PURPOSE))
    message = EmailMessage()
    message["From"] = Address(settings.site_name, addr_spec=sender(settings))
    message["To"] = Address(addr_spec=vault.open(letter.recipient or b"", purpose=PURPOSE).decode())
    message["Subject"] = body["subject"]
    message["Date"] = format_datetime(letter.created_at, usegmt=True)
    message["Message-ID"] = f"<{letter.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body["text"], charset="utf-8", cte="8bit")
    message["Content-Language"] = body["language"]
    return message


def forget_sent(work: Work) -> None:
    """Drop the empty rows of letters sent long ago."""
    work.db.execute(delete(Letter).where(Letter.sent_at < work.now - KEPT))


def give_up(work: Work) -> None:
    """Drop letters that could not be sent for so long, and often enough; the log keeps that they were not."""
    in_vain = (Letter.sent_at.is_(None), Letter.tries >= MOST_TRIES, Letter.created_at <= work.now - GIVEN_UP)
    gone = delete(Letter).where(*in_vain).returning(Letter.id, Letter.tries)
    for letter_id, tries in work.db.execute(gone):
        log.error("letter %s was never sent and is given up after %d tries in %s", letter_id, tries, GIVEN_UP)


def held_up(work: Work) -> int:
    """How many letters have been tried in vain. The first try counts from the second on: it may be under way."""
    in_vain = (Letter.sent_at.is_(None), Letter.tries > 1)
    return work.db.scalar(select(func.count()).select_from(Letter).where(*in_vain)) or 0


def sender(settings: Settings) -> str:
    """The address that letters come from."""
    return settings.mail_from or f"no-reply@{mail_host(settings)}"


def mail_host(settings: Settings) -> str:
    """The host of `base_url` as the part of an address behind the @ (RFC 5321 §4.1.3 for IPv6)."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    return f"[IPv6:{host}]" if ":" in host else host


def _empty(instance: Instance, claim: Claim, message: EmailMessage) -> None:
    letter = claim.letter
    with instance.work() as work:
        _changed(work, update(Letter).where(Letter.id == letter.id), sent_at=work.now, recipient=None, body=None)
        if letter.account_id is not None:
            refusals.clear(work, letter.account_id, _recipient(message))


def _postpone(instance: Instance, claim: Claim) -> timedelta:
    # Only this try's own claim: a later one, made when this took too long, stays as it is.
    doubled: timedelta = FIRST_WAIT * 2 ** min(claim.tries - 1, MOST_DOUBLINGS)
    wait = min(doubled, LONGEST_WAIT)
    with instance.work() as work:
        _changed(work, update(Letter).where(*_still(claim)), next_try_at=work.now + wait)
    return wait


def _drop(instance: Instance, claim: Claim, message: EmailMessage, refusal: RefusedForGood) -> str:
    """Drop a letter that will never be taken, and keep that with its address; whose it was, for the log."""
    account_id = claim.letter.account_id
    with instance.work() as work:
        work.db.execute(delete(Letter).where(*_still(claim)))
        if refusal.about_address and account_id is not None:
            refusals.note(work, account_id, _recipient(message))
        name = work.db.scalar(select(Account.username).where(Account.id == account_id))
    return f"the account {name}" if name else "somebody without an account"


def _recipient(message: EmailMessage) -> str:
    found: str = message["To"].addresses[0].addr_spec
    return found


def _still(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (Letter.id == claim.letter.id, Letter.tries == claim.tries, Letter.sent_at.is_(None))


def _changed(work: Work, statement: Update, **values: Any) -> bool:
    result = cast("CursorResult[None]", work.db.execute(statement.values(**values)))
    return result.rowcount == 1
