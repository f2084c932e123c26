"""What makes a password too easy, and the sentence that says so.

Length decides most (NIST SP 800-63B §3.1.1.2: no rules about kinds of characters). Beyond it a
password is refused only if it is among the first that an attacker tries.
"""

from __future__ import annotations

from zxcvbn import zxcvbn

from portal.accounts.common import is_common, squeeze
from portal.kernel.words import TranslationString, _

LEAST = 15
BYTES_LIMIT = 1024
ESTIMATED_LENGTH = 72
GOOD_SCORE = 3
LEFT_OVER = 8
SHORTEST_WORD = 3

# The estimator tries every combination of what these signs may stand for: with many different
# ones it takes seconds, and a password that has them is not in its lists.
STAND_INS = frozenset("4@8({[<369!1|0$5+7%2")
STAND_INS_LIMIT = 8

COMMON = _("Many people use this password, or one very much like it. Choose another.")
BREACHED = _("This password was stolen from another site and published. Choose another, and change it there as well.")
CONTEXT = _("Most of this password is your user name, your e-mail address or the name of this site. Choose another.")
ADVICE = {
    "repeat": _("This password repeats itself, so it is easy to guess. Use several words that do not belong together."),
    "sequence": _("This password counts or follows the alphabet. Use several words that do not belong together."),
    "spatial": _("This password follows the keys of a keyboard. Use several words that do not belong together."),
    "date": _("This password is made of dates, so it is easy to guess. Use several words that do not belong together."),
    "dictionary": _("This password is made of well-known words. Use several words that do not belong together."),
}
EASY = _("This password is easy to guess. Use several words that do not belong together.")


def objections(text: str, *, words: list[str]) -> list[TranslationString]:
    """Why `text` (in NFC) can't become a password, as whole sentences; empty if it can."""
    if len(text) < LEAST:
        return [_("This password is too short. Use at least ${least} characters.", mapping={"least": LEAST})]
    if len(text.encode("utf-8", "replace")) > BYTES_LIMIT:
        return [_("This password is too long. Use at most ${most} characters.", mapping={"most": BYTES_LIMIT // 4})]
    if is_common(text):
        return [COMMON]
    if _is_made_of(text, words):
        return [CONTEXT]
    return _estimate(text, words)


def _is_made_of(text: str, words: list[str]) -> bool:
    """Whether hardly anything is left of it without the words."""
    rest = squeeze(text)
    for word in sorted({squeeze(word) for word in words}, key=len, reverse=True):
        if len(word) >= SHORTEST_WORD:
            rest = rest.replace(word, "")
    return len(rest) < LEFT_OVER and rest != squeeze(text)


def _estimate(text: str, words: list[str]) -> list[TranslationString]:
    # It raises ValueError above its length.
    if len(text) > ESTIMATED_LENGTH or len(STAND_INS & set(text)) > STAND_INS_LIMIT:
        return []
    found = zxcvbn(text, user_inputs=words)
    if found["score"] >= GOOD_SCORE:
        return []
    longest = max(found["sequence"], key=lambda match: len(match["token"]))
    return [ADVICE.get(longest["pattern"], EASY)]
