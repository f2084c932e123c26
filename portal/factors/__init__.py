"""Second factors: authenticator apps (`totp`) and recovery codes (`recovery`)."""

from __future__ import annotations

from typing import Any


def includeme(config: Any) -> None:
    """Add the pages."""
    config.add_page_route("factors.two_factor", "/manage/account/two-factor/")
    config.add_page_route("factors.totp_add", "/manage/account/two-factor/totp/add/")
    config.add_page_route("factors.totp_rename", "/manage/account/two-factor/totp/{id}/rename/")
    config.add_page_route("factors.totp_remove", "/manage/account/two-factor/totp/{id}/remove/")
    config.add_page_route("factors.recovery_codes", "/manage/account/two-factor/recovery-codes/")
    config.scan(".views")
