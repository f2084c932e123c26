"""Choosing projects among many, with a form that is only ever read: what is ticked, and what was typed into the form
for which one chooses, travels in the address."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.projects import service as projects
from portal.projects.names import normalize
from portal.tokens import service
from portal.tokens.forms.add import TOO_MANY
from portal.tokens.forms.change import ChooseForm
from portal.tokens.service import PROJECT_LIMIT
from portal.tokens.views.kept import kept, with_chosen
from portal.tokens.views.own import parse_id
from portal.web.options import PageView, page

SHOWN = 50
"""So many projects that match are shown at once."""


@page("tokens.choose")
class Choose(PageView):
    """Filter, tick, filter again; what is ticked stays. Then on to the form with it."""

    def __call__(self) -> Any:
        """The ticked projects and those that match; or, with the button for it, the way on."""
        offered = {p.normalized: p.name for p in projects.uploadable(self.work, self.request.person.account_id)}
        back, typed, form = self.way_back(), kept(self.request.GET), ChooseForm(self.request.GET)
        ticked = {name: offered[name] for name in sorted(set(form.project.data or ())) if name in offered}
        form.validate()
        if "go" in self.request.GET and len(ticked) <= PROJECT_LIMIT:
            return HTTPSeeOther(with_chosen(back, ticked, typed.items()))
        matching = self.matching(offered, form.find.data or "")
        start = self.start(len(matching))
        shown = dict(list(matching.items())[start : start + SHOWN])
        form.project.choices, form.project.data = ticked | shown, list(ticked)
        if len(ticked) > PROJECT_LIMIT:
            form.refuse("project", TOO_MANY)
        return {
            "form": form,
            "kept": typed,
            "token": self.request.GET.get("token", ""),
            "chosen": len(ticked),
            "offered": len(offered),
            "matching": len(matching),
            "first": start + 1,
            "last": start + len(shown),
            "more": start + SHOWN if start + SHOWN < len(matching) else None,
        }

    def way_back(self) -> str:
        """The form for which projects are chosen: a new token, or one to be narrowed. Raises NotFound."""
        token = self.request.GET.get("token")
        if not token:
            return str(self.request.page_path("tokens.add"))
        found = service.find_own(self.work, self.request.person.account_id, parse_id(token))
        return str(self.request.page_path("tokens.narrow", id=found.id))

    def matching(self, offered: dict[str, str], text: str) -> dict[str, str]:
        """The projects with this text in their name, however it is spelled."""
        part = normalize(text)
        return {key: name for key, name in offered.items() if part in key}

    def start(self, count: int) -> int:
        """Where in the list the page begins; anything but a number of ours is the beginning."""
        text = self.request.GET.get("from", "")
        asked = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
        return asked - asked % SHOWN if asked < count else 0
