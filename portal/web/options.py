"""Views as classes, and what is said about them on the line where one looks.

`@page("tokens.revoke", confirm="either")` on a class `Revoke` is the whole registration: route,
template (`tokens/revoke.pt`), who may come (`access`), which methods there are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from pyramid.httpexceptions import HTTPMethodNotAllowed
from pyramid.view import view_config
from pyramid.viewderivers import INGRESS

from portal.kernel.words import _
from portal.web.forms import Form
from portal.web.tokens import NONCE, new_nonce, take_nonce

OPENED_BEFORE = _("This form was opened before you signed in. Check it, then press the button again.")


class PageView:
    """A page that is read."""

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD")

    def __init__(self, request: Any) -> None:
        self.request = request
        self.work = request.work

    def __call__(self) -> Any:
        """The variables of the template, or a response."""
        return {}


class FormView(PageView):
    """A page with one form: shown, checked, and only then acted upon.

    The order is fixed here, once: the page's own fields, then the gates of the request (confirm
    that it is you), then the single-use nonce, then `submit`. Whatever refuses, the form comes back
    filled in, with status 422. After a sign-in in the middle (`request.resumed`) it comes back too, and
    so does a form from before a sign-in in another tab (`request.opened_before`): the person sees it and
    presses the button again.
    """

    methods: ClassVar[tuple[str, ...]] = ("GET", "HEAD", "POST")
    form_class: ClassVar[type[Form]] = Form
    single_use: ClassVar[bool] = False
    strangers_go_to: ClassVar[str | None] = None
    """The page to which somebody not signed in is led in place of the sign-in page; nothing is done for them here."""

    def __call__(self) -> Any:
        """Show the form, or check it and act."""
        if self.request.method != "POST":
            return self.render(self.blank())
        form = self.filled()
        if self.request.resumed:
            return self.render(form)
        if self.request.opened_before:
            self.request.tell(OPENED_BEFORE)
            return self.refuse(form)
        if not self.admit(form):
            return self.refuse(form)
        if self.single_use:
            take_nonce(self.request)
        return self.submit(form)

    def admit(self, form: Form) -> bool:
        """Whether the fields are valid and every gate opens.

        What is missing is told of both at once. What was typed to confirm is checked only where nothing else is
        wrong: else a form sent again would cost a code of the authenticator app, or an attempt, each time.
        """
        for gate in self.request.gates:
            if gate.before_fields and not gate.check():
                return False
        later = [gate for gate in self.request.gates if not gate.before_fields]
        complete = [form.validate(), *(gate.complete() for gate in later)]
        return all(complete) and all(gate.check() for gate in later)

    def blank(self) -> Form:
        """The form as it is first shown; override it to fill in what is known."""
        return self.form_class()

    def filled(self) -> Form:
        """The form as it was sent."""
        return self.form_class(self.request.POST)

    def refuse(self, form: Form) -> Any:
        """The form again with its errors, as status 422."""
        self.request.response.status_int = 422
        return self.render(form)

    def render(self, form: Form) -> Any:
        """The variables of the template for this form."""
        if self.single_use:
            self.request.hidden[NONCE] = new_nonce(self.request)
        if form.account_name() is not None:
            for gate in self.request.gates:
                gate.form.leave_out_account_name()
        return {"form": form, **self.show(form)}

    def show(self, form: Form) -> dict[str, Any]:
        """More variables of the template."""
        return {}

    def submit(self, form: Form) -> Any:
        """Act, and answer with a response or the template's variables."""
        raise NotImplementedError


def page(route: str, *, renderer: str | None = "", access: str = "signed-in", **options: Any) -> view_config:
    """Register a view class for a route named package.action.

    `access` is "anyone", "signed-in" (the default) or "admin"; `confirm` is "either" or "both";
    `renderer` defaults to the template that bears the route's name; None where the view answers itself.
    """
    if renderer == "":
        renderer = route.replace(".", "/") + ".pt"
    return view_config(route_name=route, renderer=renderer, access=access, **options)


def methods_deriver(view: Callable[[Any, Any], Any], info: Any) -> Callable[[Any, Any], Any]:
    """405 with an `Allow` header for a method the view class does not have."""
    allowed = getattr(info.original_view, "methods", None)
    if allowed is None:
        return view

    def wrapper(context: Any, request: Any) -> Any:
        if request.method not in allowed:
            raise HTTPMethodNotAllowed(headers={"Allow": ", ".join(allowed)})
        return view(context, request)

    return wrapper


def includeme(config: Any) -> None:
    """Add the derivers that need no domain."""
    config.add_view_deriver(methods_deriver, "methods", under=INGRESS, over="secured_view")
