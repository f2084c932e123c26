"""Ending tokens."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.words import _
from portal.tokens import listing, service
from portal.tokens.errors import AlreadyRevoked
from portal.tokens.forms.change import RevokeManyForm
from portal.tokens.models import Token
from portal.tokens.views.own import own_token, spelling
from portal.web.forms import Form
from portal.web.options import FormView, page


@page("tokens.revoke", confirm="either")
class Revoke(FormView):
    """End a token for good."""

    def __call__(self) -> Any:
        """The form; a token that has been revoked can't be revoked again."""
        if own_token(self).revoked_at is not None:
            raise AlreadyRevoked
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """The token's row."""
        token = own_token(self)
        return {"token": token, "names": spelling(self.work, [token]), "now": self.work.now}

    def submit(self, form: Form) -> Any:
        """Revoke it."""
        token = service.revoke(self.work, self.request.person.account_id, own_token(self).id)
        self.request.tell(_("API token “${label}” revoked", mapping={"label": token.name}))
        return HTTPSeeOther(self.request.page_path("tokens.list"))


@page("tokens.revoke_many", confirm="either")
class RevokeMany(FormView):
    """End several tokens with one button; those that were ticked in the list are ticked here."""

    def blank(self) -> Form:
        """The ticked tokens, or all that nobody has used for 90 days, ticked; without any, all that work, unticked."""
        if self.request.GET.get("unused") == str(listing.UNUSED.days):
            chosen = listing.unused(self.work, self.request.person.account_id)
        else:
            chosen = self.among(self.request.GET.getall("token"))
        form = RevokeManyForm(data={"tokens": [str(token.id) for token in chosen]})
        form.tokens.choices = self.choices(chosen or self.working())
        return form

    def filled(self) -> Form:
        """What was ticked."""
        form = RevokeManyForm(self.request.POST)
        form.tokens.choices = self.choices(self.among(form.tokens.data or ()) or self.working())
        return form

    def among(self, texts: Collection[str]) -> list[Token]:
        """The person's tokens among these that can be revoked."""
        asked = ids(texts)
        return listing.revocable(self.work, self.request.person.account_id, asked) if asked else []

    def working(self) -> list[Token]:
        """Every token of the person that works."""
        return listing.working(self.work, self.request.person.account_id)

    def choices(self, tokens: Collection[Token]) -> dict[str, str]:
        """Each token in one line."""
        return {str(token.id): self.told(token) for token in tokens}

    def told(self, token: Token) -> str:
        """Its name, and when it was used."""
        facts = {"name": token.title, "time": self.request.format_datetime(token.last_used_at or token.created_at)}
        used, unused = _("${name}, last used ${time}"), _("${name}, created ${time} and not used yet")
        sentence = used if token.last_used_at else unused
        text: str = self.request.localizer.translate(sentence, mapping=facts)
        return text

    def submit(self, form: Any) -> Any:
        """Revoke them."""
        chosen = ids(form.tokens.data)
        count = service.revoke_many(self.work, self.request.person.account_id, chosen)
        self.request.tell(_("API tokens revoked: ${count}", mapping={"count": count}))
        return HTTPSeeOther(self.request.page_path("tokens.list"))


def ids(texts: Collection[str]) -> list[UUID]:
    """The row ids among these texts."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
