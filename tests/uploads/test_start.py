"""The page for a file of any project: how one comes there."""

from __future__ import annotations

from portal.kernel.work import Instance
from tests.support.people import make_person, sign_in
from tests.support.site import Site


def test_the_list_of_projects_leads_there(site: Site, instance: Instance) -> None:
    sign_in(site, make_person(instance))
    links = [link["href"] for link in site.get("/manage/projects/").html.main.select("a[href]")]
    assert "/manage/projects/upload/" in links
    assert site.get("/manage/projects/upload/").html.main.form["action"] == "/manage/projects/upload/"


def test_strangers_are_asked_to_sign_in(site: Site, instance: Instance) -> None:
    make_person(instance)
    assert "/account/login/" in site.get("/manage/projects/upload/").headers["Location"]


def test_without_a_confirmed_address_the_page_says_so_before_a_file_is_chosen(site: Site, instance: Instance) -> None:
    sign_in(site, make_person(instance, confirmed=False))
    main = site.get("/manage/projects/upload/").html.main
    assert main.h1.text == "Confirm your e-mail address first"
    assert main.select_one("a.button")["href"] == "/manage/account/emails/"
    assert main.find("input") is None
