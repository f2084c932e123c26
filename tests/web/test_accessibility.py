"""The accessibility statement."""

from __future__ import annotations

from tests.support.instances import Bed
from tests.support.site import Site


def test_it_names_the_standard_and_how_to_reach_the_people_who_run_the_index(bed: Bed) -> None:
    application = bed.assemble(contact="help@example.org")
    page = Site(application).get("/accessibility/")
    application.instance.database.close()

    assert "WCAG 2.2" in page.html.main.text
    assert page.html.find("a", href="mailto:help@example.org")


def test_without_a_contact_no_link_leads_nowhere(site: Site) -> None:
    page = site.get("/accessibility/")

    assert not [link for link in page.html.find_all("a") if not link.get("href") or "mailto:" in link["href"]]
