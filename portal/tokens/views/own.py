"""What the pages of tokens share: whose token it is, and how one is shown for the only time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from portal.kernel.errors import NotFound
from portal.kernel.networks import mask_network
from portal.kernel.words import TranslationString, _, filled
from portal.signin.policy import require_live
from portal.tokens import service
from portal.tokens.limits import Expiration, Limits, Networks, NewProject, ProjectNames
from portal.tokens.limits.own import network
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


def sentences(request: Any, token: Token) -> list[TranslationString]:
    """The limits of a token beside its projects and its end, each in a sentence.

    A network in them is shown as coarsely as this session may see it.
    """
    told: Sequence[type] = (Expiration, ProjectNames)
    found = token.limits
    if request.limited and (networks := found.get(Networks)) is not None:
        held = [coarse(limit) if limit is networks else limit for limit in found.held]
        found = Limits(tuple(held))
    if found.get(NewProject) is None and found.get(ProjectNames) is None:
        told = (Expiration,)
    return found.sentences(request.format_datetime, without=told)


def coarse(limit: Any) -> Networks:
    """The limit with its networks as limited mode may see them."""
    masked = [network(mask_network(str(one.network_address))) for one in limit.networks]
    pairs = zip(limit.networks, masked, strict=True)
    return Networks.of([one if one.prefixlen < seen.prefixlen else seen for one, seen in pairs])


def too_many(limit: int) -> TranslationString:
    """The sentence about the number of working tokens."""
    return filled(TOO_MANY_TOKENS, {"limit": limit})


def shown_once(request: Any, created: service.Created, *, old: Token | None = None) -> dict[str, Any]:
    """The variables of the page that shows a new token, with a block for the tools that it is for. Raises SessionOver.

    `old` is the token in whose place it came.
    """
    require_live(request)
    settings = request.instance.settings
    server = settings.host.replace(":", "-")
    block = f"[distutils]\nindex-servers =\n    {server}\n\n[{server}]\nrepository = {settings.base_url}/legacy/\n"
    return {
        "token": created.token,
        "limits": sentences(request, created.token),
        "old": old,
        "secret": created.secret,
        "pypirc": f"{block}username = __token__\npassword = {created.secret}",
        "command": f"twine upload --repository {server} dist/*",
        "netrc": f"machine {urlsplit(settings.base_url).hostname}\nlogin __token__\npassword {created.secret}",
        "install": f"pip install --index-url {settings.base_url}/simple/ NAME",
    }
