"""What the pages of tokens share: whose token it is, and how one is shown for the only time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from portal.kernel.errors import NotFound
from portal.kernel.words import TranslationString, _, filled
from portal.kernel.work import Work
from portal.projects import service as projects
from portal.projects.names import normalize
from portal.signin.policy import require_live
from portal.tokens import service
from portal.tokens.limits import Expiration, Limit, Limits, Networks, NewProject, ProjectNames, UploadsLeft
from portal.tokens.models import Token
from portal.web.options import PageView

NAME_USED = _("You have a working token of this name. Enter another name.")
TOO_MANY_TOKENS = _("You have ${limit} working tokens, and more are not possible. Revoke one first.")
TOO_LONG = _("The names of these projects are too long for one token. Choose fewer projects.")


def own_token(view: PageView) -> Token:
    """The token in the path, if it is the person's own. Raises NotFound."""
    return service.find_own(view.work, view.request.person.account_id, parse_id(view.request.matchdict["id"]))


def own_address(view: PageView) -> str | None:
    """The reader's address, as an example of a network; None where it can't be shown whole."""
    return None if view.request.limited else view.work.actor.address or None


def parse_id(text: str) -> UUID:
    """A row id as it stands in an address. Raises NotFound where it is none."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def spelling(work: Work, tokens: Iterable[Token]) -> dict[str, str]:
    """How the projects of these tokens are written, by normalized name; one that is yet to be made as it was typed."""
    given = list(tokens)
    typed = {normalize(token.new_project): token.new_project for token in given if token.new_project is not None}
    return typed | projects.spelled(work, {name for token in given for name in token.projects or ()})


def sentences(
    request: Any, token: Token, names: Mapping[str, str], *, in_full: bool = False
) -> list[TranslationString | str]:
    """The limits of a token beside its projects and its end, each in a sentence; `names` are those of `spelling`.

    What has ended counts nothing any more. In limited mode its networks are only counted: cut short, they would read
    as if the token worked from more places than it does. `in_full`: this is the answer to somebody who has just
    confirmed who they are.
    """
    found = Limits(tuple(_written(limit, names) for limit in token.limits.held))
    told: list[type] = [Expiration] if token.state(request.work.now) == "works" else [Expiration, UploadsLeft]
    if found.get(NewProject) is not None or found.get(ProjectNames) is not None:
        told.append(ProjectNames)
    networks = found.get(Networks) if request.limited and not in_full else None
    if networks is None:
        return [*found.sentences(request.format_datetime, without=told)]
    counted = request.plural(
        "It works only from ${count} network, which is not shown in limited mode.",
        "It works only from ${count} networks, which are not shown in limited mode.",
        len(networks.networks),
    )
    return [counted, *found.sentences(request.format_datetime, without=[*told, Networks])]


def _written(limit: Limit, names: Mapping[str, str]) -> Limit:
    """The limit with the name of its new project as the project has it by now."""
    return replace(limit, name=names.get(normalize(limit.name), limit.name)) if isinstance(limit, NewProject) else limit


def too_many(limit: int) -> TranslationString:
    """The sentence about the number of working tokens."""
    return filled(TOO_MANY_TOKENS, {"limit": limit})


def shown_once(request: Any, created: service.Created, *, old: Token | None = None) -> dict[str, Any]:
    """The variables of the page that shows a new token, with a block for the tools that it is for. Raises SessionOver.

    `old` is the token in whose place it came.
    """
    require_live(request)
    settings = request.instance.settings
    names = spelling(request.work, [created.token])
    server = settings.host.replace(":", "-")
    block = f"[distutils]\nindex-servers =\n    {server}\n\n[{server}]\nrepository = {settings.base_url}/legacy/\n"
    return {
        "token": created.token,
        "limits": sentences(request, created.token, names, in_full=True),
        "names": names,
        "old": old,
        "secret": created.secret,
        "pypirc": f"{block}username = __token__\npassword = {created.secret}",
        "command": f"twine upload --repository {server} dist/*",
        "netrc": f"machine {urlsplit(settings.base_url).hostname}\nlogin __token__\npassword {created.secret}",
        "install": f"pip install --index-url {settings.base_url}/simple/ NAME",
    }
