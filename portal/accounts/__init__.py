"""People: their accounts, addresses and passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from portal.accounts import invitations
from portal.accounts.resets import answer_all
from portal.accounts.tickets import forget_old
from portal.kernel.sweeps import add_sweep
from portal.kernel.work import Instance


def sweep(instance: Instance) -> None:
    """Drop tickets and invitations that are long over."""
    with instance.work() as work:
        forget_old(work)
        invitations.forget_old(work)


def includeme(config: Any) -> None:
    """Add the pages and the sweeps; who has forgotten a password is answered in each round of the worker."""
    config.add_page_route("accounts.register", "/account/register/")
    config.add_page_route("accounts.registered", "/account/registered/")
    config.add_page_route("accounts.verify_email", "/account/verify-email/{ticket}/")
    config.add_page_route("accounts.verified", "/account/verified/")
    config.add_page_route("accounts.first_admin", "/account/first-administrator/{ticket}/")
    config.add_page_route("accounts.emails", "/manage/account/emails/")
    config.add_page_route("accounts.resend_email", "/manage/account/emails/{id}/letter/")
    config.add_page_route("accounts.primary_email", "/manage/account/emails/{id}/primary/")
    config.add_page_route("accounts.remove_email", "/manage/account/emails/{id}/remove/")
    config.add_page_route("accounts.password", "/manage/account/password/")
    config.add_page_route("accounts.reset_request", "/account/reset-password/")
    config.add_page_route("accounts.reset_sent", "/account/reset-password/sent/")
    config.add_page_route("accounts.reset_done", "/account/reset-password/done/")
    config.add_page_route("accounts.reset_password", "/account/reset-password/{ticket}/")
    config.add_page_route("accounts.language", "/manage/account/language/")
    config.add_page_route("accounts.joined", "/account/invitation/done/")
    config.add_page_route("accounts.invitation", "/account/invitation/{ticket}/")
    config.scan(".views")
    add_sweep(config.registry.instance, sweep, every=timedelta(hours=6))
    add_sweep(config.registry.instance, answer_all, every=timedelta(0))
