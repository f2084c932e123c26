"""Recovery codes as text: five groups of four, the first a public selector, the others a secret of 80 bits.

The alphabet is base32 without the letters i, l, o and u, which are read as the digits they look like
(after Crockford), so that a code copied by hand still works.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from portal.factors.typed import fold

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LOOK_ALIKES = str.maketrans("ilo", "110")
GROUP = 4
SELECTOR_LENGTH = 4
SECRET_LENGTH = 16
LENGTH = SELECTOR_LENGTH + SECRET_LENGTH
COUNT = 10

SHAPE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


@dataclass(frozen=True)
class Code:
    """One recovery code, in its two parts."""

    selector: str
    secret: str

    @property
    def text(self) -> str:
        """The code as people read it: `k3vw-8fhd-92mq-0pxs-tr6b`."""
        whole = self.selector + self.secret
        return "-".join(whole[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def new_codes() -> list[Code]:
    """Ten codes whose selectors differ."""
    selectors: set[str] = set()
    while len(selectors) < COUNT:
        selectors.add(_random(SELECTOR_LENGTH))
    return [Code(selector, _random(SECRET_LENGTH)) for selector in sorted(selectors)]


def read_code(text: str) -> Code | None:
    """The code that somebody typed, in any case and grouping; None where it can't be one."""
    folded = squeeze(text)
    if SHAPE.fullmatch(folded) is None:
        return None
    return Code(folded[:SELECTOR_LENGTH], folded[SELECTOR_LENGTH:])


def read_codes(texts: Iterable[str]) -> list[Code]:
    """The codes of these texts; what can't be one is left out."""
    return [code for code in map(read_code, texts) if code]


def squeeze(text: str) -> str:
    """Text without spaces and hyphens, its look-alikes read as digits."""
    return fold(text).translate(LOOK_ALIKES)


def names_one_of(text: str, codes: Iterable[Code]) -> bool:
    """Whether one of the codes stands in the text, alone or in a pasted list."""
    squeezed = squeeze(text)
    return any(code.selector + code.secret in squeezed for code in codes)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
