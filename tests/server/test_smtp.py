"""Letters by SMTP, to a real server: what arrives, what is kept for later, and what nobody reads on the way."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal.kernel.ids import new_id
from portal.kernel.work import Instance
from portal.notices import make_transport, service, smtp
from portal.notices.models import Letter
from portal.notices.port import Link, MailTransport
from portal.notices.service import FIRST_WAIT, send_due
from tests.server.smtp import PASSWORD, USER, Handler, MailHost, make_certificate
from tests.support.clock import FixedClock

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])

ADA, BOB, EVE = "ada@example.org", "bob@example.org", "eve@example.org"
SECRET = "a-ticket-that-nobody-else-may-read"

Mail = Callable[..., Instance]


@pytest.fixture
def handler() -> Handler:
    return Handler()


@pytest.fixture
def mail(instance: Instance, handler: Handler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mail]:
    """Start a server; what it returns is the instance that sends its letters there."""
    with ExitStack() as stack:

        def start(*, tls: str = "", user: str = "", **given: Any) -> Instance:
            context = None
            if tls:
                certificate = make_certificate(tmp_path)
                monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(certificate)
            handler.asks = bool(user)
            host = MailHost(handler, context=context, at_once=tls == "smtps")
            stack.callback(host.stop)
            return using(instance, host.port, tls=tls, user=user, **given)

        yield start


def using(instance: Instance, port: int, *, tls: str = "", user: str = "", **given: Any) -> Instance:
    who = f"{user}@" if user else ""
    address = f"{'smtps' if tls == 'smtps' else 'smtp'}://{who}localhost:{port}"
    starttls = {"mail_starttls": "required"} if tls == "starttls" else {}
    settings = replace(instance.settings, mail=address, **{**starttls, **given})
    return replace(instance, settings=settings, ports={**instance.ports, MailTransport: make_transport(settings)})


def write(instance: Instance, *recipients: str) -> None:
    for to in recipients:
        values = {"username": "Åsa", "confirm": Link(f"http://localhost/x/{SECRET}/"), "until": instance.clock.now()}
        with instance.work() as work:
            service.write(work, "address_to_confirm", to, values, language="en", account_id=new_id())
        instance.clock.advance(FIRST_WAIT / 60)


def waiting(instance: Instance) -> list[Letter]:
    with instance.work(write=False) as work:
        return list(work.db.scalars(select(Letter).where(Letter.sent_at.is_(None))))


def arrived(handler: Handler) -> list[EmailMessage]:
    parser = BytesParser(EmailMessage, policy=policy.default)
    return [parser.parsebytes(envelope.content) for envelope in handler.received]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Our lines; the server of the test writes down all that it reads."""
    return "".join(f"{record.getMessage()}\n" for record in caplog.records if record.name.startswith("doorward"))


@pytest.mark.parametrize(("tls", "user"), [("", ""), ("", USER), ("starttls", USER), ("smtps", USER)])
def test_a_letter_arrives_whole_at_the_one_it_is_written_to(
    handler: Handler, mail: Mail, caplog: pytest.LogCaptureFixture, tls: str, user: str
) -> None:
    caplog.set_level(logging.DEBUG)
    instance = mail(tls=tls, user=user, mail_password=PASSWORD, mail_from="packages@example.org")
    write(instance, ADA)
    assert send_due(instance) == 1
    [envelope], [letter] = handler.received, arrived(handler)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("packages@example.org", [ADA])
    assert (letter["From"].addresses[0].addr_spec, letter["To"]) == ("packages@example.org", ADA)
    assert "Hello Åsa," in letter.get_content()
    assert SECRET in letter.get_content()
    assert waiting(instance) == []
    assert f"sent to {ADA}: Confirm your e-mail address" in logged(caplog)
    assert PASSWORD not in logged(caplog)


def test_a_password_is_read_from_its_file_as_it_is_when_letters_leave(
    handler: Handler, mail: Mail, tmp_path: Path
) -> None:
    path = tmp_path / "password"
    instance = mail(tls="starttls", user=USER, mail_password_file=path)
    write(instance, ADA)
    assert send_due(instance) == 0
    path.write_text(f"{PASSWORD}\nand a remark\n")
    instance.clock.advance(FIRST_WAIT)
    assert send_due(instance) == 1
    assert len(handler.received) == 1


def test_all_letters_of_a_batch_go_over_one_connection(handler: Handler, mail: Mail) -> None:
    instance = mail()
    assert send_due(instance) == 0
    assert handler.connections == 0
    write(instance, ADA, BOB, EVE)
    assert send_due(instance) == 3
    assert [envelope.rcpt_tos for envelope in handler.received] == [[ADA], [BOB], [EVE]]
    assert handler.connections == 1


