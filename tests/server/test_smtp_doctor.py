"""`doorward doctor` tries the mail server without sending anything, and says what to write instead."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from portal.cli.doctor import mail_server
from portal.kernel.settings import Settings
from tests.server.smtp import PASSWORD, USER, Handler, MailHost, make_certificate
from tests.support.serving import Doorward, free_port

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

Found = Callable[..., list[str]]


@pytest.fixture
def handler() -> Handler:
    return Handler(asks=True)


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate that is good for localhost."""
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def found(handler: Handler, tls: ssl.SSLContext) -> Iterator[Found]:
    """What is found of a server with these settings."""
    with ExitStack() as stack:

        def find(mail: str = "smtp://{user}@localhost:{port}", **given: Any) -> list[str]:
            host = MailHost(handler, context=tls)
            stack.callback(host.stop)
            address = mail.format(user=USER, port=host.port)
            told = {"mail_starttls": "required", "mail_password": PASSWORD} | given
            return list(mail_server(Settings(data=Path("/nowhere"), mail=address, **told)))

        yield find


def test_of_a_server_that_would_take_letters_nothing_is_said_and_it_gets_none(found: Found, handler: Handler) -> None:
    assert found(mail_from="packages@example.org") == []
    assert handler.senders == ["packages@example.org"]
    assert handler.received == []


def test_without_a_mail_server_nobody_is_asked() -> None:
    assert list(mail_server(Settings(data=Path("/nowhere")))) == []


@pytest.mark.parametrize(
    ("given", "what", "write"),
    [
        ({"mail_password": "not-the-one"}, "it refuses user name and password (535 5.7.8)", "doorward.mail_password"),
        ({"mail_password": ""}, "there is no password for its user", "doorward.mail_password_file"),
        (
            {"mail_password": "", "mail_password_file": Path("/nowhere/at/all")},
            "there is no password",
            "doorward.mail_",
        ),
        ({"mail_password": "пароль"}, "beyond ASCII", "Have the mail server set one"),
        (
            {"mail": "smtp://localhost:{port}"},
            "it wants a user name and a password, or encryption (530 5.7.0)",
            "Write the user in doorward.mail",
        ),
        ({"mail": "smtps://localhost:{port}"}, "it speaks no TLS there", "write smtp://"),
        ({"mail": "smtp://{user}@127.0.0.1:{port}"}, "its certificate is not good for this name", "SSL_CERT_FILE"),
        ({"mail": "smtp://{user}@doorward.invalid:{port}"}, "nobody knows a machine of this name", "Check the host"),
    ],
)
def test_what_stands_in_the_way_is_told_with_what_to_write(
    found: Found, handler: Handler, given: dict[str, Any], what: str, write: str
) -> None:
    [sentence] = found(**given)
    assert what in sentence
    assert write in sentence
    assert not given.get("mail_password") or given["mail_password"] not in sentence
    assert handler.received == []


def test_a_sender_that_the_server_does_not_take_is_told(found: Found, handler: Handler) -> None:
    handler.answers["MAIL"] = "550 5.1.8 <no-reply@localhost>: Sender address rejected"
    [sentence] = found()
    assert (
        "it takes no letters from this address (550 5.1.8). Write one that it takes as doorward.mail_from." in sentence
    )


def test_a_port_on_which_nobody_listens_is_told(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, mail=f"smtp://localhost:{free_port()}")
    [sentence] = mail_server(settings)
    assert "nobody listens there" in sentence


def test_the_command_tells_it_and_never_the_password(doorward: Doorward, handler: Handler, tls: ssl.SSLContext) -> None:
    host = MailHost(handler, context=tls)
    try:
        doorward.start()
        doorward.stop()
        path = doorward.data / "doorward.ini"
        secret = "a-secret-that-is-wrong"
        lines = f"doorward.mail = smtp://{USER}@localhost:{host.port}\ndoorward.mail_starttls = required\n"
        path.write_text(
            path.read_text().replace("[server:main]", f"{lines}doorward.mail_password = {secret}\n[server:main]")
        )
        done = doorward.run("doctor")
    finally:
        host.stop()
    assert done.returncode == 1
    assert (
        f"Letters can't be sent through localhost, port {host.port}: it refuses user name and password" in done.stdout
    )
    assert secret not in done.stdout + done.stderr
