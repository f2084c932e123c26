"""The way from a new account to the first upload, in the order that works."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portal.accounts import service as accounts
from portal.factors import service as factors
from portal.kernel.words import TranslationString, _
from portal.kernel.work import Work
from portal.projects import listing as projects
from portal.tokens import listing as tokens


@dataclass(frozen=True)
class Step:
    """One thing to do. `route` is the page where it is done."""

    title: TranslationString
    reason: TranslationString
    link: TranslationString
    route: str
    done: bool


def steps(work: Work, account_id: UUID) -> list[Step]:
    """All steps, each with whether this account has done it."""
    return [
        Step(
            _("Confirm your e-mail address"),
            _("Follow the link in the letter that we wrote you. Without it a lost password locks you out."),
            _("Ask for the letter again"),
            "accounts.emails",
            accounts.confirmed_address(work, account_id) is not None,
        ),
        Step(
            _("Set up an authenticator app"),
            _("Then your password alone does not open your account."),
            _("Set up an authenticator app"),
            "factors.totp_add",
            factors.has_factor(work, account_id),
        ),
        Step(
            _("Create an API token"),
            _("Your upload tool uses it in place of your password."),
            _("Create an API token"),
            "tokens.add",
            bool(tokens.listed(work, account_id).tokens),
        ),
        Step(
            _("Upload a package"),
            _("The first upload of a name creates the project and makes you its owner."),
            _("How to upload"),
            "uploads.help",
            projects.count(work, account_id) > 0,
        ),
    ]
