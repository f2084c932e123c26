"""What the pages of links about a whole account say when the link does nothing any more."""

from __future__ import annotations

from portal.accounts.views.over import EXPIRED, NEW_LETTER, NEW_PASSWORD, SIGN_IN, USED, VOID, Over
from portal.kernel.words import _

NOT_ME_USED = Over(
    USED,
    _("It was for saying “this was not me”. With it, or with a newer one, a new password was chosen."),
    _("Sign in with that password. If it was not you who chose it, or if you do not know it, ask for a new letter."),
    (SIGN_IN, NEW_LETTER),
)
NOT_ME_EXPIRED = Over(
    EXPIRED,
    _("It was for saying “this was not me” about a sign-in, and it worked for seven days. Nothing was done."),
    _("If somebody else can use your account, choose a new password. That signs everybody out."),
    (NEW_PASSWORD, SIGN_IN),
)
RECOVERY_USED = Over(
    USED,
    _("It was for removing two-factor authentication from your account, and that was done with it."),
    _("Sign in with your password, then set up an authenticator app again."),
)
RECOVERY_CANCELLED = Over(
    VOID,
    _("It was for removing two-factor authentication from your account. The recovery was cancelled."),
    _("If you still can’t sign in, write to the people who run this index."),
    people=True,
)
RECOVERY_EXPIRED = Over(
    EXPIRED,
    _("It was for removing two-factor authentication from your account, and it worked for 24 hours. It did nothing."),
    _("If you still can’t sign in, write to the people who run this index: they can start again."),
    people=True,
)
STOPPED = Over(
    USED,
    _("It was for cancelling the recovery of your account, and the recovery is cancelled."),
    _("Your two-factor authentication stays as it is. You have nothing more to do here."),
)
STOPPED_OTHERWISE = Over(
    VOID,
    _("It was for cancelling the recovery of your account, and the recovery was cancelled in another way."),
    _("Your two-factor authentication stays as it is. You have nothing more to do here."),
)
TOO_LATE = Over(
    VOID,
    _("It was for cancelling the recovery of your account. It is too late: two-factor authentication was removed."),
    _("If that was not you, choose a new password at once, and tell the people who run this index."),
    (NEW_PASSWORD, SIGN_IN),
    people=True,
)
STOPPING_EXPIRED = Over(
    EXPIRED,
    _("It was for cancelling the recovery of your account. That recovery is over by itself."),
    _("Your two-factor authentication stays as it is. You have nothing more to do here."),
)
