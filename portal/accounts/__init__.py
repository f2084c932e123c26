"""People: their accounts, addresses and passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts.tickets import forget_old
from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Instance


def sweep(instance: Instance) -> None:
    """Drop tickets that are long over."""
    with instance.work() as work:
        forget_old(work)


def includeme(config: Any) -> None:
    """Add the pages and the sweep."""
    config.add_page_route("accounts.register", "/account/register/")
    config.add_page_route("accounts.registered", "/account/registered/")
    config.add_page_route("accounts.verify_email", "/account/verify-email/{ticket}/")
    config.add_page_route("accounts.verified", "/account/verified/")
    config.add_page_route("accounts.first_admin", "/account/first-administrator/{ticket}/")
    config.add_page_route("accounts.emails", "/manage/account/emails/")
    config.add_page_route("accounts.password", "/manage/account/password/")
    config.scan(".views")
    add_sweep(config.registry.instance, sweep, every=timedelta(hours=6))
