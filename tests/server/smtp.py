"""A real SMTP server in a thread, on a port of 127.0.0.1: it speaks TLS where asked to, and keeps what it gets."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "packages", "a-password-of-the-mail-server"


def make_certificate(folder: Path) -> Path:
    """A certificate for localhost, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    public = key.public_key()
    built = x509.CertificateBuilder(name, name, public, x509.random_serial_number(), now, now + timedelta(days=2))
    for extension, critical in (
        (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False),
        (x509.BasicConstraints(ca=True, path_length=None), True),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False),
    ):
        built = built.add_extension(extension, critical)
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


@dataclass
class Handler:
    """What the server answers, and what it has received. A key of `answers` is a recipient, or "MAIL"."""

    answers: dict[str, str] = field(default_factory=dict)
    breaks: set[str] = field(default_factory=set)
    eight_bit: bool = True
    asks: bool = False
    connections: int = 0
    senders: list[str] = field(default_factory=list)
    received: list[Envelope] = field(default_factory=list)

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in responses if self.eight_bit or "8BITMIME" not in line]

    async def handle_MAIL(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.senders.append(address)
        if self.asks and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.breaks:
            server.transport.abort()
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.received.append(envelope)
        return "250 OK"


def sign_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=isinstance(given, LoginPassword) and given == known, handled=False)


class MailHost:
    """The running server."""

    def __init__(self, handler: Handler, *, context: ssl.SSLContext | None = None, at_once: bool = False) -> None:
        self.handler = handler
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        offered = None if at_once else context

        def connected() -> SMTP:
            handler.connections += 1
            return SMTP(
                handler,
                hostname="mail.test",
                loop=self.loop,
                tls_context=offered,
                authenticator=sign_in if handler.asks else None,
                auth_require_tls=offered is not None,
            )

        self.server: asyncio.Server = self.call(
            self.loop.create_server, connected, "127.0.0.1", 0, ssl=context if at_once else None
        )
        self.port: int = self.server.sockets[0].getsockname()[1]

    def call(self, function: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """What a coroutine of the server's loop returns."""
        return asyncio.run_coroutine_threadsafe(function(*arguments, **more), self.loop).result()

    def stop(self) -> None:
        """Close what is open and end the thread."""

        async def end() -> None:
            self.server.close()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)

        self.call(end)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
