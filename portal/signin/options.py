"""View options: who may come (`access`, the holds), and what has to be confirmed (`confirm`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.exceptions import ConfigurationError
from pyramid.httpexceptions import HTTPSeeOther

from portal.kernel.errors import NotFound
from portal.signin.begin import below
from portal.signin.errors import NeedsCookies
from portal.signin.gates import choose_gate
from portal.signin.holds import HOLDS, held_by
from portal.signin.policy import READS_HANDLE, become, displace, login_path
from portal.signin.resume import resume
from portal.web.options import FormView

View = Callable[[Any, Any], Any]
LEVELS = {None, "either", "both", "by-mode", "none"}


def is_form(info: Any) -> bool:
    """Whether the view is a class that shows and takes a form."""
    return isinstance(info.original_view, type) and issubclass(info.original_view, FormView)


def visit_deriver(view: View, info: Any) -> View:
    """Before the gates: say that the body may carry a handle, and let the request act as its person."""
    reads_handle = is_form(info)
    public = info.options.get("access", "signed-in") == "anyone"
    if info.exception_only:
        return view

    def wrapper(context: Any, request: Any) -> Any:
        # What programs read is the same for everybody: nobody is looked up for a style sheet or a download.
        if public and request.matched_route.name in request.registry.plain_routes:
            return view(context, request)
        if reads_handle:
            request.environ[READS_HANDLE] = True
            displace(request)
        become(request, request.visit.person)
        if request.visit.person is not None and request.visit.handle:
            below(request, request.visit.handle)
        return view(context, request)

    return wrapper


def access_deriver(view: View, info: Any) -> View:
    """Let in whom the view is for. A stranger is asked to sign in; what was typed in a form is kept.

    An account that is held back (`HOLDS`) is led to the one page that gets it on, from every view but those
    that name the hold in an option: what that page needs, and the ways out.
    """
    access = info.options.get("access", "signed-in")
    strangers_go_to = getattr(info.original_view, "strangers_go_to", None)
    passed = [hold.option for hold in HOLDS if info.options.get(hold.option)]
    if access == "anyone" or info.exception_only:
        return view

    def wrapper(context: Any, request: Any) -> Any:
        if request.person is None:
            session = request.visit.session
            late = session is not None and session.ended_at is None
            if strangers_go_to:
                return HTTPSeeOther(request.action_path(strangers_go_to))
            if request.method != "POST" or not is_form(info) or not late:
                return HTTPSeeOther(login_path(request))
            asked = resume(request, session)
            if asked is not None:
                return asked
        if access == "admin":
            _check_admin(request)
        held = held_by(request.work, request.person.account_id, but=passed)
        return HTTPSeeOther(request.page_path(held.route)) if held else view(context, request)

    return wrapper


def _check_admin(request: Any) -> None:
    if not request.person.is_admin:
        raise NotFound
    if request.person.limited:
        raise NeedsCookies


access_deriver.options = ("access", *(hold.option for hold in HOLDS))  # type: ignore[attr-defined]


def confirm_deriver(view: View, info: Any) -> View:
    """Put the confirm fields into the form. Under a handle every form has them, unless it says "none".

    "by-mode": as "either", but as "both" under a handle. A confirmation is good for the later steps at the same
    address: of that view, about that object.
    """
    level = info.options.get("confirm")
    if level not in LEVELS or (level in {"either", "both", "by-mode"} and not is_form(info)):
        raise ConfigurationError(f"confirm={level!r} needs a FormView: {info.original_view!r}")
    if not is_form(info) or level == "none" or info.options.get("access", "signed-in") == "anyone":
        return view

    def wrapper(context: Any, request: Any) -> Any:
        asked: Any = ("both" if request.person.limited else "either") if level == "by-mode" else level
        gate = choose_gate(request, request.person, asked, action_of(request))
        if gate is not None:
            request.gates.append(gate)
        return view(context, request)

    return wrapper


confirm_deriver.options = ("confirm",)  # type: ignore[attr-defined]


def action_of(request: Any) -> str:
    """What is confirmed: the view, and what its address names."""
    return " ".join([request.matched_route.name, *map(str, request.matchdict.values())])


__all__ = ["access_deriver", "confirm_deriver", "visit_deriver"]
