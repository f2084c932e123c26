"""What a request offers to views and templates."""

from __future__ import annotations

import pytest

from portal.web.requests import browser_family
from tests.support.people import make_person, sign_in_limited
from tests.web.conftest import Probe

LINUX = "Mozilla/5.0 (X11; Linux x86_64"


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (f"{LINUX}; rv:153.0) Gecko/20100101 Firefox/153.0", "Firefox on Linux"),
        (f"{LINUX}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Safari/604.1", "Safari on iOS"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/26.0 Safari/605.1", "Safari on macOS"),
        ("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Lynx/2.9.0dev.12 libwww-FM/2.14", "Lynx"),
        ("twine/6.2.0 requests/2.32", "twine"),
        ("poetry/2.1.1 requests/2.32 CPython/3.11 Linux/6.1", "poetry on Linux"),
        ("Hatch/1.14.0 CPython/3.11 HTTPX/0.28", "Hatch"),
        ('uv/0.9.1 {"system":{"name":"Linux"}}', "uv on Linux"),
        ("python-requests/2.32", "python-requests"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_the_words_a_person_knows(agent: str, family: str) -> None:
    assert browser_family(agent) == family


def test_links_keep_language_and_handle_and_forms_leave_the_handle_out(probe: Probe) -> None:
    probe.takes_cookies = False
    handle = sign_in_limited(probe, make_person(probe.application.instance))

    def paths(request: object) -> str:
        return " ".join(
            [
                request.page_path("web.help"),  # type: ignore[attr-defined]
                request.action_path("signin.login"),  # type: ignore[attr-defined]
                request.action_path("web.healthz"),  # type: ignore[attr-defined]
                request.public_url("index.project", name="emma"),  # type: ignore[attr-defined]
            ]
        )

    assert probe.see(paths, f"/~{handle}/en-XA/probe/page/").text.split() == [
        f"/~{handle}/en-XA/help/",
        "/en-XA/account/login/",
        "/healthz",
        "http://localhost/project/emma/",
    ]


def test_plurals_follow_the_language(probe: Probe) -> None:
    def said(request: object) -> str:
        return "|".join(request.plural("${count} code", "${count} codes", n) for n in (0, 1, 2))  # type: ignore[attr-defined]

    assert probe.see(said).text == "0 codes|1 code|2 codes"


def test_a_value_in_a_sentence_is_shown_as_text(probe: Probe) -> None:
    from portal.kernel.words import _

    def page(request: object) -> object:
        request.tell(_("Token ${label} revoked.", mapping={"label": "<b>&amp;"}))  # type: ignore[attr-defined]
        return request.render("web/help.pt", {})  # type: ignore[attr-defined]

    html = probe.see(page).html
    assert "Token <b>&amp; revoked." in html.title.text
    assert not html.main.find("b")
