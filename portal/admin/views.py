"""Finding a person, and starting or approving the recovery of an account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import service as accounts
from portal.accounts.models import Account
from portal.admin.forms import RecoverForm, UserForm
from portal.desk.recovery import conditions, service
from portal.desk.recovery.errors import NotRecoverable, NotUnderWay, UnderWay
from portal.desk.recovery.models import State
from portal.desk.recovery.words import reason
from portal.kernel.errors import NotFound
from portal.kernel.words import TranslationString, _
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("admin.users", access="admin")
class Users(FormView):
    """Find somebody by the whole user name, or by a whole confirmed e-mail address."""

    form_class = UserForm

    def submit(self, form: Any) -> Any:
        """To the page of that person."""
        account = accounts.by_login(self.work, form.username.data)
        if account is None:
            form.refuse("username", _("Nobody has this user name or confirmed e-mail address. Check it and try again."))
            return self.refuse(form)
        return HTTPSeeOther(self.request.action_path("admin.recover", name=account.username))


@page("admin.recover", access="admin", confirm="both")
class Recover(FormView):
    """Start the recovery of an account, or approve one that another administrator started."""

    account: Account
    refusal: TranslationString | None = None

    def __call__(self) -> Any:
        """Raise NotFound where nobody has this name."""
        account = accounts.by_username_or_none(self.work, self.request.matchdict["name"])
        if account is None:
            raise NotFound
        self.account = account
        return super().__call__()

    def blank(self) -> Form:
        """The form for what can be done now."""
        row = service.under_way(self.work, self.account.id)
        asked = row is not None and row.state == State.ASKED
        return RecoverForm(data={"recovery": str(row.id) if row is not None and asked else ""})

    def filled(self) -> Form:
        """What the page was about when it was shown."""
        return RecoverForm(self.request.POST)

    def show(self, form: Form) -> dict[str, Any]:
        """How the account stands, and why nothing can be done, if so."""
        row = service.under_way(self.work, self.account.id)
        refusal = self.refusal or self.hindrance()
        mine = row is not None and row.started_by == self.request.person.account_id
        action = self.request.action_path("admin.recover", name=self.account.username)
        return {"account": self.account, "row": row, "mine": mine, "refusal": refusal, "action": action}

    def hindrance(self) -> TranslationString | None:
        """Why this can't be done, known before it is tried."""
        by = self.request.person.account_id
        under_way = service.under_way(self.work, self.account.id) is not None
        require = conditions.require_possible if under_way else conditions.require_startable
        try:
            require(self.work, self.account, by=by)
        except NotRecoverable as error:
            return reason(error)
        return None

    def submit(self, form: Any) -> Any:
        """Do what the page offered; what has changed meanwhile is said on the page."""
        by = self.request.person.account_id
        try:
            told = self.told(self.start_or_approve(form.recovery.data, by))
        except (NotRecoverable, UnderWay, NotUnderWay) as error:
            service.note_refusal(self.work, self.account, by=by)
            self.refusal = reason(error)
            self.request.response.status_int = 409
            return self.render(self.blank())
        self.request.tell(told)
        return HTTPSeeOther(self.request.action_path("admin.recover", name=self.account.username))

    def start_or_approve(self, recovery_id: str, by: UUID) -> State:
        """How far the recovery is now. Raises NotRecoverable, UnderWay and NotUnderWay."""
        if not recovery_id:
            return service.start(self.work, self.account, by=by)
        service.approve(self.work, self.account, recovery_id, by=by)
        return State.WAITING

    def told(self, state: State) -> TranslationString:
        """What has been done, in the title of the next page."""
        whose = {"username": self.account.username}
        if state is State.ASKED:
            return _("Recovery of the account ${username} asked for: it waits for an approval", mapping=whose)
        return _("Recovery of the account ${username} started", mapping=whose)
