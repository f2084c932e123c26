"""A new list of recovery codes in the place of the old one."""

from __future__ import annotations

from typing import Any, ClassVar

from portal.factors.errors import SetupOutdated
from portal.factors.forms import DownloadForm, KeptForm, StartForm, StepForm
from portal.factors.recovery import renewal
from portal.factors.recovery.renewal import Renewal
from portal.factors.recovery.service import state_of
from portal.factors.views.steps import OUTDATED, StepsView
from portal.kernel.errors import AlreadyUsed, Throttled
from portal.kernel.vault import Unsealable
from portal.kernel.words import _
from portal.web.errors import family_view
from portal.web.forms import Form
from portal.web.options import page
from portal.web.tokens import StaleForm


@page("factors.recovery_codes", confirm="both")
class RecoveryCodes(StepsView):
    """The new list is shown in the answer to a confirmed POST, and counts once a code of it has come back."""

    form_class = StartForm
    later: ClassVar[dict[str, type[StepForm]]] = {"codes": KeptForm, "download": DownloadForm}

    def __call__(self) -> Any:
        """The steps; without a second factor there is nothing that a list could stand in for."""
        if self.request.method == "POST" and state_of(self.work, self.account_id) is None:
            self.request.response.status_int = 403
            return self.render(self.blank())
        return super().__call__()

    @property
    def account_id(self) -> Any:
        """Whose codes they are."""
        return self.request.person.account_id

    def template_of(self, form: Form) -> str:
        """The list of new codes, or how things stand."""
        return "factors/codes.pt" if isinstance(form, KeptForm) else "factors/recovery_codes.pt"

    def show(self, form: Form) -> dict[str, Any]:
        """The new codes, or what may be told of the present ones."""
        if not isinstance(form, KeptForm):
            return {"recovery": state_of(self.work, self.account_id)}
        codes = [code.text for code in self.opened(form).codes]
        return {"route": "factors.recovery_codes", "codes": codes, "renewal": True}

    def take(self, form: Form) -> Any:
        """Make a list, hand it out as a file, or put it in place."""
        if isinstance(form, DownloadForm):
            return self.file_of(self.opened(form).codes)
        if isinstance(form, KeptForm):
            return self.finish(form)
        sealed = renewal.seal(self.work, self.account_id, renewal.begin(self.work, self.account_id))
        return self.render(KeptForm(data={"step": "codes", "carried": sealed}))

    def finish(self, form: KeptForm) -> Any:
        """The new list counts, the old one no longer does."""
        try:
            kept = renewal.finish(self.work, self.account_id, form.carried.data or "", form.codes.data or "")
        except Unsealable as error:
            raise StaleForm from error
        except AlreadyUsed:
            # The button was pressed twice: what was asked for has been done.
            return self.done()
        except SetupOutdated:
            return self.done(OUTDATED)
        except Throttled as error:
            # Returned, not raised: the answer may carry the new secret of a session just confirmed.
            return family_view(error, self.request)
        if not kept:
            form.refuse_codes()
            return self.refuse(form)
        return self.done(_("New recovery codes made. The old codes no longer work."))

    def opened(self, form: StepForm) -> Renewal:
        """The list that a form carries. Raises StaleForm."""
        try:
            return renewal.reopen(self.work, self.account_id, form.carried.data or "")
        except Unsealable as error:
            raise StaleForm from error
