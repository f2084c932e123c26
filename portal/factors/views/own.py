"""The authenticator app that a page is about."""

from __future__ import annotations

from uuid import UUID

from portal.factors.totp import service as totp
from portal.factors.totp.models import Authenticator
from portal.kernel.errors import NotFound
from portal.web.options import PageView


def own_authenticator(view: PageView) -> Authenticator:
    """The one in the path, if it is the person's own. Raises NotFound."""
    try:
        chosen = UUID(view.request.matchdict["id"])
    except ValueError as error:
        raise NotFound from error
    return totp.find_own(view.work, view.request.person.account_id, chosen)
