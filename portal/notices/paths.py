"""Addresses of pages that letters point to. A test holds each of them equal to its route."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from portal.kernel.settings import Settings
from portal.notices.port import Link

PATHS = {
    "admin.recover": "/admin/users/{name}/recover/",
    "accounts.verify_email": "/account/verify-email/{ticket}/",
    "accounts.invitation": "/account/invitation/{ticket}/",
    "accounts.reset_request": "/account/reset-password/",
    "accounts.reset_password": "/account/reset-password/{ticket}/",
    "signin.login": "/account/login/",
    "desk.not_me": "/account/not-me/{ticket}/",
    "desk.recovery": "/account/recovery/{ticket}/",
    "desk.stop_recovery": "/account/stop-recovery/{ticket}/",
    "signin.lift_wait": "/account/lift-wait/{ticket}/",
    "audit.history": "/manage/account/history/",
    "factors.recovery_codes": "/manage/account/two-factor/recovery-codes/",
    "projects.collaborators": "/manage/project/{name}/collaborators/",
    "projects.releases": "/manage/project/{name}/releases/",
    "projects.status": "/manage/project/{name}/status/",
    "projects.invitation": "/manage/projects/invitations/{id}/",
    "tokens.list": "/manage/account/tokens/",
    "tokens.detail": "/manage/account/tokens/{id}/",
}


def link(settings: Settings, route: str, **parts: Any) -> Link:
    """The absolute address of a page: no handle, no language."""
    filled = {name: quote(str(value), safe="") for name, value in parts.items()}
    return Link(settings.base_url + PATHS[route].format(**filled))
