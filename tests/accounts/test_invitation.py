from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.accounts import invitations, service
from portal.accounts.errors import AddressTaken, RegistrationClosed
from portal.accounts.events import InvitationSent
from portal.accounts.models import Account, Invitation
from portal.kernel.errors import Unavailable
from portal.kernel.work import Instance, Work
from tests.accounts.people import PASSWORD, Happened, People
from tests.support.clock import FixedClock
from tests.support.instances import Bed
from tests.support.people import last_form
from tests.support.races import at_once
from tests.support.site import Site


def page_of(text: str) -> str:
    return f"/account/invitation/{text}/"


def invite(instance: Instance, happened: Happened, email: str = "grace@example.org") -> str:
    with instance.work() as work:
        invitations.invite(work, email)
    return [event for event in happened if isinstance(event, InvitationSent)][-1].ticket


def send(site: Site, text: str, username: str = "grace", password: str = PASSWORD) -> Any:
    form = last_form(site.get(page_of(text)))
    form["username"], form["password"] = username, password
    return form.submit(expect_errors=True)


@pytest.fixture
def link(ready: Instance, happened: Happened) -> str:
    """The secret of an invitation."""
    return invite(ready, happened)


@pytest.mark.parametrize("registration", ["open", "invite"])
def test_whoever_is_invited_registers_with_the_address_confirmed_and_is_not_signed_in(
    ready: Instance, bed: Bed, link: str, happened: Happened, registration: str
) -> None:
    site = Site(bed.assemble(registration=registration))
    answer = send(site, link)
    assert answer.headers["Location"] == "http://localhost/account/invitation/done/"
    with ready.work() as work:
        account = service.by_username_or_none(work, "grace")
        assert account is not None
        assert service.letter_addresses(work, account.id) == ["grace@example.org"]
    assert site.get("/manage/account/").status_int == 303


def test_closed_means_closed_and_the_link_works_again_once_it_is_not(
    ready: Instance, bed: Bed, link: str, work: Work
) -> None:
    form = last_form(Site(bed.application).get(page_of(link)))
    closed = Site(bed.assemble(registration="closed"))
    form["username"], form["password"] = "grace", PASSWORD
    for page in (
        closed.get(page_of(link), status=403),
        closed.post(page_of(link), dict(form.submit_fields()), expect_errors=True),
    ):
        assert page.status_int == 403
        assert page.html.h1.text == "This link no longer works"
        assert "this index takes no new accounts" in page.text
    assert work.db.scalar(select(func.count()).select_from(Account)) == 0
    work.settle()
    assert send(Site(bed.application), link).status_int == 303


def test_where_nobody_registers_nobody_is_invited(ready: Instance, bed: Bed) -> None:
    with bed.assemble(registration="closed").instance.work() as work, pytest.raises(RegistrationClosed):
        invitations.invite(work, "ann@example.org")


def test_the_history_begins_with_the_invitation(ready: Instance, site: Site, link: str, happened: Happened) -> None:
    send(site, link)
    assert happened.kinds == ["account.invited", "account.registered_by_invitation"]


def test_the_address_is_that_of_the_invitation_whatever_is_sent(ready: Instance, site: Site, link: str) -> None:
    form = last_form(site.get(page_of(link)))
    assert form["email"].value == "grace@example.org"
    form["username"], form["password"], form["email"] = "grace", PASSWORD, "mallory@example.org"
    form.submit()
    with ready.work() as work:
        assert service.by_login(work, "grace@example.org") is not None
        assert service.by_login(work, "mallory@example.org") is None


def test_a_used_link_says_so(site: Site, link: str) -> None:
    send(site, link)
    page = site.get(page_of(link), status=410)
    assert page.html.h1.text == "This link was used already"
    assert "It was for making an account, and one was made with it." in page.text


def test_a_link_works_for_seven_days(site: Site, link: str, clock: FixedClock) -> None:
    form = last_form(site.get(page_of(link)))
    clock.advance(timedelta(days=7))
    form["username"], form["password"] = "grace", PASSWORD
    for page in (site.get(page_of(link), status=410), form.submit(status=410)):
        assert page.html.h1.text == "This link has expired"
        assert "Ask the people who run this index for a new invitation." in page.text


def test_a_new_invitation_voids_the_one_before(ready: Instance, site: Site, link: str, happened: Happened) -> None:
    newer = invite(ready, happened, "GRACE@example.org")
    assert site.get(page_of(link), status=404)
    assert send(site, newer).status_int == 303


def test_a_taken_name_is_told_and_the_link_goes_on_working(people: People, site: Site, link: str) -> None:
    people.register("grace")
    answer = send(site, link)
    assert answer.status_int == 422
    assert "This user name is taken" in answer.html.select_one("#username-error").get_text()
    assert send(site, link, "grace-h").status_int == 303


def test_a_weak_password_is_refused_in_words(site: Site, link: str) -> None:
    answer = send(site, link, password="grace example org")
    assert answer.status_int == 422
    assert "your e-mail address" in answer.html.select_one("#password-error").get_text()


def test_an_address_confirmed_elsewhere_meanwhile_makes_no_second_account(
    people: People, site: Site, link: str, work: Work
) -> None:
    form = last_form(site.get(page_of(link)))
    people.confirmed("hopper", "Grace@example.org")
    form["username"], form["password"] = "grace", PASSWORD
    answer = form.submit(status=409)
    assert "An account has this e-mail address already." in answer.text
    assert work.db.scalar(select(func.count()).select_from(Account)) == 1
    assert work.db.scalars(select(Invitation.used_at)).all() == [None]


def test_somebody_with_an_account_is_not_invited(people: People) -> None:
    people.confirmed("ann", "ann@example.org")
    with people.instance.work() as work, pytest.raises(AddressTaken):
        invitations.invite(work, "ANN@example.org")


def test_nobody_is_invited_before_there_is_an_administrator(work: Work) -> None:
    with pytest.raises(Unavailable):
        invitations.invite(work, "ann@example.org")


@pytest.mark.parametrize("text", ["x", "x" * 43, "x" * 3000])
def test_an_unknown_link_is_not_found(ready: Instance, site: Site, text: str) -> None:
    assert site.get(page_of(text), status=404)


def test_old_invitations_are_dropped_a_month_after_their_time(ready: Instance, link: str, clock: FixedClock) -> None:
    for days, left in ((36, 1), (2, 0)):
        clock.advance(timedelta(days=days))
        with ready.work() as work:
            invitations.forget_old(work)
            assert work.db.scalar(select(func.count()).select_from(Invitation)) == left


def test_of_twenty_who_use_one_link_at_once_one_gets_an_account(ready: Instance, link: str, work: Work) -> None:
    numbers = iter(range(20))

    def accept() -> None:
        with ready.work() as mine:
            found = invitations.find(mine, link)
            invitations.accept(mine, found, username=f"grace{next(numbers)}x", password_hash="-")

    assert at_once(accept, 20).count(None) == 1
    assert work.db.scalar(select(func.count()).select_from(Account)) == 1
