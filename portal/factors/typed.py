"""What people type for a code, folded to what a machine compares."""

from __future__ import annotations

import re
import unicodedata

TOTP_CODE = re.compile(r"[0-9]{6}")
LONGEST = 200


def fold(text: str) -> str:
    """Lower-case letters and ASCII digits: spaces, dashes and invisible marks dropped, digits of every script read."""
    folded = []
    for char in unicodedata.normalize("NFKC", text):
        digit = unicodedata.decimal(char, None)
        if digit is not None:
            folded.append(str(digit))
        elif unicodedata.category(char) not in {"Zs", "Zl", "Zp", "Pd", "Cc", "Cf"}:
            folded.append(char.lower())
    return "".join(folded)


def is_totp_code(folded: str) -> bool:
    """Whether this has the form of a code from an authenticator app."""
    return TOTP_CODE.fullmatch(folded) is not None
