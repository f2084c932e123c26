"""What an `Authorization` header carries: a token, or a user name and a password (RFC 7617)."""

from __future__ import annotations

import binascii
from base64 import b64decode

from portal.tokens import errors
from portal.tokens.errors import TokenRefused
from portal.tokens.macaroon import Unreadable

USERNAME = "__token__"
HEADER_LIMIT = 8 * 1024


def token_of(header: str | None) -> str:
    """The token in an `Authorization` header, as it was sent. Raises TokenRefused, and Unreadable above 8 KB."""
    if header is None or not header.strip():
        raise errors.missing()
    if len(header) > HEADER_LIMIT:
        raise Unreadable
    scheme, _, rest = header.strip().partition(" ")
    match scheme.lower():
        case "basic":
            return _from_basic(rest)
        case "token" | "bearer":
            return rest.strip()
    raise errors.ill_formed()


def password_of(header: str | None) -> tuple[str, str] | None:
    """User name and password in an `Authorization` header; None where it carries a token, or nothing readable."""
    if header is None or len(header) > HEADER_LIMIT:
        return None
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        username, password = _pair(rest)
    except TokenRefused:
        return None
    return None if username.strip() == USERNAME else (username.strip(), password)


def _pair(text: str) -> tuple[str, str]:
    try:
        username, colon, password = b64decode(text.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError) as error:
        raise errors.ill_formed() from error
    if not colon:
        raise errors.ill_formed()
    return username, password


def _from_basic(text: str) -> str:
    username, password = _pair(text)
    if username.strip() != USERNAME:
        raise errors.user_name(username.strip())
    return password.strip()
