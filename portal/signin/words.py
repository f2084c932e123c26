"""What a person is told about passwords and codes that were not taken."""

from __future__ import annotations

from portal.factors.verdict import Outcome, Verdict
from portal.kernel.words import TranslationString, _, filled

WRONG_PAIR = _("User name or password is wrong. Check both and try again.")
WRONG_PASSWORD = _("The password is wrong. Try again.")
NO_PASSWORD = _("Enter your password.")
NO_CODE = _("Enter the code from your authenticator app, or a recovery code.")
NEITHER = _("Enter your password or a code from your authenticator app.")
WRONG_CODE = _("This code is wrong. Type the code that your authenticator app shows now, or a recovery code.")
USED_CODE = _("This code was used already. Wait until ${time} UTC, then type the next code.")
USED_RECOVERY = _("This recovery code was used already. Type another one.")
STEP_OVER = _("Too much time or too many tries have passed. Enter your password again.")


def about(verdict: Verdict) -> TranslationString:
    """What is wrong with a code that was not accepted, and what to do."""
    if verdict.outcome is Outcome.WRONG:
        return WRONG_CODE
    if verdict.wait_until is None:
        return USED_RECOVERY
    return filled(USED_CODE, {"time": verdict.wait_until.strftime("%H:%M:%S")})
