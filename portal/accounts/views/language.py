"""The language of a person's pages and letters."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.accounts import service
from portal.accounts.forms import LanguageForm
from portal.kernel.words import _
from portal.language.offer import PSEUDO, suggested
from portal.web.options import FormView, page
from portal.web.requests import LOCALE


@page("accounts.language", before_factor=True)
class Language(FormView):
    """Choose one of the languages on offer, or leave it to the browser."""

    def blank(self) -> LanguageForm:
        """The form with what is chosen now."""
        account = service.find(self.work, self.request.person.account_id)
        chosen = (account.locale or "").replace("_", "-")
        return LanguageForm(languages=self.languages, chosen=chosen)

    def filled(self) -> LanguageForm:
        """The form as it was sent."""
        return LanguageForm(self.request.POST, languages=self.languages)

    @property
    def languages(self) -> dict[str, str]:
        """What is on offer; whoever reads a pseudo-locale may choose it too."""
        every: dict[str, str] = self.request.registry.languages
        return every if self.request.locale_name in PSEUDO else suggested(every)

    def show(self, form: Any) -> dict[str, Any]:
        """Whether there is anything to choose from."""
        return {"alone": len(self.languages) == 1}

    def submit(self, form: Any) -> Any:
        """Keep it; the answer leads out of a language in the address, which would go on hiding the choice."""
        locale = self.languages.get(form.language.data)
        service.choose_language(self.work, self.request.person.account_id, locale)
        self.request.tell(_("Language changed"))
        path = self.request.page_path("accounts.language")
        below = self.request.environ.get(LOCALE)
        return HTTPSeeOther(path.replace(f"/{below}/", "/", 1) if below else path)
