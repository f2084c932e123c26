"""The fast path of installers says what the views say, and leaves to them what it can't."""

from __future__ import annotations

from typing import Any, cast

import pytest
from webob import Request

from portal.index.parts import Part
from portal.index.views import door
from portal.index.views.door import Door
from portal.index.views.stored import LONGEST
from portal.kernel.work import Instance
from tests.index.shelf import CONTENT, add_file, set_status
from tests.support.clock import FixedClock
from tests.support.site import Site

PAGE = "/simple/sample-project/"
JSON = "application/vnd.pypi.simple.v1+json"
OF_EACH_REQUEST = {"Date", "Server"}


def asked(path: str = PAGE, method: str = "GET", **headers: str) -> dict[str, Any]:
    """A request as the server hands it on."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ: dict[str, Any] = Request.blank(path, method=method, headers=named).environ
    return environ


def without_the_door(site: Site, monkeypatch: pytest.MonkeyPatch, environ: dict[str, Any]) -> Any:
    """The answer of the views to the same request."""
    with monkeypatch.context() as patched:
        patched.setattr(site.application.wsgi.registry, "door", lambda _environ: None)
        return Request(environ | site.extra_environ).get_response(site.application.wsgi)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept": JSON},
        {"Accept": "application/vnd.pypi.simple.latest+html;q=0.5, text/html;q=0.1"},
        {"Accept": JSON, "Accept_Encoding": "gzip, br"},
        {"Accept_Encoding": "identity"},
        {"If_Modified_Since": "Mon, 01 Jun 2037 12:00:00 GMT"},
        {"If_None_Match": "*"},
        {"If_None_Match": '"something else"'},
    ],
)
@pytest.mark.parametrize("path", [PAGE, "/pypi/sample-project/json", "/pypi/sample-project/json/"])
def test_it_answers_exactly_as_the_view(
    instance: Instance,
    site: Site,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    method: str,
    headers: dict[str, str],
) -> None:
    add_file(instance, metadata=b"x", requires_python=">=3.8")
    site.get(path, headers={"Accept": headers.get("Accept", "text/html")})
    environ = asked(path, method=method, **headers)
    assert site.application.wsgi.registry.door(dict(environ)) is not None
    fast = Request(environ | site.extra_environ).get_response(site.application.wsgi)
    slow = without_the_door(site, monkeypatch, dict(environ))
    assert fast.status == slow.status
    assert sorted(fast.headerlist) == sorted(slow.headerlist)
    assert fast.body == slow.body


def test_a_whole_file_is_sent_exactly_as_by_the_view(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = asked(f"/files/{add_file(instance).path}")
    fast = Request(environ | site.extra_environ).get_response(site.application.wsgi)
    slow = without_the_door(site, monkeypatch, dict(environ))
    assert (fast.status, fast.body) == (slow.status, slow.body) == ("200 OK", CONTENT)
    assert sorted(fast.headerlist) == sorted(slow.headerlist)


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (PAGE, "POST", {}),
        (f"{PAGE}?format={JSON}", "GET", {}),
        ("/simple/Sample_Project/", "GET", {}),
        ("/simple/sample--project/", "GET", {}),
        ("/simple/nothing-here/", "GET", {}),
        ("/pypi/Sample_Project/json", "GET", {}),
        ("/pypi/nothing-here/json", "GET", {}),
        ("/pypi/sample-project/1.0/json", "GET", {}),
        (PAGE, "GET", {"Accept": "a" * (LONGEST + 1)}),
        (PAGE, "GET", {"Accept_Encoding": "a" * (LONGEST + 1)}),
        ("/files/nothing", "GET", {}),
        ("/account/login/", "GET", {}),
    ],
)
def test_what_it_cannot_answer_is_left_to_the_views(
    instance: Instance, site: Site, path: str, method: str, headers: dict[str, str]
) -> None:
    add_file(instance)
    site.get(PAGE)
    site.get("/pypi/sample-project/json")
    assert Door(instance)(asked(path, method, **headers)) is None


@pytest.mark.parametrize("headers", [{"Range": "bytes=0-3"}, {"If_None_Match": '"x"'}])
def test_parts_of_files_and_conditions_are_left_to_the_views(instance: Instance, headers: dict[str, str]) -> None:
    path = f"/files/{add_file(instance).path}"
    whole = Door(instance)(asked(path))
    assert whole is not None
    cast("Part", whole.body).close()
    assert Door(instance)(asked(path, **headers)) is None


def test_a_stale_page_and_the_files_of_a_project_in_quarantine_are_left_to_the_views(
    instance: Instance, site: Site
) -> None:
    file = add_file(instance)
    site.get(PAGE)
    site.get("/pypi/sample-project/json")
    set_status(instance, "sample-project", "quarantined")
    assert Door(instance)(asked()) is None
    assert Door(instance)(asked("/pypi/sample-project/json")) is None
    site.get("/pypi/sample-project/json", status=404)
    assert Door(instance)(asked("/pypi/sample-project/json")) is None
    assert Door(instance)(asked(f"/files/{file.path}")) is None


def test_a_large_page_is_left_to_a_thread(instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    add_file(instance)
    length = len(site.get(PAGE).body)
    monkeypatch.setattr(door, "LARGEST", length)
    assert Door(instance)(asked()) is not None
    monkeypatch.setattr(door, "LARGEST", length - 1)
    assert Door(instance)(asked()) is None
    assert Door(instance)(asked(method="HEAD")) is None


def test_another_host_gets_no_page_of_the_fast_path(instance: Instance, site: Site) -> None:
    add_file(instance)
    site.get(PAGE)
    assert site.get(PAGE, headers={"Host": "evil.example"}, expect_errors=True).status_int == 400


def test_a_fault_of_the_fast_path_is_told_in_the_log_and_the_view_answers(
    instance: Instance, site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add_file(instance)

    def broken(_environ: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(site.application.wsgi.registry, "door", broken)
    assert site.get(PAGE).status_int == 200
    assert "the fast path failed" in caplog.text


def test_each_change_has_the_next_serial_and_the_list_of_projects_tells_the_last(
    instance: Instance, site: Site
) -> None:
    add_file(instance, name="First")
    add_file(instance, name="Second")
    serials = [int(site.get(path).headers["X-PyPI-Last-Serial"]) for path in ("/simple/first/", "/simple/second/")]
    assert serials == sorted(set(serials))
    assert int(site.get("/simple/").headers["X-PyPI-Last-Serial"]) == serials[-1]
    add_file(instance, name="First", version="2.0")
    assert int(site.get("/simple/first/").headers["X-PyPI-Last-Serial"]) == serials[-1] + 1
