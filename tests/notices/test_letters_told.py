"""Pages say truly how a letter gets to its reader: sent, kept on the reader's own machine, or to be asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.instances import Bed
from tests.support.people import make_person
from tests.support.site import Site

PUBLIC = "https://packages.example.org"
ASK = "This index does not send its letters by itself. Ask the people who run it for yours."
HERE = "This index serves its own machine alone and keeps its letters there."
PAGES = ["/account/registered/", "/account/reset-password/", "/account/reset-password/sent/", "/help/account/"]


def read(bed: Bed, path: str, **changes: Any) -> Any:
    """The main part of a page of an index with these settings."""
    instance = bed.application.instance
    make_person(instance)
    return Site(bed.assemble(**changes)).get(path, status=200).html.main


def told(main: Any) -> str:
    """Its words."""
    return " ".join(main.text.split())


@pytest.mark.parametrize("path", PAGES)
def test_without_a_mail_server_readers_elsewhere_are_told_whom_to_ask(bed: Bed, path: str) -> None:
    main = read(bed, path, base_url=PUBLIC, contact="help@example.org")
    assert ASK in told(main)
    assert main.select_one('.notice a[href="mailto:help@example.org"]')
    assert not {"sent", "Send", "Check"} & set(told(main).replace(".", " ").split())


def test_without_a_contact_no_link_stands_there(bed: Bed) -> None:
    main = read(bed, PAGES[0], base_url=PUBLIC)
    assert ASK in told(main)
    assert not main.select(".notice a")


@pytest.mark.parametrize("path", PAGES)
def test_on_the_readers_own_machine_the_command_is_named(bed: Bed, path: str) -> None:
    assert HERE in told(read(bed, path))


@pytest.mark.parametrize("base_url", [PUBLIC, "http://localhost"])
@pytest.mark.parametrize("path", PAGES)
def test_with_a_mail_server_nothing_is_to_be_said(bed: Bed, path: str, base_url: str) -> None:
    main = told(read(bed, path, base_url=base_url, mail="smtp://mail.example.org"))
    assert ASK not in main
    assert HERE not in main
