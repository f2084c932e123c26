"""Passwords that many people use, among those long enough to be allowed at all.

Long common passwords are short ones repeated, joined or walked along the keyboard, and sentences
that everybody knows. So the list in `common_passwords.txt` is short, and a few rules stand for the
millions of variants: capitals, separators, look-alike signs, and digits at the ends.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("common_passwords.txt")
LOOK_ALIKES = str.maketrans("013457@$!|", "oieastasii")
LONGEST_UNIT = 8
SHORTEST = 10
MOST_WORDS = 3
STEPS_SHARE = 0.8
WALKS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "абвгдежзиклмнопрстуфхцчшщъыьэюя",
)


def squeeze(text: str) -> str:
    """Letters and digits only, in one case, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


def is_common(text: str) -> bool:
    """Whether the password, or what it is a variant of, is one that many people use."""
    plain = squeeze(text)
    if len(plain) < SHORTEST:
        return False
    variants = {plain, squeeze(text.translate(LOOK_ALIKES)), _without_end_digits(text)}
    return _is_walk(plain) or any(_is_known(variant) for variant in variants if variant)


def _without_end_digits(text: str) -> str:
    return squeeze(squeeze(text).strip("0123456789").translate(LOOK_ALIKES))


def _is_known(plain: str) -> bool:
    phrases, words = _load()
    return plain in phrases or _repeats(plain) or _is_joined(plain, words)


def _repeats(plain: str) -> bool:
    """Whether it is one short piece again and again, the last time perhaps cut off."""
    units = range(1, min(LONGEST_UNIT, len(plain) // 2) + 1)
    return any(plain == (plain[:unit] * len(plain))[: len(plain)] for unit in units)


def _is_joined(plain: str, words: frozenset[str]) -> bool:
    """Whether it is nothing but common words, at most `MOST_WORDS` of them (each may be repeated)."""
    reached: dict[int, frozenset[str]] = {0: frozenset()}
    for end in range(1, len(plain) + 1):
        for start in range(max(0, end - max(map(len, words))), end):
            word = plain[start:end]
            if start in reached and word in words:
                used = reached[start] | {word}
                if len(used) <= MOST_WORDS and (end not in reached or len(used) < len(reached[end])):
                    reached[end] = used
    return len(plain) in reached


def _is_walk(plain: str) -> bool:
    """Whether nearly every character stands beside the one before it, in the alphabet or on a keyboard."""
    pairs = [plain[at : at + 2] for at in range(len(plain) - 1)]
    steps = sum(pair in _steps() for pair in pairs)
    return bool(pairs) and steps >= STEPS_SHARE * len(pairs)


@cache
def _steps() -> frozenset[str]:
    pairs = {walk[at : at + 2] for walk in WALKS for at in range(len(walk) - 1)}
    return frozenset(pairs | {pair[::-1] for pair in pairs} | {pair[0] * 2 for pair in pairs})


@cache
def _load() -> tuple[frozenset[str], frozenset[str]]:
    """(whole phrases, words that are joined): a line with spaces is a phrase, a line of one word a word."""
    lines = [line.strip() for line in LIST.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    phrases = {squeeze(line) for line in lines if " " in line}
    return frozenset(phrases), frozenset(squeeze(line) for line in lines if " " not in line)
