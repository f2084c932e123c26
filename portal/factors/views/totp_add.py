"""Setting up an authenticator app: name; recovery codes, where it is the first app; QR code and first code."""

from __future__ import annotations

from typing import Any, ClassVar

from pyramid.response import Response

from portal.accounts.service import confirmed_address
from portal.factors import setup
from portal.factors.errors import NameTaken, SetupOutdated, TooMany, WrongCode
from portal.factors.forms import DigitsForm, DownloadForm, KeptForm, NameForm, StepForm
from portal.factors.policy import may_turn_off
from portal.factors.service import has_factor
from portal.factors.setup import Setup
from portal.factors.totp.codes import key_text, provisioning_uri
from portal.factors.totp.picture import qr_code
from portal.factors.totp.service import LIMIT
from portal.factors.views.steps import OUTDATED, StepsView
from portal.kernel.errors import AlreadyUsed, Throttled
from portal.kernel.vault import Unsealable
from portal.kernel.words import _
from portal.web.errors import family_view
from portal.web.forms import Form
from portal.web.options import page
from portal.web.tokens import StaleForm

GROUP = 4
WRONG = _(
    "This code does not fit the key on this page. Type the 6 digits that your authenticator app shows now for it."
)
STEP_OF = {KeptForm: "codes", DigitsForm: "digits"}


@page("factors.totp_add", confirm="both", before_factor=True)
class TotpAdd(StepsView):
    """Every step answers its POST directly; the last one makes the app count."""

    form_class = NameForm
    later: ClassVar[dict[str, type[StepForm]]] = {"codes": KeptForm, "download": DownloadForm, "digits": DigitsForm}

    def __call__(self) -> Any:
        """The steps; before them, an account needs a confirmed address."""
        if confirmed_address(self.work, self.account_id) is None:
            return self.ask_for_address()
        return super().__call__()

    @property
    def account_id(self) -> Any:
        """Whose factor it will be."""
        return self.request.person.account_id

    def ask_for_address(self) -> Response:
        """A page that says how to go on."""
        self.request.response.status_int = 403 if self.request.method == "POST" else 200
        response: Response = self.request.render("factors/address_needed.pt", {})
        return response

    def template_of(self, form: Form) -> str:
        """One template a step; that of the codes is shared with their renewal."""
        if isinstance(form, KeptForm):
            return "factors/codes.pt"
        return "factors/totp_key.pt" if isinstance(form, DigitsForm) else "factors/totp_add.pt"

    def show(self, form: Form) -> dict[str, Any]:
        """What a step shows beside its fields."""
        route = {"route": "factors.totp_add"}
        if isinstance(form, KeptForm):
            return {**route, "codes": [code.text for code in self.opened(form).codes], "renewal": False}
        if isinstance(form, DigitsForm):
            return route | self.show_key(self.opened(form))
        required = not may_turn_off(self.work.settings)
        return {**route, "first": not has_factor(self.work, self.account_id), "required": required}

    def show_key(self, begun: Setup) -> dict[str, Any]:
        """The key in three forms: as a QR code, as a link, and as grouped text."""
        settings = self.request.instance.settings
        issuer = f"{settings.site_name} ({settings.host})"
        uri = provisioning_uri(begun.key, username=self.request.person.username, issuer=issuer)
        text = key_text(begun.key)
        grouped = " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
        return {"first": begun.first, "uri": uri, "key": grouped, "picture": qr_code(uri), "now": self.work.now}

    def take(self, form: Form) -> Any:
        """Begin, check that the codes are kept, hand them out as a file, or finish."""
        if isinstance(form, DigitsForm):
            return self.finish(form)
        if isinstance(form, DownloadForm):
            return self.file_of(self.opened(form).codes)
        return self.check_kept(form) if isinstance(form, KeptForm) else self.begin(form)

    def begin(self, form: Form) -> Any:
        """A new key under this name."""
        try:
            begun = setup.begin(self.work, self.account_id, form["name"].data)
        except NameTaken:
            form.refuse("name", _("One of your authenticator apps has this name already. Choose another name."))
            return self.refuse(form)
        except TooMany:
            form.refuse(
                "name", _("You have ${limit} authenticator apps; more can’t be added.", mapping={"limit": LIMIT})
            )
            return self.refuse(form)
        return self.go_on(begun)

    def check_kept(self, form: KeptForm) -> Any:
        """On to the key, once one of the codes has come back."""
        begun = setup.show_codes_kept(self.opened(form), form.codes.data or "")
        if begun is None:
            form.refuse_codes()
            return self.refuse(form)
        return self.go_on(begun)

    def go_on(self, begun: Setup) -> Response:
        """The next page of a set-up under way."""
        kind = DigitsForm if begun.kept else KeptForm
        sealed = setup.seal(self.work, self.account_id, begun)
        return self.render(kind(data={"step": STEP_OF[kind], "carried": sealed}))

    def finish(self, form: DigitsForm) -> Any:
        """The app counts from now on, if its first code is right."""
        try:
            done = setup.finish(self.work, self.account_id, form.carried.data or "", form.code.data or "")
        except Unsealable as error:
            raise StaleForm from error
        except WrongCode as error:
            form.refuse("code", self.about(error))
            return self.refuse(form)
        except AlreadyUsed:
            # The button was pressed twice: what was asked for has been done.
            return self.done()
        except SetupOutdated:
            return self.done(OUTDATED)
        except Throttled as error:
            # Returned, not raised: the answer may carry the new secret of a session just confirmed.
            return family_view(error, self.request)
        if done.first:
            return self.done(
                _("Two-factor authentication is on. Authenticator app ${name} added.", mapping={"name": done.name})
            )
        return self.done(_("Authenticator app ${name} added.", mapping={"name": done.name}))

    def about(self, error: WrongCode) -> str:
        """What is wrong with the first code: the digits, or the clock of the device."""
        off, plural = error.minutes_off, self.request.plural
        if off is None:
            return WRONG
        if off < 0:
            return plural(
                "Your device’s clock is about ${count} minute behind. Set it right, then type the new code.",
                "Your device’s clock is about ${count} minutes behind. Set it right, then type the new code.",
                -off,
            )
        return plural(
            "Your device’s clock is about ${count} minute ahead. Set it right, then type the new code.",
            "Your device’s clock is about ${count} minutes ahead. Set it right, then type the new code.",
            off,
        )

    def opened(self, form: StepForm) -> Setup:
        """The set-up that a form carries. Raises StaleForm, also where the codes were left out."""
        try:
            begun = setup.reopen(self.work, self.account_id, form.carried.data or "")
        except Unsealable as error:
            raise StaleForm from error
        if isinstance(form, DigitsForm) and not begun.kept:
            raise StaleForm
        return begun
