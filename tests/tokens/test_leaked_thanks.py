"""The page after a report."""

from __future__ import annotations

from portal.kernel.work import Instance
from tests.support.people import make_person
from tests.support.site import Site


def test_it_says_what_happens_and_leads_back(site: Site, instance: Instance) -> None:
    make_person(instance)
    page = site.get("/account/leaked-token/thanks/")
    assert page.html.h1.text == "Thank you for the report"
    assert page.click("Report another token").request.path == "/account/leaked-token/"
