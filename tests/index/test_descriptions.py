"""Descriptions as people read them: rendered behind the upload, harmless, and plain text until then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.index.descriptions import child, service
from portal.index.descriptions.clean import clean
from portal.index.descriptions.service import render, render_waiting
from portal.kernel.work import Instance
from portal.notices.worker import Worker
from portal.projects.models import Release
from tests.support.site import Site
from tests.uploads.artefacts import metadata, wheel
from tests.uploads.conftest import Uploader, ready, uploader

__all__ = ["ready", "uploader"]


def html_of(instance: Instance) -> str | None:
    """The stored HTML of the only release."""
    with instance.work(write=False) as work:
        return work.db.scalars(select(Release)).one().description_html


def test_a_description_is_plain_until_it_is_rendered(site: Site, uploader: Uploader) -> None:
    assert uploader.send(wheel(inside=metadata(body="# A *big* title\n\n[out](https://example.org/)\n"))).new
    page = site.get("/project/demo/")
    assert page.html.select_one("pre:-soup-contains('# A *big* title')") is not None
    render_waiting(uploader.instance)
    page = site.get("/project/demo/")
    held = page.html.select_one(".description")
    assert held.h3.text.strip() == "A big title"
    assert held.a["href"] == "https://example.org/"
    assert set(held.a["rel"]) == {"nofollow", "noreferrer", "ugc"}
    assert page.html.select_one("pre:-soup-contains('# A *big* title')") is None


def test_the_worker_renders_it_by_itself(uploader: Uploader) -> None:
    assert uploader.send(wheel()).new
    assert html_of(uploader.instance) is None
    assert Worker(uploader.instance).round()
    assert html_of(uploader.instance) is not None


def test_each_description_is_rendered_once(uploader: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert uploader.send(wheel()).new
    render_waiting(uploader.instance)
    assert html_of(uploader.instance) is not None
    monkeypatch.setattr(service, "CHILD", "nowhere")
    render_waiting(uploader.instance)
    assert html_of(uploader.instance) is not None


def test_restructured_text_is_rendered_and_plain_text_is_not(instance: Instance) -> None:
    rst = "Title\n=====\n\nA `link <https://example.org/>`_ and ``code``.\n"
    found = render(instance.settings, rst, "text/x-rst") or ""
    assert "<h3" in found
    assert 'href="https://example.org/"' in found
    assert render(instance.settings, rst, "") == found
    assert render(instance.settings, rst, "text/plain") is None


def test_what_reads_files_or_is_broken_is_not_rendered(instance: Instance) -> None:
    for text in (".. include:: /etc/passwd\n", ".. raw:: html\n\n   <b>x</b>\n", "Title\n==\n\n`broken\n"):
        assert "root:" not in (render(instance.settings, text, "text/x-rst") or "")
        assert "<b>" not in (render(instance.settings, text, "text/x-rst") or "")


def test_a_process_that_takes_too_long_or_too_much_is_ended(
    uploader: Uploader, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    greedy = tmp_path_factory.mktemp("child") / "child.py"
    source = (
        f"import sys; sys.path.insert(0, {str(child.__file__).removesuffix('child.py')!r}); import child; child.limit()"
    )
    greedy.write_text(f"{source}\nheld = bytearray({child.MEMORY})\n", encoding="utf-8")
    monkeypatch.setattr(service, "CHILD", greedy)
    assert uploader.send(wheel()).new
    render_waiting(uploader.instance)
    assert html_of(uploader.instance) is None
    greedy.write_text(f"{source}\nprint('x' * {child.OUTPUT + 1})\n", encoding="utf-8")
    assert render(uploader.instance.settings, "x", "") is None
    # Its processor time ends before the time that anybody waits for it.
    monkeypatch.setattr(service, "WALL_SECONDS", 600)
    greedy.write_text(source.replace("child.limit()", "child.SECONDS = 1; child.limit()\nwhile True: pass\n"))
    assert render(uploader.instance.settings, "x", "") is None
    monkeypatch.setattr(service, "WALL_SECONDS", 0.2)
    greedy.write_text("import time; time.sleep(60)\n", encoding="utf-8")
    assert render(uploader.instance.settings, "x", "") is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<script>alert(1)</script>a", "a"),
        ('<p onclick="x()" style="color:red" class="danger">a</p>', "<p>a</p>"),
        ('<form action="/account/"><button>a</button></form>', "a"),
        ('<a href="javascript:alert(1)">a</a>', '<a rel="nofollow noreferrer ugc">a</a>'),
        ('<p id="main">a</p>', "<p>a</p>"),
        ('<p id="user-content-a">a</p>', '<p id="user-content-a">a</p>'),
        ('<img src="https://example.org/x.png" alt="a">', ""),
        ("<iframe src='https://example.org'></iframe><style>p{}</style><svg><a href='x'>a</a></svg>", None),
    ],
)
def test_only_what_is_harmless_stays(instance: Instance, given: str, kept: str | None) -> None:
    found = clean(instance.settings, given)
    assert kept is None or found == kept
    assert "<svg" not in found
    assert "<iframe" not in found
    assert "<style" not in found


@pytest.mark.parametrize(
    "path",
    ["/~aaaa/", "/account/logout/", "/manage/account/", "/admin/", "/%7Eaaaa/", "/project/../account/", "//manage/"],
)
def test_no_description_leads_into_an_account(instance: Instance, path: str) -> None:
    for link in (f"{instance.settings.base_url}{path}", path, path.lstrip("/"), f"?{path}"):
        assert "href" not in clean(instance.settings, f'<a href="{link}">a</a>')
    assert "href" in clean(instance.settings, f'<a href="{instance.settings.base_url}/project/demo/">a</a>')
    assert "href" in clean(instance.settings, '<a href="#user-content-top">a</a>')


def test_images_are_their_texts_unless_the_operator_allows_them(instance: Instance) -> None:
    text = "![a > <b>badge</b>](https://example.org/x.png)\n\n- [x] done\n"
    without = render(instance.settings, text, "text/markdown") or ""
    assert "<img" not in without
    assert "a &gt; &lt;b&gt;badge&lt;/b&gt;" in without
    assert "<li>☑" in without
    allowed = render(replace(instance.settings, description_images=True), text, "text/markdown") or ""
    assert 'src="https://example.org/x.png"' in allowed


def test_elements_lie_inside_each_other_to_a_bounded_depth() -> None:
    fitting = child.Fitting(images=False)
    depth = 2000
    fitting.feed("<ul><li>" * depth + "deep<br><a href='x'>in</a>" + "</li></ul>" * depth + "<p>behind <a></a>it</p>")
    fitting.close()
    html = "".join(fitting.out)
    assert html.count("<li>") == html.count("</li>") == child.DEPTH_LIMIT // 2
    assert html.endswith("</ul><p>behind it</p>")
    assert "deepin" in html


def test_a_link_without_a_text_is_none(instance: Instance) -> None:
    found = render(instance.settings, "Title\n=====\n\nSub\n---\n\nText\n", "text/x-rst") or ""
    assert "<h3" in found
    assert "<h4" in found
    assert "<a" not in found
