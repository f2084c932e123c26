"""What letters advise where it was somebody else: it must work for the person who reads it there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.accounts import addresses, resets, service
from portal.accounts.events import Registered
from portal.accounts.models import Account
from portal.factors.recovery.events import RecoveryCodesCreated
from portal.factors.totp.events import AuthenticatorAdded
from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from portal.notices.port import LetterRenderer
from portal.notices.render import TemplateRenderer
from portal.notices.service import send_due
from tests.notices.conftest import Postbox
from tests.notices.test_letters import ADA, ada, folded, sent

__all__ = ["ada"]

THIEF = "thief@example.net"


def letter(postbox: Postbox, to: str, subject: str) -> str:
    """The text of the only letter like that, on one line."""
    [message] = [one for one in postbox.messages if (one["To"], one["Subject"]) == (to, subject)]
    return folded(message)


def rob(instance: Instance, ada: Account) -> None:
    """A stranger puts an own address in the place of the owner's."""
    with instance.work() as work:
        owned = service.addresses(work, ada.id)[0]
        row = service.insert_address(work, ada.id, THIEF, primary=False, proven=True)
        addresses.make_primary(work, ada.id, row.id)
        addresses.remove(work, ada.id, owned.id)
    send_due(instance)


def test_a_removed_address_is_told_to_use_the_user_name_and_where_to_write(
    instance: Instance, postbox: Postbox, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(instance.settings, contact="mailto:packages@example.org")
    monkeypatch.setitem(instance.ports, LetterRenderer, TemplateRenderer(settings))
    rob(instance, ada)
    text = letter(postbox, ADA, "E-mail address removed")
    assert "type your user name Ada; the letter goes to the primary e-mail address" in text
    assert "at which you read this letter" not in text
    assert "Then write to the people who run this index." in text
    assert "packages@example.org" in text


def test_the_advice_of_a_letter_to_an_old_primary_address_works(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    with instance.work() as work:
        row = service.insert_address(work, ada.id, THIEF, primary=False, proven=True)
        addresses.make_primary(work, ada.id, row.id)
    send_due(instance)
    assert "type the e-mail address at which you read this letter" in letter(
        postbox, ADA, "Primary e-mail address changed"
    )
    with instance.work() as work:
        resets.ask(work, ADA)
    resets.answer_all(instance)
    send_due(instance)
    assert letter(postbox, ADA, "Choose a new password")


def test_a_first_app_of_somebody_else_keeps_the_owner_out_so_the_letter_names_who_helps(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    sent(instance, postbox, AuthenticatorAdded(account_id=ada.id, authenticator_id=new_id(), name="Phone", first=True))
    text = letter(postbox, ADA, "Authenticator app added")
    assert "write to the people who run this index: they can remove two-factor authentication" in text
    assert "your own authenticator app" not in text


def test_a_further_app_is_removed_by_its_owner(instance: Instance, postbox: Postbox, ada: Account) -> None:
    sent(instance, postbox, AuthenticatorAdded(account_id=ada.id, authenticator_id=new_id(), name="Phone", first=False))
    text = letter(postbox, ADA, "Authenticator app added")
    assert "remove every app that is not yours, and make a new list of recovery codes" in text
    assert "they can remove two-factor authentication" not in text


@pytest.mark.parametrize(("replaced", "advice"), [(True, "your own authenticator app"), (False, "they can remove")])
def test_new_recovery_codes_of_somebody_else(
    instance: Instance, postbox: Postbox, ada: Account, replaced: bool, advice: str
) -> None:
    sent(instance, postbox, RecoveryCodesCreated(account_id=ada.id, count=10, replaced=replaced))
    assert advice in letter(postbox, ADA, "New recovery codes made")


def test_who_has_an_account_reads_for_which_other_one_the_address_was_given(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    with instance.work() as work:
        service.register(work, username="countess", email=ADA, password_hash="x", event=Registered)
    send_due(instance)
    text = letter(postbox, ADA, "You already have an account")
    assert "gave this e-mail address for the account countess" in text
    assert "belongs to your account Ada" in text
    assert "sign in with that user name and give another e-mail address" in text
