"""The moment at which somebody is signed in: the session begins and the answer leads into it."""

from __future__ import annotations

import re
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.interfaces import IRoutesMapper

from portal.accounts import tickets
from portal.accounts.models import Account
from portal.accounts.tickets import Purpose
from portal.language import offered
from portal.signin import places, sessions
from portal.signin.cookies import SESSION, give_cookie
from portal.signin.events import SignedIn, SignedInLimited
from portal.signin.models import Mode
from portal.signin.policy import HANDLE_FIELD, Person, become
from portal.web.errors import ADMIN
from portal.web.requests import HANDLE, LOCALE

LOCAL = re.compile(r"/(?![/\\~])[!-\[\]-~]*")
NEXT_LIMIT = 500


def open_session(request: Any, account: Account, mode: Mode, *, longer: bool) -> None:
    """Begin a session of this browser: a cookie, or a handle in the links and forms of the answer.

    A session that the browser had before ends: nothing is left that nobody can sign out of.
    """
    tells_site = "Sec-Fetch-Site" in request.headers
    event = SignedIn if mode is Mode.COOKIE else SignedInLimited
    replaced = request.visit.person
    if replaced is not None:
        sessions.end(request.work, replaced.session_id)
    tickets.void(request.work, Purpose.RESET_PASSWORD, account.id)
    new_place = places.is_new(request.work, account.id)
    session, secret = sessions.start(request.work, account.id, mode, longer=longer, tells_site=tells_site)
    become(request, Person(account.id, account.username, account.is_admin, account.locale, session))
    request.work.record(event(account_id=account.id))
    if new_place:
        places.note(request.work, account.id)
    if mode is Mode.COOKIE:
        give_cookie(request, SESSION, secret)
    else:
        below(request, secret)
    # The forms of this answer belong to the new session.
    request.session_key = str(session.id)


def below(request: Any, handle: str) -> None:
    """Let the links of this answer keep the handle, and its forms carry it."""
    language = request.environ.get(LOCALE, "")
    request.environ[HANDLE] = handle
    request.environ["SCRIPT_NAME"] = f"/~{handle}" + (f"/{language}" if language else "")
    request.hidden[HANDLE_FIELD] = handle


def renew_session(request: Any) -> None:
    """Give the session of this request a new secret: who knows the old one can use it no longer than a minute."""
    person: Person = request.person
    if person.session.mode == Mode.COOKIE:
        request.renews_cookie = True
    else:
        below(request, sessions.replace_secret(request.work, person.session))


def go_on(request: Any, wanted: str) -> HTTPSeeOther:
    """To the page the person wanted, if it is one of ours, else to the overview of the account."""
    target = wanted if is_ours(request, wanted) else request.action_path("desk.overview")
    handle = request.environ.get(HANDLE, "") if request.person and request.person.limited else ""
    return HTTPSeeOther(f"/~{handle}{target}" if handle else target)


def is_ours(request: Any, path: str) -> bool:
    """Whether this is the path of a page of this site: never another site, never another handle.

    The pages of administrators count: below a handle they say what they need.
    """
    if len(path) > NEXT_LIMIT or not LOCAL.fullmatch(path):
        return False
    bare = path.partition("?")[0]
    for language in offered():
        bare = bare.removeprefix(f"/{language}") if bare.startswith(f"/{language}/") else bare
    asked = request.copy_get()
    asked.environ["PATH_INFO"] = bare
    route = request.registry.getUtility(IRoutesMapper)(asked)["route"]
    return route is not None and (route.name in request.registry.page_routes or path.startswith(ADMIN))
