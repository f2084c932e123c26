"""The list of tokens, and everything about one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from portal.kernel.words import TranslationString, _, filled
from portal.kernel.work import Work
from portal.tokens import listing
from portal.tokens.listing import Place
from portal.tokens.models import Token
from portal.tokens.reach import service as reach
from portal.tokens.views.own import own_token, parse_id, sentences, spelling
from portal.web.options import PageView, page


@page("tokens.list")
class List(PageView):
    """The working tokens, then the ended ones, in pages; or in pages those that nobody has used for long."""

    def __call__(self) -> dict[str, Any]:
        """One page of tokens."""
        account_id, asked = self.request.person.account_id, self.request.GET
        idle = asked.get("unused") == str(listing.UNUSED.days)
        behind = Place(parse_id(asked["before"]), "ended" in asked) if "before" in asked else None
        found = listing.listed(self.work, account_id, behind=behind, idle=idle)
        names = spelling(self.work, found.tokens)
        return {
            "tokens": found.tokens,
            "names": names,
            "limits": {token.id: sentences(self.request, token, names) for token in found.tokens},
            "idle": listing.idle_count(self.work, account_id),
            "only_unused": idle,
            "start": self.address(idle),
            "more": None if found.more is None else self.address(idle, found.more),
            "first": behind is None,
            "now": self.work.now,
        }

    def address(self, idle: bool, place: Place | None = None) -> str:
        """This list from a place on, with the same filter."""
        query = [("unused", str(listing.UNUSED.days))] if idle else []
        if place is not None:
            query += [("before", str(place.key)), *([("ended", "1")] if place.ended else [])]
        path = str(self.request.page_path("tokens.list"))
        return f"{path}?{urlencode(query)}" if query else path


def cut_sentences(work: Work, token: Token) -> list[TranslationString]:
    """The projects from which their owners have cut the token off, each in a sentence."""
    sentence = _("An owner of the project ${project} has cut it off from there.")
    return [filled(sentence, {"project": name}) for name in reach.cut_from(work, token.id)]


@page("tokens.detail")
class Detail(PageView):
    """Everything about one token but the token."""

    def __call__(self) -> dict[str, Any]:
        """The token's row."""
        token = own_token(self)
        names = spelling(self.work, [token])
        limits = [*sentences(self.request, token, names), *cut_sentences(self.work, token)]
        return {"token": token, "names": names, "limits": limits, "now": self.work.now}
