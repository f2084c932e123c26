"""Pages that read several domains: the overview of an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts.events import AdministratorMade, AdministratorRemoved
from portal.desk.closing.events import AccountClosed
from portal.desk.closing.service import end_all_due
from portal.desk.recovery import sweeps
from portal.desk.recovery.conditions import CHANGES
from portal.desk.views.recovery import banner
from portal.kernel.sweeps import add_sweep
from portal.signin.events import SignedIn, SignedInLimited


def includeme(config: Any) -> None:
    """Add the pages, what happens to closed accounts and recoveries by itself, and the banner about a recovery."""
    config.add_page_route("desk.overview", "/manage/account/")
    config.add_page_route("desk.not_me_done", "/account/not-me/done/")
    config.add_page_route("desk.not_me", "/account/not-me/{ticket}/")
    config.add_page_route("desk.close", "/manage/account/close/")
    config.add_page_route("desk.closed", "/account/closed/")
    config.add_page_route("desk.keep", "/manage/account/keep/")
    config.add_page_route("desk.recovery", "/account/recovery/{ticket}/")
    config.add_page_route("desk.stop_recovery", "/account/stop-recovery/{ticket}/")
    config.add_page_route("desk.cancel_recovery", "/manage/account/cancel-recovery/")
    config.add_banner(banner)
    add_sweep(config.registry.instance, end_all_due, every=timedelta(minutes=10))
    add_sweep(config.registry.instance, sweeps.go_on_all, every=timedelta(minutes=1))
    config.subscribe_event(SignedIn, sweeps.stop_at_sign_in)
    config.subscribe_event(SignedInLimited, sweeps.stop_at_sign_in)
    for change in CHANGES:
        config.subscribe_event(change, sweeps.stop_at_change)
    config.subscribe_event(AccountClosed, sweeps.stop_at_closing)
    config.subscribe_event(AdministratorMade, sweeps.stop_at_new_right)
    for loss in (AdministratorRemoved, AccountClosed):
        config.subscribe_event(loss, sweeps.stop_at_lost_right)
    config.scan(".views")