def test_a_server_that_takes_seven_bits_gets_seven(handler: Handler, mail: Mail) -> None:
    handler.eight_bit = False
    instance = mail()
    write(instance, ADA)
    assert send_due(instance) == 1
    assert handler.received[0].content.isascii()
    assert "Hello Åsa," in arrived(handler)[0].get_content()


def test_nothing_is_told_to_a_server_without_encryption(
    handler: Handler, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    instance = mail(user=USER, mail_password=PASSWORD, mail_starttls="required")
    write(instance, ADA)
    assert send_due(instance) == 0
    assert handler.senders == []
    assert len(waiting(instance)) == 1
    assert "it offers no STARTTLS" in logged(caplog)


@pytest.mark.parametrize("tls", ["starttls", "smtps"])
def test_nothing_is_told_to_a_server_whose_certificate_nobody_has_signed(
    handler: Handler,
    mail: Mail,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tls: str,
) -> None:
    instance = mail(tls=tls)
    monkeypatch.delenv("SSL_CERT_FILE")
    write(instance, ADA)
    assert send_due(instance) == 0
    assert handler.senders == []
    assert "its certificate is not good for this name" in logged(caplog)


def test_a_wrong_password_keeps_the_letters_and_stands_in_no_log(
    handler: Handler, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    instance = mail(tls="starttls", user=USER, mail_password="not-the-one-of-the-server")
    write(instance, ADA, BOB)
    assert send_due(instance) == 0
    assert handler.connections == 1
    assert len(waiting(instance)) == 2
    assert "it refuses user name and password (535 5.7.8)" in logged(caplog)
    assert "not-the-one-of-the-server" not in logged(caplog)


def test_a_recipient_whom_nobody_knows_is_not_tried_again_and_the_log_does_not_name_the_address(
    handler: Handler, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    handler.answers[EVE] = f"550 5.1.1 <{EVE}>: Recipient address rejected: User unknown"
    instance = mail()
    write(instance, ADA, EVE, BOB)
    assert send_due(instance) == 2
    assert waiting(instance) == []
    [line] = [line for line in logged(caplog).splitlines() if "refused for good" in line]
    assert line.endswith("it refuses the recipient (550 5.1.1)")
    assert EVE not in logged(caplog)
    assert handler.connections == 1


@pytest.mark.parametrize("answer", ["450 4.2.0 Greylisted", "554 5.7.1 Relay access denied", "421 4.3.2 Shutting down"])
def test_what_may_be_taken_later_is_tried_again_with_the_wait_of_the_outbox(
    handler: Handler, mail: Mail, clock: FixedClock, answer: str
) -> None:
    handler.answers[ADA] = answer
    instance = mail()
    write(instance, ADA, BOB)
    assert send_due(instance) == 1
    [letter] = waiting(instance)
    assert letter.next_try_at == clock.now() + FIRST_WAIT
    del handler.answers[ADA]
    clock.advance(FIRST_WAIT)
    assert send_due(instance) == 1
    assert waiting(instance) == []


def test_a_sender_that_the_server_does_not_take_loses_no_letter(handler: Handler, mail: Mail) -> None:
    handler.answers["MAIL"] = "550 5.1.8 Sender unknown"
    instance = mail()
    write(instance, ADA)
    assert send_due(instance) == 0
    assert len(waiting(instance)) == 1


def test_a_letter_that_breaks_the_connection_keeps_no_other(handler: Handler, mail: Mail) -> None:
    handler.breaks.add(ADA)
    instance = mail()
    write(instance, ADA, BOB, EVE)
    assert send_due(instance) == 2
    assert len(waiting(instance)) == 1
    assert handler.connections == 2


def test_of_a_server_that_breaks_every_connection_two_are_asked_for_and_all_letters_wait(
    handler: Handler, mail: Mail
) -> None:
    handler.breaks |= {ADA, BOB, EVE}
    instance = mail()
    write(instance, ADA, BOB, EVE)
    assert send_due(instance) == 0
    assert len(waiting(instance)) == 3
    assert handler.connections == 2


def test_a_server_that_says_nothing_is_waited_for_once(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        instance = using(instance, silent.getsockname()[1])
        write(instance, ADA, BOB)
        assert send_due(instance) == 0
        silent.accept()[0].close()
        silent.settimeout(0)
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert {letter.next_try_at for letter in waiting(instance)} == {clock.now() + FIRST_WAIT}


def test_an_address_with_a_line_of_its_own_puts_nothing_into_a_letter(handler: Handler, mail: Mail) -> None:
    instance = mail()
    write(instance, f"{ADA}\r\nBcc: {EVE}", f"{ADA}>\r\nRCPT TO:<{EVE}", BOB)
    assert send_due(instance) == 1
    assert [envelope.rcpt_tos for envelope in handler.received] == [[BOB]]
    assert EVE.encode() not in handler.received[0].content
