"""Changing the password of the account that is signed in."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import new_password, passwords, service
from portal.accounts.errors import CredentialsChanged
from portal.accounts.forms import PasswordForm
from portal.kernel.words import _
from portal.web.errors import family_view
from portal.web.options import FormView, page


@page("accounts.password", confirm="both")
class Password(FormView):
    """A new password; the session goes on with a new secret."""

    def blank(self) -> PasswordForm:
        """The empty form, with the account's name for password managers."""
        return self.made(None)

    def filled(self) -> PasswordForm:
        """The form as it was sent."""
        return self.made(self.request.POST)

    def made(self, sent: Any) -> PasswordForm:
        """The form for the account that is signed in."""
        account = service.find(self.work, self.request.person.account_id)
        words = service.guessable(self.work, account)
        return PasswordForm(sent, work=self.work, username=account.username, words=words)

    def submit(self, form: Any) -> Any:
        """Change it, and end what the person wants ended."""
        account = service.find(self.work, self.request.person.account_id)
        self.work.settle()
        try:
            new_password.change(
                self.work,
                account,
                passwords.hash_password(self.work, form.new_password.data),
                end_sessions=form.end_sessions.data,
                revoke_tokens=form.revoke_tokens.data,
                session_id=self.request.person.session_id,
            )
        except CredentialsChanged as error:
            # Returned, not raised: the answer carries the new secret of the session.
            return family_view(error, self.request)
        self.request.renew_session()
        self.request.tell(_("Password changed"))
        return HTTPSeeOther(self.request.page_path("desk.overview"))
