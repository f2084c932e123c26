"""Settings, read and refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.kernel.mailing import MailServer
from portal.kernel.settings import Settings, read_settings
from portal.kernel.written import UnsafeSettings


def read(environ: dict[str, str] | None = None, **given: str) -> Settings:
    """Settings as an `.ini` gives them."""
    return read_settings(
        {f"doorward.{name}": value for name, value in ({"data": "/srv"} | given).items()}, environ or {}
    )


def test_a_file_that_names_only_the_data_directory_is_enough_on_this_machine() -> None:
    settings = read()

    assert settings.data == Path("/srv")
    assert settings.host == "localhost:6543"
    assert settings.registers == "open"
    assert settings.limited_mode
    assert settings.database == "sqlite:////srv/doorward.sqlite3"


def test_the_environment_overrides_the_file() -> None:
    assert read({"DOORWARD_SITE_NAME": "Ours"}, site_name="Theirs").site_name == "Ours"


def test_an_empty_value_is_as_good_as_none() -> None:
    assert read({"DOORWARD_REGISTRATION": ""}, throttle_free="").throttle_free == 10


def test_values_have_their_types() -> None:
    settings = read(
        upload_limit="5", run_worker="False", data="relative", base_url="https://p.example/", registration="closed"
    )

    assert (settings.upload_limit, settings.run_worker) == (5, False)
    assert settings.data.is_absolute()
    assert (settings.base_url, settings.https) == ("https://p.example", True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"base_url": "https://packages.example.org"}, "doorward.registration must say who may register"),
        ({"base_url": "http://packages.example.org", "registration": "open"}, "must begin with https://"),
        ({"base_url": "ftp://localhost"}, "must look like https://packages.example.org"),
        ({"base_url": "http://localhost/sub"}, "with no path"),
        ({"base_url": "localhost"}, "must look like"),
        ({"base_url": "http://ada@localhost"}, "must look like"),
        ({"base_url": "http://localhost:99999"}, "must look like"),
        ({"base_url": "https://bücher.example", "registration": "open"}, "must look like"),
        ({"registration": "yes"}, "write one of open, invite, closed"),
        ({"cookieless": "maybe"}, "write one of url, off"),
        ({"run_worker": "1"}, "write true or false"),
        ({"upload_limit": "-1"}, "write a whole number"),
        ({"upload_limit": "\uff11"}, "write a whole number"),
        ({"uploads": "no"}, "write one of open, known-projects, closed"),
        ({"release_days": "-1"}, "write a whole number"),
        ({"release_days": "36501"}, "must be at most 36500. 0 means no end."),
        ({"token_days": "for ever"}, "write a whole number"),
        ({"token_days": "99999999999"}, "must be at most 36500. 0 means no end."),
        ({"two_factor": "yes"}, "write one of optional, required"),
        ({"upload_policy": "any"}, "write one of token-only, token-only-with-2fa, password-or-token"),
        ({"trusted_proxy": "*"}, "must be the IP address from which your proxy connects"),
        ({"trusted_proxy": "10.0.0.0/8"}, "must be the IP address from which your proxy connects"),
        ({"breached_passwords": "/nowhere/at/all.txt"}, "must be the path of a file with SHA-1 hashes"),
        ({"security_contact": "security@example.org"}, "such as mailto:security@example.org"),
        ({"security_contact": "mailto:a@example.org"}, "doorward.security_expires is missing"),
        ({"security_expires": "next year"}, "write a day, for example 2027-06-30"),
        ({"security_policy": "our page"}, "such as https://example.org/security"),
        ({"security_languages": "en fr"}, "must look like: en, fr"),
        ({"mail": "sendmail"}, "must be maildir, or a mail server such as smtp://user@mail.example.org:587"),
        ({"mail": "smtp://"}, "must be maildir, or a mail server"),
        ({"mail": "smtp://mail.example.org/folder"}, "must be maildir, or a mail server"),
        ({"mail": "smtp://mail.example.org:many"}, "must be maildir, or a mail server"),
        ({"mail": "smtp://us%0d%0aer@mail.example.org"}, "must be maildir, or a mail server"),
        ({"mail": "smtp://user:a-pass-word@mail.example.org"}, "write it as doorward.mail_password"),
        ({"mail": "smtp://user@mail.example.org", "mail_starttls": "off"}, "would send the password readable"),
        ({"mail_starttls": "on"}, "write one of required, off"),
        ({"mail_from": "Packages <packages@example.org>"}, "doorward.mail_from must be an e-mail address"),
        ({"mail_from": "a@example.org\r\nBcc: b@example.org"}, "doorward.mail_from must be an e-mail address"),
    ],
)
def test_unsafe_or_unreadable_settings_are_refused_with_what_to_write_instead(
    given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UnsafeSettings, match=sentence):
        read(**given)


def test_without_a_data_directory_nothing_starts() -> None:
    with pytest.raises(UnsafeSettings, match="write the path of the data directory"):
        read_settings({}, {})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Packages.Example.org/", "https://packages.example.org"),
        ("https://p.example:443", "https://p.example"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:6543", "http://localhost:6543"),
        ("http://[::1]:6543", "http://[::1]:6543"),
        ("http://[::1]", "http://[::1]"),
    ],
)
def test_the_address_is_kept_as_browsers_write_it(written: str, meant: str) -> None:
    assert read(base_url=written, registration="open").base_url == meant


@pytest.mark.parametrize(
    ("base_url", "cookieless", "allowed"),
    [
        ("https://p.example", "url", True),
        ("https://p.example", "off", False),
        ("http://localhost:1", "url", True),
        ("http://127.0.0.1:1", "url", True),
    ],
)
def test_limited_mode_needs_the_setting_and_a_safe_way(base_url: str, cookieless: str, allowed: bool) -> None:
    assert read(base_url=base_url, cookieless=cookieless, registration="open").limited_mode is allowed


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2027-06-30", "2027-06-30T23:59:59+00:00"),
        ("2027-06-30T12:00:00Z", "2027-06-30T12:00:00+00:00"),
        ("2027-06-30T12:00:00+02:00", "2027-06-30T12:00:00+02:00"),
    ],
)
def test_a_day_counts_to_its_end_and_an_instant_as_it_is(text: str, instant: str) -> None:
    settings = read(security_contact="mailto:a@example.org https://example.org/report", security_expires=text)
    assert settings.security_expires is not None
    assert settings.security_expires.isoformat() == instant


@pytest.mark.parametrize(
    ("given", "server"),
    [
        ({}, None),
        ({"mail": "maildir"}, None),
        ({"mail": "smtp://mail.example.org"}, MailServer("mail.example.org", 587, "", "starttls")),
        ({"mail": "smtps://mail.example.org/"}, MailServer("mail.example.org", 465, "", "tls")),
        (
            {"mail": "smtps://a@example.org@mail.example.org:1465"},
            MailServer("mail.example.org", 1465, "a@example.org", "tls"),
        ),
        ({"mail": "smtp://a%25b@mail.example.org:25"}, MailServer("mail.example.org", 25, "a%b", "starttls")),
        ({"mail": "smtp://mail:25", "mail_starttls": "off"}, MailServer("mail", 25, "", "none")),
        ({"mail": "smtp://localhost:25"}, MailServer("localhost", 25, "", "none")),
        ({"mail": "smtp://user@[::1]:25"}, MailServer("::1", 25, "user", "none")),
        ({"mail": "smtp://localhost:25", "mail_starttls": "required"}, MailServer("localhost", 25, "", "starttls")),
    ],
)
def test_a_mail_server_is_spoken_to_encrypted_unless_it_is_on_this_machine_or_that_was_switched_off(
    given: dict[str, str], server: MailServer | None
) -> None:
    assert read(**given).mail_server == server


def test_what_is_refused_or_shown_of_settings_repeats_no_password() -> None:
    with pytest.raises(UnsafeSettings) as refused:
        read(mail="smtp://user:a-pass-word@mail.example.org:many")
    assert "a-pass-word" not in str(refused.value)
    shown = repr(
        read(mail_password="a-pass-word", database_url="postgresql+psycopg://doorward:another-one@db/doorward")
    )
    assert "a-pass-word" not in shown
    assert "another-one" not in shown
