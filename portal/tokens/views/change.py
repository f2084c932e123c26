"""Changing a token: its name, its secret, and what it may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.words import TranslationString, _, filled
from portal.projects import service as projects
from portal.tokens import narrowing, replacing
from portal.tokens.errors import (
    AlreadyReplaced,
    AlreadyRevoked,
    NameTaken,
    NothingNarrower,
    TokenTooLong,
    TooManyTokens,
    Wider,
)
from portal.tokens.forms.change import RENEWED, SAME, NarrowForm, RenameForm, ReplaceForm
from portal.tokens.lifetime import allows, latest_end
from portal.tokens.limits import Expiration, Networks, NewProject, NewReleases, OneVersion, ProjectNames, UploadsLeft
from portal.tokens.models import DOWNLOAD, Token
from portal.tokens.views.kept import kept, lead, reduce, wants_to_choose
from portal.tokens.views.own import NAME_USED, own_address, own_token, sentences, shown_once, spelling, too_many
from portal.web.forms import Form, vague
from portal.web.options import FormView, page

WIDER = vague(_("This would let the token do more than it can now. Create a new token for that."))
NOTHING = _("With this nothing would change. Take something from what the token may do, or go back.")
AS_LONG = _("As long as the old one would: until ${time}")
AGAIN = _("As long again as the old one was made for: until ${time}")
LONGEST = _("As long as this index allows: until ${time}")
TOO_LONG_AGAIN = _(
    "This token has been given so many limits that no new token can hold them all. "
    "Create a new token with fewer projects or networks, then revoke this one."
)
DAY = timedelta(days=1)
FIELDS: dict[type, str] = {
    Expiration: "date",
    ProjectNames: "projects",
    Networks: "networks",
    OneVersion: "version",
    NewReleases: "only_new",
    UploadsLeft: "uploads",
}
"""At which field a limit is chosen."""


class WorkingTokenView(FormView):
    """A form about a token that works."""

    def __call__(self) -> Any:
        """The form. Raises AlreadyRevoked for a token that has ended."""
        if own_token(self).state(self.work.now) != "works":
            raise AlreadyRevoked
        return super().__call__()

    def show(self, form: Form) -> dict[str, Any]:
        """The token's row, and its limits in sentences."""
        token = own_token(self)
        names = spelling(self.work, [token])
        limits = sentences(self.request, token, names)
        return {"token": token, "names": names, "limits": limits, "now": self.work.now}

    def done(self, token: Token, sentence: TranslationString) -> Any:
        """Back to the page of the token, with the result."""
        self.request.tell(sentence)
        return HTTPSeeOther(self.request.page_path("tokens.detail", id=token.id))


@page("tokens.rename", confirm="either")
class Rename(WorkingTokenView):
    """One field, with the present name in it."""

    form_class = RenameForm

    def blank(self) -> Form:
        """The present name."""
        return RenameForm(data={"name": own_token(self).name})

    def submit(self, form: Any) -> Any:
        """Take the name, unless another working token of the person has it."""
        token = own_token(self)
        try:
            narrowing.rename(self.work, self.request.person.account_id, token.id, form.name.data)
        except NameTaken:
            form.refuse("name", NAME_USED)
            return self.refuse(form)
        return self.done(token, _("API token renamed to “${label}”", mapping={"label": form.name.data}))


@page("tokens.narrow", confirm="either")
class Narrow(WorkingTokenView):
    """Take something from what a token may do. Giving it more means a new one."""

    def __call__(self) -> Any:
        """The form, or off to choose projects for it. Raises AlreadyRevoked for a token that has ended."""
        if own_token(self).state(self.work.now) == "works" and wants_to_choose(self.request):
            return lead(self, self.filled(), token=str(own_token(self).id))
        return super().__call__()

    def blank(self) -> Form:
        """Nothing chosen but the projects that it has; or what was chosen on the page for that, and typed before."""
        return self.make(None)

    def filled(self) -> Form:
        """What was chosen."""
        return self.make(self.request.POST)

    def make(self, sent: Any) -> NarrowForm:
        """The form for this token: what can be taken from it."""
        token = own_token(self)
        has, own = token.projects, projects.uploadable(self.work, self.request.person.account_id)
        offered = {project.normalized: project.name for project in own}
        if has is not None:
            names = spelling(self.work, [token])
            offered = {name: names.get(name, name) for name in has}
        if token.limits.get(NewProject) is not None or token.may == DOWNLOAD:
            offered = {}
        ticked = [name for name in self.request.GET.getall("project") if name in offered]
        return NarrowForm(
            sent,
            projects=offered,
            chosen=has is not None,
            may=token.may,
            now=self.work.now,
            address=own_address(self),
            data=kept(self.request.GET) | {"projects": has or ticked},
        )

    def show(self, form: Any) -> dict[str, Any]:
        """Also how many projects there are to choose from on another page, for a token that is for all of them."""
        return {**super().show(form), "many": 0 if form.chosen_only else reduce(form)}

    def submit(self, form: Any) -> Any:
        """Add the limits, if they are narrower."""
        token = own_token(self)
        try:
            narrowing.narrow(self.work, self.request.person.account_id, token.id, form.limits)
        except Wider as wider:
            form.refuse(FIELDS[wider.kind], WIDER)
            return self.refuse(form)
        except NothingNarrower:
            form.refuse(next(iter(form)).name, NOTHING)
            return self.refuse(form)
        return self.done(token, _("API token “${label}” can do less now", mapping={"label": token.name}))


@page("tokens.replace", confirm="either")
class Replace(WorkingTokenView):
    """A new secret with the same name and limits, shown once in the answer."""

    single_use = True

    def __call__(self) -> Any:
        """The form. Raises AlreadyReplaced for a token that was replaced and goes on for some hours."""
        if own_token(self).replaced_by is not None:
            raise AlreadyReplaced
        return super().__call__()

    def blank(self) -> Form:
        """Nothing chosen."""
        return self.make(None)

    def filled(self) -> Form:
        """What was chosen."""
        return self.make(self.request.POST)

    def make(self, sent: Any) -> ReplaceForm:
        """The form for this token."""
        token = own_token(self)
        return ReplaceForm(sent, at_once=replacing.counts(token), until=self.ends(token))

    def ends(self, token: Token) -> dict[str, TranslationString]:
        """When the new token can end; nothing where there is nothing to choose: it ends as the old one would."""
        end, again = token.expires_at, replacing.renewed_end(self.work, token)
        found = {SAME: (AS_LONG, end), RENEWED: (LONGEST if again == latest_end(self.work) else AGAIN, again)}
        when = self.request.format_end
        choices = {
            choice: filled(sentence, {"time": when(at)})
            for choice, (sentence, at) in found.items()
            if at is not None and allows(self.work, at)
        }
        # Of a token that was made a moment ago both come to the same.
        alike = len(choices) == len(found) and end is not None and again is not None and abs(again - end) < DAY
        return {} if alike else choices

    def submit(self, form: Any) -> Any:
        """Make the new token and show it once."""
        old = own_token(self)
        try:
            created = replacing.replace(
                self.work, self.request.person.account_id, old.id, hours=form.overlap, renewed=form.renewed
            )
        except TooManyTokens as error:
            form.refuse(next(iter(form)).name, too_many(error.limit))
            return self.refuse(form)
        except TokenTooLong:
            form.refuse(next(iter(form)).name, TOO_LONG_AGAIN)
            return self.refuse(form)
        return self.request.render("tokens/created.pt", shown_once(self.request, created, old=old))
