"""Letters by SMTP (RFC 5321, RFC 6409): encrypted to a server whose certificate is checked, with every wait bounded."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path

from portal.kernel.mailing import MailServer
from portal.kernel.settings import Settings
from portal.notices.answers import NoPassword, NoStarttls, UnfitPassword, about_address, answered, is_final, told
from portal.notices.port import NotTaken, RefusedForGood, SendMessage
from portal.notices.service import mail_host, sender

TIMEOUT_SECONDS = 20.0
"""For each answer: a message takes some ten of them, and a claim on a letter runs for five minutes."""
MOST_BROKEN = 1
"""One letter that breaks its connection must not keep the others; two in a row are the server."""


class SmtpTransport:
    """Hands messages to the mail server of the settings, over one connection for each batch."""

    done = "sent to"

    def __init__(self, server: MailServer, settings: Settings) -> None:
        self.server = server
        self.settings = settings

    @contextmanager
    def batch(self) -> Iterator[SendMessage]:
        """Connects with the first message, so that a batch without any asks nobody."""
        line = Line(self)
        try:
            yield line.send
        finally:
            line.close()

    def check(self) -> None:
        """Go as far as a server lets one without sending anything. Raises SMTPException, OSError."""
        smtp = self.connect()
        try:
            code, answer = smtp.mail(sender(self.settings))
            if code != 250:
                raise smtplib.SMTPSenderRefused(code, answer, "")
        finally:
            hang_up(smtp)

    def connect(self) -> smtplib.SMTP:
        """A connection on which messages can be sent. Raises SMTPException, OSError."""
        server, name = self.server, mail_host(self.settings)
        if server.encryption == "tls":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            # Its own name is told: asking the machine for it can take as long as its name servers want.
            smtp = smtplib.SMTP(server.host, server.port, name, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(smtp)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _greet(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self.server.encryption == "starttls":
            if not smtp.has_extn("starttls"):
                raise NoStarttls
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        if self.server.user:
            smtp.login(self.server.user, password(self.settings))


class Line:
    """The connection of one batch; replaced where it breaks, unless the next one breaks before it has sent anything."""

    def __init__(self, transport: SmtpTransport) -> None:
        self.transport = transport
        self.smtp: smtplib.SMTP | None = None
        self.broken = 0
        self.dead = ""

    def send(self, message: EmailMessage) -> None:
        """Hand one message over. Raises NotTaken, RefusedForGood."""
        if self.dead:
            raise NotTaken(self.dead)
        try:
            hand_over(self._open(), message)
        except (smtplib.SMTPException, OSError) as error:
            self._give_way(error)
            if is_final(error):
                raise RefusedForGood(told(error), about_address=about_address(error)) from error
            raise NotTaken(told(error)) from error
        self.broken = 0

    def _open(self) -> smtplib.SMTP:
        if self.smtp is None:
            try:
                self.smtp = self.transport.connect()
            except (smtplib.SMTPException, OSError) as error:
                self.dead = told(error)
                raise
        return self.smtp

    def _give_way(self, error: Exception) -> None:
        # After an answer the same connection goes on.
        if answered(error) and self.smtp is not None and self.smtp.sock is not None:
            return
        self.close()
        self.broken += 1
        if self.broken > MOST_BROKEN:
            self.dead = told(error)

    def close(self) -> None:
        """End the connection, if there is one."""
        if self.smtp is not None:
            hang_up(self.smtp)
        self.smtp = None


def hand_over(smtp: smtplib.SMTP, message: EmailMessage) -> None:
    """One message in one transaction. Raises SMTPException, OSError.

    Every server takes 7 bit; 8 bit, which people can read in a store of letters, only one that says so (RFC 6152).
    """
    eight = smtp.has_extn("8bitmime")
    policy = message.policy.clone(linesep="\r\n", cte_type="8bit" if eight else "7bit")
    smtp.sendmail(
        message["From"].addresses[0].addr_spec,
        [message["To"].addresses[0].addr_spec],
        message.as_bytes(policy=policy),
        ["BODY=8BITMIME"] if eight else [],
    )


def hang_up(smtp: smtplib.SMTP) -> None:
    """End a connection in a friendly way, or in any."""
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()


def password(settings: Settings) -> str:
    """The password as it stands now: a file may have been renewed. Raises NoPassword, UnfitPassword."""
    found = settings.mail_password or _first_line(settings.mail_password_file)
    if not found:
        raise NoPassword
    if not found.isascii():
        raise UnfitPassword
    return found


def _first_line(path: Path | None) -> str:
    try:
        text = path.read_text("utf-8", "replace") if path else ""
    except OSError:
        return ""
    return text.partition("\n")[0].rstrip("\r")
