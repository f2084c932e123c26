"""Addresses in letters are those of the pages."""

from __future__ import annotations

from pyramid.interfaces import IRoutesMapper

from portal.notices.paths import PATHS, link
from tests.support.site import Site


def test_every_address_in_a_letter_is_the_one_of_its_route(site: Site) -> None:
    routes = {
        route.name: route.pattern for route in site.application.wsgi.registry.getUtility(IRoutesMapper).get_routes()
    }
    assert {name: routes.get(name) for name in PATHS} == PATHS


def test_what_stands_in_an_address_can_not_leave_its_place(site: Site) -> None:
    settings = site.application.instance.settings
    address = link(settings, "accounts.verify_email", ticket="a/../b?c#d")
    assert address == f"{settings.base_url}/account/verify-email/a%2F..%2Fb%3Fc%23d/"
