"""API tokens: issue once, narrow, list, revoke; the bearer policy of uploads."""

from __future__ import annotations

from typing import Any

from portal.accounts.events import PasswordChanged
from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Work
from portal.tokens import service
from portal.tokens.leaks import disclosure
from portal.tokens.leaks import service as found


def revoke_with_password(work: Work, event: PasswordChanged) -> None:
    """Revoke the person's tokens where they wanted that with their new password."""
    if event.revoke_tokens and event.account_id is not None:
        service.revoke_all(work, event.account_id)


def includeme(config: Any) -> None:
    """Add the pages."""
    config.add_page_route("tokens.list", "/manage/account/tokens/")
    config.add_page_route("tokens.add", "/manage/account/tokens/add/")
    config.add_page_route("tokens.detail", "/manage/account/tokens/{id}/")
    config.add_page_route("tokens.revoke", "/manage/account/tokens/{id}/revoke/")
    config.subscribe_event(PasswordChanged, revoke_with_password)
    config.scan(".views")
    include_leaks(config)


def include_leaks(config: Any) -> None:
    """Add what ends tokens that were found. Raises UnsafeSettings for keys that can't be read."""
    instance = config.registry.instance
    disclosure.pinned(instance.settings.disclosure_keys)
    config.add_plain_route("tokens.disclose_token", "/_/secrets/disclose-token")
    config.add_page_route("tokens.leaked", "/account/leaked-token/")
    config.add_page_route("tokens.leaked_thanks", "/account/leaked-token/thanks/")
    add_sweep(instance, found.take_all, every=found.EVERY)
    config.scan(".leaks.views")
