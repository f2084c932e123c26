"""Letters about ways into an account."""

from __future__ import annotations

from portal.accounts.models import Account
from portal.factors.totp.events import AuthenticatorRemoved
from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from tests.notices.conftest import Postbox
from tests.notices.test_letters import ada, folded, sent

__all__ = ["ada"]


def test_the_last_authenticator_s_letter_says_that_the_password_alone_is_enough_now(
    instance: Instance, postbox: Postbox, ada: Account
) -> None:
    def removed(*, last: bool) -> str:
        event = AuthenticatorRemoved(account_id=ada.id, authenticator_id=new_id(), name="Phone", last=last)
        return folded(sent(instance, postbox, event)[-1])

    first = removed(last=False)
    assert "The authenticator app Phone was removed from your account." in first
    assert "If it was not you" in first
    assert "Two-factor authentication is now off" not in first
    assert "Two-factor authentication is now off" in removed(last=True)
