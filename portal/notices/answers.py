"""What a mail server's answers mean, in words that hold no address: servers like to repeat those that they refuse."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl

ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
POLICY = "5.7."
"""RFC 3463 §3.8: it is about who sends, not about who receives; an operator may mend it."""
ADDRESS_OR_MAILBOX = ("5.1.", "5.2.")
"""RFC 3463 §3.2 and §3.3: some servers look at the recipient only when they have the whole letter."""
FIRST_THIS = 530
"""RFC 4954 §6 and RFC 3207 §4: sign in, or encrypt, first."""


class NoStarttls(smtplib.SMTPException):
    """The server offers no STARTTLS, or somebody on the way has taken the offer out."""


class SomethingFirst(smtplib.SMTPException):
    """The server wants to be told who is there, or wants TLS, before it takes anything."""


class NoPassword(smtplib.SMTPException):
    """There is a user, and no password."""


class UnfitPassword(smtplib.SMTPException):
    """smtplib sends ASCII only."""


WORDS: tuple[tuple[type[Exception], str, str], ...] = (
    (
        NoPassword,
        "there is no password for its user",
        "Write it as doorward.mail_password, or the path of a file that holds it as doorward.mail_password_file.",
    ),
    (
        UnfitPassword,
        "its password holds letters beyond ASCII, which can't be sent",
        "Have the mail server set one of ASCII letters, digits and signs.",
    ),
    (
        NoStarttls,
        "it offers no STARTTLS",
        "If it speaks TLS from the start, write smtps://. doorward.mail_starttls = off sends letters readable.",
    ),
    (
        smtplib.SMTPAuthenticationError,
        "it refuses user name and password",
        "Check the user in doorward.mail and doorward.mail_password or doorward.mail_password_file.",
    ),
    (
        smtplib.SMTPNotSupportedError,
        "it takes no user name and password",
        "Take the user out of doorward.mail, or write the port on which it asks for one, often 587.",
    ),
    (
        smtplib.SMTPSenderRefused,
        "it takes no letters from this address",
        "Write one that it takes as doorward.mail_from.",
    ),
    (
        SomethingFirst,
        "it wants a user name and a password, or encryption",
        "Write the user in doorward.mail, and take doorward.mail_starttls out.",
    ),
    (smtplib.SMTPRecipientsRefused, "it refuses the recipient", "Look into the log of the mail server."),
    (smtplib.SMTPDataError, "it refuses the letter", "Look into the log of the mail server."),
    (
        smtplib.SMTPServerDisconnected,
        "the connection broke off",
        "Check the port in doorward.mail, and whether to write smtp:// or smtps://.",
    ),
    (smtplib.SMTPException, "it answers with an error", "Look into the log of the mail server."),
    (socket.gaierror, "nobody knows a machine of this name", "Check the host in doorward.mail."),
    (
        ssl.SSLCertVerificationError,
        "its certificate is not good for this name",
        "Write the name that is in the certificate. For an authority of your own set SSL_CERT_FILE.",
    ),
    (ssl.SSLError, "it speaks no TLS there", "For STARTTLS write smtp:// (often port 587), else smtps:// (465)."),
    (TimeoutError, "it does not answer", "Check host and port in doorward.mail, and what a firewall lets through."),
    (ConnectionRefusedError, "nobody listens there", "Check host and port in doorward.mail."),
    (OSError, "it can't be reached", "Check host and port in doorward.mail, and the network of this machine."),
)
"""From the special to the general: an error, what is the matter, what to write."""


def told(error: Exception) -> str:
    """What is the matter, with the number of the answer."""
    words, _advice = _found(error)
    code, enhanced = _answer(error)
    return f"{words} ({f'{code} {enhanced}'.strip()})" if code else words


def advice(error: Exception) -> str:
    """What an operator may write instead."""
    return _found(error)[1]


def is_final(error: Exception) -> bool:
    """Whether the server has refused this recipient or this letter itself, and will do so whenever it is asked."""
    code, enhanced = _answer(error)
    about_it = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return about_it and code >= 500 and code != FIRST_THIS and not enhanced.startswith(POLICY)


def about_address(error: Exception) -> bool:
    """Whether a final refusal is about the recipient's address, and not about this one letter."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) or _answer(error)[1].startswith(ADDRESS_OR_MAILBOX)


def answered(error: Exception) -> bool:
    """Whether the server has given an answer, so that the connection stands."""
    return _answer(error)[0] > 0


def _found(error: Exception) -> tuple[str, str]:
    looked_for = SomethingFirst if _answer(error)[0] == FIRST_THIS else type(error)
    return next((words, help_) for kind, words, help_ in WORDS if issubclass(looked_for, kind))


def _answer(error: Exception) -> tuple[int, str]:
    """Number and enhanced status code (RFC 2034) of the answer; 0 where there was none."""
    code: int = 0
    text: bytes | str = b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    found = ENHANCED.match(text.decode("ascii", "replace") if isinstance(text, bytes) else str(text))
    return max(code, 0), found[1] if found else ""
