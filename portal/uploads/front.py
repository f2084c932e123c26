"""What an upload's headers alone give away: whether its body is worth reading at all.

The server asks before it takes the first byte of a body; what is refused here is never written to the disk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import parse_qs

from portal.kernel.causes import CauseRefused
from portal.kernel.settings import Settings
from portal.language import offered
from portal.signin.cookies import SESSION, name_under
from portal.tokens.errors import TokenRefused, not_ours
from portal.tokens.header import password_of, token_of
from portal.tokens.macaroon import Unreadable, read
from portal.uploads import errors
from portal.uploads.errors import Refusal
from portal.uploads.receive import ROOM, too_large

LIMITED = "limited"
"""The query field by which the form of somebody without cookies says that a handle stands in it."""


@cache
def paths() -> re.Pattern[str]:
    """The addresses whose bodies may be as large as a file; a language that is offered may stand before a page's."""
    languages = "|".join(map(re.escape, offered()))
    return re.compile(rf"/legacy/?|(?:/(?:{languages}))?/manage/(?:projects|project/[^/]+)/upload/")


def takes_files(path: str) -> bool:
    """Whether an upload may come to this path."""
    return paths().fullmatch(path) is not None


def comes_from_nobody(path: str, headers: Mapping[str, str], query: str, length: int, settings: Settings) -> bool:
    """Whether a file is sent to a page, and nothing says that its sender is signed in.

    A hint is enough here: who it is and whether the session stands, only the database knows. What is no larger than
    any other form goes through: whoever was signed out meanwhile is asked to sign in by the page.
    """
    if path.startswith("/legacy") or length <= settings.form_limit or LIMITED in parse_qs(query):
        return False
    cookie = rf"(?:^|;)\s*{re.escape(name_under(settings, SESSION))}=[^\s;]"
    return re.search(cookie, headers.get("COOKIE", "")) is None


def most(path: str, settings: Settings) -> int:
    """How many bytes a body sent to this path may have."""
    return settings.upload_limit + ROOM if takes_files(path) else settings.form_limit


def closed(settings: Settings) -> Refusal | None:
    """Why this index takes no upload at all, if it takes none."""
    return None if settings.takes_uploads else Refusal(errors.UPLOADS_CLOSED)


def refusal(path: str, headers: Mapping[str, str], length: int | None, settings: Settings) -> CauseRefused | None:
    """Why a body of this length can't come to anything, whatever it holds. `headers` have their CGI names.

    A length is always needed: without it nobody could say beforehand whether there is room.
    """
    if takes_files(path) and (none_taken := closed(settings)):
        return none_taken
    if length is None:
        return CauseRefused(errors.NO_LENGTH)
    if length > most(path, settings):
        return too_large(settings)
    return _refusal_of(headers.get("AUTHORIZATION"), settings) if path.startswith("/legacy") else None


def _refusal_of(said: str | None, settings: Settings) -> TokenRefused | None:
    """Why nobody can upload with these credentials."""
    # Whether a password is right, only the database knows; everything else is told as anywhere.
    if settings.upload_policy == "password-or-token" and password_of(said) is not None:
        return None
    try:
        read(token_of(said))
    except TokenRefused as refused:
        return refused
    except Unreadable as unreadable:
        # Nobody can guess a token with such a thing, so nobody needs to count it.
        return not_ours(unreadable.location, settings.host)
    return None
