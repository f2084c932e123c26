"""What `portal.tokens` adds to the application."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts.events import PasswordChanged
from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Work
from portal.tokens import reminding, service
from portal.tokens.reading import may_browse, reader, reading_deriver


def revoke_with_password(work: Work, event: PasswordChanged) -> None:
    """Revoke the person's tokens where they wanted that with their new password."""
    if event.revoke_tokens and event.account_id is not None:
        service.revoke_all(work, event.account_id)


def includeme(config: Any) -> None:
    """Add the pages."""
    config.add_page_route("tokens.list", "/manage/account/tokens/")
    config.add_page_route("tokens.add", "/manage/account/tokens/add/")
    config.add_page_route("tokens.choose", "/manage/account/tokens/add/projects/")
    config.add_page_route("tokens.revoke_many", "/manage/account/tokens/revoke/")
    config.add_page_route("tokens.detail", "/manage/account/tokens/{id}/")
    for change in ("revoke", "rename", "narrow", "replace"):
        config.add_page_route(f"tokens.{change}", f"/manage/account/tokens/{{id}}/{change}/")
    config.add_view_deriver(reading_deriver, "reading", under="access", over="secured_view")
    config.add_request_method(reader, reify=True)
    config.add_request_method(may_browse, reify=True)
    config.subscribe_event(PasswordChanged, revoke_with_password)
    config.scan(".views")
    add_sweep(config.registry.instance, reminding.sweep, every=timedelta(hours=1))
    for part in ("leaks", "minting", "reach"):
        config.include(f"portal.tokens.{part}")
