"""The outermost layer: prefixes, hosts, secrets in the environment, headers, exceptions."""

from __future__ import annotations

from typing import Any

import pytest
from webob import Request, Response

from portal.app.edge import Edge, hide_secrets
from portal.kernel.settings import Settings
from portal.web.requests import HANDLE, LOCALE
from tests.support.instances import Bed
from tests.support.site import Site

SECRET = "a" * 26


def seen(settings: Settings, path: str, **headers: str) -> dict[str, Any]:
    """The environ that the application gets for a path."""
    kept: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        kept.update(environ)
        return Response("fine")(environ, start_response)

    request = Request.blank(path, base_url=settings.base_url, headers=headers)
    request.environ["REQUEST_URI"] = path
    request.get_response(Edge(application, settings))
    return kept


def test_a_handle_moves_from_the_path_to_the_script_name(bed: Bed) -> None:
    environ = seen(bed.settings, f"/~{SECRET}/manage/account/")
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == (f"/~{SECRET}", "/manage/account/")
    assert environ[HANDLE] == SECRET


def test_a_handle_and_a_language_move_together(bed: Bed) -> None:
    environ = seen(bed.settings, f"/~{SECRET}/en-XA/help/")
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == (f"/~{SECRET}/en-XA", "/help/")
    assert environ[LOCALE] == "en-XA"


@pytest.mark.parametrize("path", [f"/~{SECRET}", f"/~{SECRET}/"])
def test_a_bare_handle_is_the_home_page(bed: Bed, path: str) -> None:
    assert seen(bed.settings, path)["PATH_INFO"] == "/"


@pytest.mark.parametrize(
    "path",
    [f"/~{SECRET}x/help/", "/~short/help/", f"//~{SECRET}/help/", f"/~{SECRET.upper()}/help/", "/en-XAhelp/", "/xx/"],
)
def test_what_only_looks_like_a_prefix_stays_in_the_path(bed: Bed, path: str) -> None:
    environ = seen(bed.settings, path)
    assert environ["PATH_INFO"] == path
    assert HANDLE not in environ


@pytest.mark.parametrize("path", [f"/~{SECRET}/~{SECRET}/help/", f"/en-XA/~{SECRET}/help/", f"/~{SECRET}//help/"])
def test_nested_and_doubled_prefixes_lead_nowhere(site: Site, path: str) -> None:
    assert site.get(path, expect_errors=True).status_int == 404


@pytest.mark.parametrize("path", ["/healthz", "/simple/", "/legacy/", "/static/site.css", "/admin/"])
def test_what_is_no_page_does_not_exist_below_a_language(site: Site, path: str) -> None:
    assert site.get(f"/en-XA{path}", expect_errors=True).status_int == 404


def test_the_raw_address_and_the_path_of_the_referrer_are_taken_away() -> None:
    environ = {"REQUEST_URI": f"/~{SECRET}/", "RAW_URI": "/x", "HTTP_REFERER": f"http://localhost/~{SECRET}/help/"}
    hide_secrets(environ)
    assert environ == {"HTTP_REFERER": "http://localhost/"}


@pytest.mark.parametrize("referrer", [f"~{SECRET}", "http://[", "http://\xff/"])
def test_an_odd_referrer_is_taken_away_whole(referrer: str) -> None:
    environ = {"HTTP_REFERER": referrer}
    hide_secrets(environ)
    assert environ["HTTP_REFERER"] == ""


def test_another_host_is_refused(site: Site) -> None:
    answer = site.get("/help/", extra_environ={"HTTP_HOST": "evil.example"}, expect_errors=True)
    assert answer.status_int == 400
    assert "evil.example" not in answer.text
    assert f"Open {site.application.instance.settings.base_url}/ instead." in answer.text


def test_health_is_told_under_any_name(site: Site) -> None:
    assert site.get("/healthz", extra_environ={"HTTP_HOST": "10.0.0.9:6543"}).status_int == 200


def test_no_exception_gets_out(bed: Bed, caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Any:
        raise RuntimeError(environ["SCRIPT_NAME"])

    request = Request.blank(f"/~{SECRET}/help/", base_url=bed.settings.base_url)
    answer = request.get_response(Edge(broken, bed.settings))
    assert answer.status_int == 500
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert SECRET not in answer.text
    assert SECRET not in caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    "path", ["/help/", "/nowhere/", "/healthz", "/static/x", "/account/login/", "/manage/account/"]
)
def test_every_answer_has_the_headers(site: Site, path: str) -> None:
    headers = site.get(path, expect_errors=True).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Cache-Control" in headers


def test_over_tls_strict_transport_is_asked_and_links_are_https(bed: Bed) -> None:
    secure = Site(bed.assemble(base_url="https://packages.example.org"))
    answer = secure.get("/manage/account/history/")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert answer.headers["Location"].startswith("https://packages.example.org/account/login/")
