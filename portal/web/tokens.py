"""Form tokens and nonces: what a form carries so that only its own page can have sent it, and once.

A form token is bound to the session row of whoever is signed in, or to nothing for a stranger. It
is salted anew each time, so that a compressed page never repeats it (BREACH).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from portal.kernel.errors import Invalid
from portal.kernel.once import seal_once, take_once
from portal.kernel.vault import Unsealable

TOKEN = "_token"  # noqa: S105 - the name of a field
NONCE = "_nonce"
PURPOSE = "form-token"
NONCE_LIFE = timedelta(days=1)
TOKEN_LIFE = timedelta(days=7)
SALT_BYTES = 12
TIME_BYTES = 5


class StaleForm(Invalid):
    """The form token is missing, altered, too old or belongs to another session."""


def make_token(request: Any) -> str:
    """A form token for the session of this request."""
    salt = secrets.token_bytes(SALT_BYTES)
    at = int(request.work.now.timestamp()).to_bytes(TIME_BYTES, "big")
    return base64.urlsafe_b64encode(salt + at + _mac(request, salt + at, request.session_key)).decode()


def check_token(request: Any, *, stranger: bool) -> None:
    """Raise StaleForm unless the body carries a token of this session, or (`stranger`) of none."""
    if not is_token_of(request, [request.session_key, ""] if stranger else [request.session_key]):
        raise StaleForm


def is_token_of(request: Any, keys: Sequence[str]) -> bool:
    """Whether the body carries a token that was given out within a week for one of these sessions ("" is none)."""
    try:
        held = base64.urlsafe_b64decode(request.POST.get(TOKEN, "").encode("ascii"))
    except (UnicodeEncodeError, binascii.Error):
        return False
    head, mac = held[: SALT_BYTES + TIME_BYTES], held[SALT_BYTES + TIME_BYTES :]
    age = request.work.now.timestamp() - int.from_bytes(head[SALT_BYTES:], "big")
    matches = [hmac.compare_digest(mac, _mac(request, head, key)) for key in keys]
    return any(matches) and -60 <= age <= TOKEN_LIFE.total_seconds()


def _mac(request: Any, head: bytes, key: str) -> bytes:
    mac: bytes = request.instance.vault.mac(head + key.encode(), purpose=PURPOSE)
    return mac


def new_nonce(request: Any) -> str:
    """A value that lets one form be sent once, within a day."""
    return seal_once(request.work, {"route": request.matched_route.name}, purpose=NONCE, life=NONCE_LIFE)


def take_nonce(request: Any) -> None:
    """Use the form's nonce up. Raises AlreadyUsed, and StaleForm where it is not ours."""
    try:
        facts = take_once(request.work, request.POST.get(NONCE, ""), purpose=NONCE, life=NONCE_LIFE)
    except Unsealable as error:
        raise StaleForm from error
    if facts["route"] != request.matched_route.name:
        raise StaleForm


def hidden_fields(request: Any) -> list[tuple[str, str]]:
    """(name, value) of every hidden input that a form of this page must carry."""
    return [(TOKEN, make_token(request)), *request.hidden.items()]


def includeme(config: Any) -> None:
    """Add the request method; `signin` gives `session_key` and `earlier_keys` their values."""
    config.add_request_method(hidden_fields)
    config.registry.session_key = lambda request: ""
    config.registry.earlier_keys = lambda request: []
    config.add_request_method(lambda request: request.registry.session_key(request), "session_key", reify=True)
