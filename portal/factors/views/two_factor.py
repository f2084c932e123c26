"""How things stand with the second factors of an account."""

from __future__ import annotations

from typing import Any

from portal.accounts.service import confirmed_address
from portal.factors.recovery.service import state_of
from portal.factors.totp.service import authenticators_of
from portal.web.options import PageView, page


@page("factors.two_factor", before_factor=True)
class TwoFactor(PageView):
    """Authenticator apps and recovery codes, and the ways on."""

    def __call__(self) -> dict[str, Any]:
        """Names, dates and counts; nothing secret."""
        account_id = self.request.person.account_id
        return {
            "authenticators": authenticators_of(self.work, account_id),
            "recovery": state_of(self.work, account_id),
            "has_address": confirmed_address(self.work, account_id) is not None,
        }
