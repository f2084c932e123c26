"""The list of tokens, and everything about one."""

from __future__ import annotations

from typing import Any

from portal.kernel.words import TranslationString, _, filled
from portal.kernel.work import Work
from portal.tokens import listing
from portal.tokens.models import Token
from portal.tokens.reach import service as reach
from portal.tokens.views.own import own_token, parse_id, sentences
from portal.web.options import PageView, page


@page("tokens.list")
class List(PageView):
    """The working tokens, then the ended ones in pages; or those that nobody has used for long."""

    def __call__(self) -> dict[str, Any]:
        """One page of tokens."""
        account_id, before = self.request.person.account_id, self.request.GET.get("before")
        only_unused = self.request.GET.get("unused") == str(listing.UNUSED.days) and before is None
        idle = listing.unused(self.work, account_id)
        key = None if before is None else parse_id(before)
        found = listing.listed(self.work, account_id, before=key)
        tokens = idle if only_unused else found.tokens
        return {
            "tokens": tokens,
            "limits": {token.id: sentences(self.request, token) for token in tokens},
            "idle": len(idle),
            "only_unused": only_unused,
            "older": None if only_unused else found.older,
            "first": key is None,
            "now": self.work.now,
        }


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
        limits = [*sentences(self.request, token), *cut_sentences(self.work, token)]
        return {"token": token, "limits": limits, "now": self.work.now}
