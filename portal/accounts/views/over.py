"""The page of a link that does nothing any more: whether it was used or is too old, what it was for, how to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyramid.response import Response

from portal.kernel.words import TranslationString, _

USED = _("This link was used already")
EXPIRED = _("This link has expired")
VOID = _("This link no longer works")
INCOMPLETE = _("This link is not complete")

Way = tuple[TranslationString, str]
SIGN_IN: Way = (_("Sign in"), "signin.login")
NEW_LETTER: Way = (_("Ask for a new letter"), "accounts.reset_request")
NEW_PASSWORD: Way = (_("Choose a new password"), "accounts.reset_request")
NEW_CONFIRMATION: Way = (_("Sign in and ask for a new letter"), "accounts.emails")


@dataclass(frozen=True)
class Over:
    """What such a page says. `ways` are links (label, route), the best one first; `people`: also to the operators."""

    headline: TranslationString
    about: TranslationString
    advice: TranslationString
    ways: tuple[Way, ...] = (SIGN_IN,)
    people: bool = False


CONFIRM_UNKNOWN = Over(
    INCOMPLETE,
    _("A part of it is missing or changed, or it was never one of ours."),
    _("Mail programs sometimes break long links. Copy the whole link from the letter, to its last sign, and open it."),
)
CONFIRM_USED = Over(
    USED,
    _("It was for confirming an e-mail address. The address is confirmed."),
    _("You have nothing more to do here. Sign in to go on."),
)
CONFIRM_REPLACED = Over(
    VOID,
    _("It was for confirming an e-mail address. The account uses another one now, or the address was removed from it."),
    _("If the account is yours, look for the letter to the other address. Sign in to have it sent again."),
    (NEW_CONFIRMATION,),
)
CONFIRM_EXPIRED = Over(
    EXPIRED,
    _("It was for confirming an e-mail address, and it worked for 24 hours. The address is not confirmed."),
    _("A new letter brings a new link. You ask for it after signing in."),
    (NEW_CONFIRMATION,),
)
CONFIRM_TAKEN = Over(
    VOID,
    _("Another account has confirmed this e-mail address, so this account can’t. Nothing was changed."),
    _("If both accounts are yours, sign in to the other one."),
)
RESET_USED = Over(
    USED,
    _("It was for choosing a new password, and one was chosen with it."),
    _("Sign in with that password. If it was not you who chose it, or if you do not know it, ask for a new letter."),
    (SIGN_IN, NEW_LETTER),
)
RESET_CHANGED = Over(
    VOID,
    _("It was for choosing a new password. The password was changed in another way after we had sent it."),
    _("Sign in with the new password. If you did not choose it, or do not know it, ask for a new letter."),
    (SIGN_IN, NEW_LETTER),
)
RESET_SIGNED_IN = Over(
    VOID,
    _("It was for choosing a new password. Somebody has signed in with the old one after we had sent it."),
    _("If that was you, you need no new password. If not, or if you still do not know it, ask for a new letter."),
    (NEW_LETTER, SIGN_IN),
)
RESET_EXPIRED = Over(
    EXPIRED,
    _("It was for choosing a new password, and it worked for one hour. The password was not changed."),
    _("A new letter brings a new link."),
    (NEW_LETTER, SIGN_IN),
)
INVITATION_USED = Over(
    USED,
    _("It was for making an account, and one was made with it."),
    _("Sign in to that account. If it was not you who made it, tell the people who run this index."),
    people=True,
)
INVITATION_EXPIRED = Over(
    EXPIRED,
    _("It was an invitation to make an account, and it worked for seven days. No account was made."),
    _("Ask the people who run this index for a new invitation."),
    people=True,
)
INVITATION_CLOSED = Over(
    VOID,
    _("It was an invitation to make an account. Meanwhile this index takes no new accounts."),
    _("Ask the people who run this index. Should they take new accounts again within seven days, the link will work."),
    (),
    people=True,
)
INVITATION_TAKEN = Over(
    VOID,
    _("It was for making an account. An account has this e-mail address already."),
    _("Sign in to that account."),
)
ADMINISTRATOR_USED = Over(
    USED,
    _("It was for making the first administrator, and this index has one."),
    _("If that was not you, tell the people who run the server at once."),
    people=True,
)
ADMINISTRATOR_EXPIRED = Over(
    EXPIRED,
    _("It was for making the first administrator, and it worked for one hour. This index has no administrator yet."),
    _("Stop the server and start it again: it then gives you a new link."),
    (),
)


def say_over(request: Any, over: Over, status: int = 410) -> Response:
    """The page that says so."""
    request.response.status_int = status
    response: Response = request.render("accounts/link_over.pt", {"over": over})
    return response
