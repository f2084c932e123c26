"""What is said about each kind of problem: what happened, why, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kernel.words import TranslationString, _


@dataclass(frozen=True)
class Problem:
    """What an error page says: what happened, why, and what to do.

    `leads_back`: to the page of the form, if any. `reminds`: it may be that somebody has forgotten a password.
    `signs_in`: to the page where one signs in.
    """

    status: int
    headline: TranslationString
    explanation: TranslationString
    advice: TranslationString
    leads_back: bool = False
    reminds: bool = False
    signs_in: bool = False


PROBLEMS = {
    400: Problem(
        400,
        _("This request can’t be read"),
        _("What your browser sent is not in a form that this site understands."),
        _("Go back, reload the page and try again."),
    ),
    401: Problem(
        401,
        _("Sign in first"),
        _("This address needs credentials."),
        _("Sign in, or use an API token with your upload tool."),
        signs_in=True,
    ),
    403: Problem(
        403,
        _("You can’t do this"),
        _("Your account has no permission for this."),
        _("Ask an owner of the project or the people who run this index."),
    ),
    404: Problem(
        404,
        _("Page not found"),
        _("There is nothing at this address, or it is not yours to see."),
        _("Check the address, or start from the home page."),
    ),
    405: Problem(
        405,
        _("This page can’t be used that way"),
        _("The address exists, but not for this kind of request."),
        _("Open the page and use its form."),
    ),
    409: Problem(
        409,
        _("This was done already"),
        _("The form was sent before, or somebody else was faster. Nothing was done a second time."),
        _("Open the page again to see how things stand now."),
    ),
    410: Problem(
        410,
        _("This link no longer works"),
        _("It has been used already, or its time is over."),
        _("Ask for a new letter on the page where you asked for this one."),
    ),
    411: Problem(
        411,
        _("This request does not say how long it is"),
        _("A form needs its length beforehand, so that nothing is received that is too large."),
        _("Send the form with an ordinary browser."),
    ),
    413: Problem(
        413,
        _("That is too large"),
        _("More was sent than this address takes. Nothing was stored."),
        _("Send less, or ask the people who run this index about the limit."),
    ),
    422: Problem(
        422,
        _("Something in the form is missing or wrong"),
        _("The form could not be accepted."),
        _("Go back and check what you typed."),
    ),
    429: Problem(
        429,
        _("Too many attempts"),
        _("To protect accounts, this is paused for a while."),
        _("Wait, then try again. Your account is not locked."),
        leads_back=True,
        reminds=True,
    ),
    431: Problem(
        431,
        _("The request is too long"),
        _("Your browser sent more headers than this site takes."),
        _("Open the page in a new window."),
    ),
    500: Problem(
        500,
        _("Something went wrong here"),
        _("This is our mistake, not yours. Nothing was changed."),
        _("Try again later. If it goes on, tell the people who run this index."),
    ),
    501: Problem(
        501,
        _("This can’t be done here"),
        _("The request uses something that this server does not offer."),
        _("Open the page in an ordinary browser."),
    ),
    503: Problem(503, _("Not ready yet"), _("This index is not ready for this yet."), _("Try again in a few minutes.")),
}
SIGNED_OUT = Problem(
    403,
    _("You are not signed in"),
    _("The file was not received, because nothing says that you are signed in. Nothing was stored."),
    _("Sign in, open the page again and choose the file once more."),
    signs_in=True,
)
UPLOADS_CLOSED = Problem(
    403,
    _("This index takes no uploads"),
    _("The file was not received, because this index takes no uploads at present. Nothing was stored."),
    _("Ask the people who run this index."),
)
STALE = Problem(
    400,
    _("This form is too old"),
    _("The form was opened in another session, or long ago. Nothing was changed."),
    _("Open the page again and send the form once more."),
    leads_back=True,
)
FOREIGN_HOST = Problem(
    400,
    _("This index has another address"),
    _("It is not reached under the address that your browser asked for."),
    _("Open ${address} instead."),
)
FOREIGN = Problem(
    403,
    _("This form came from another site"),
    _("Your browser says that the form was not sent by a page of this site. Nothing was changed."),
    _("Open the page on this site and send the form from there."),
)
NEEDS_COOKIES = Problem(
    403,
    _("This page needs cookies"),
    _("The pages of administrators do not work in limited mode. Nothing was changed."),
    _(
        "Let your browser take cookies from this site, then sign out and sign in again. On the machine that runs the "
        "index no browser is needed: the commands “doorward project” and “doorward user” do the same."
    ),
)
MEMBERS_NEED_COOKIES = Problem(
    403,
    _("This page needs cookies"),
    _("Only members read this index, and in limited mode it shows them none of its packages. Nothing was changed."),
    _(
        "Let your browser take cookies from this site, then sign out and sign in again. "
        "Installers need no browser: they use an API token for downloads."
    ),
)
NOBODY = Problem(
    404,
    _("Page not found"),
    _("This address leads nowhere, or not any more."),
    _("If you were signed in here without cookies, you are signed out now. Sign in again to go on."),
    signs_in=True,
)
EXHAUSTED = Problem(
    429,
    _("Too many attempts"),
    _("Wrong values were sent so often that this way is closed, however long you wait."),
    _("The link in the letter that we then send to the account’s address opens it again, and so does a new password."),
    reminds=True,
)
