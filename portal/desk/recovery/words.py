"""Why nothing is started, in sentences for an administrator."""

from __future__ import annotations

from datetime import UTC

from portal.desk.recovery import errors
from portal.kernel.words import TranslationString, _, filled

REASONS: dict[type[Exception], TranslationString] = {
    errors.NotAdministrator: _("Only an administrator of this index can do this. Nothing was started."),
    errors.OwnAccount: _(
        "You can’t recover your own account, or approve what you have started. Ask another administrator."
    ),
    errors.NobodyApproves: _(
        "This is the account of an administrator, and nobody but the two of you could approve its recovery. Whoever"
        " runs the server can start it there: doorward user recover, and the user name. You can then approve it."
    ),
    errors.NothingLost: _(
        "This account has no two-factor authentication. Its owner can choose a new password by e-mail."
    ),
    errors.NoWay: _("This account has no confirmed e-mail address to which a link could be sent."),
    errors.NotOpen: _("This account is closed. Nothing can be recovered."),
    errors.ChangedLately: _(
        "The password or an e-mail address of this account was changed in the last 7 days. A recovery is possible"
        " from ${day}, ${time} UTC."
    ),
    errors.UnderWay: _("A recovery of this account is under way already."),
    errors.NotUnderWay: _("This has changed in the meantime. Look at it again."),
}


def reason(error: Exception) -> TranslationString:
    """The sentence of a refusal."""
    sentence = REASONS[type(error)]
    if isinstance(error, errors.ChangedLately):
        # It is read in a terminal as well: written in the same way in every language (ISO 8601).
        until = error.until.astimezone(UTC)
        return filled(sentence, {"day": until.date().isoformat(), "time": f"{until:%H:%M}"})
    return sentence
