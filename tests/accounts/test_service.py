from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from portal.accounts import passwords, service, tickets
from portal.accounts.errors import AddressTaken, RegistrationClosed, TicketUsed, UsernameTaken
from portal.accounts.models import Account, Address, Ticket
from portal.accounts.tickets import Purpose
from portal.audit.models import Entry
from portal.kernel.errors import AlreadyUsed, NotFound, Unavailable
from portal.kernel.ids import new_id
from portal.kernel.work import Instance, Work
from tests.accounts.people import PASSWORD, Happened, People
from tests.support.races import MANY, at_once


def confirm(instance: Instance, text: str) -> None:
    with instance.work() as work:
        service.confirm_address(work, tickets.find(work, Purpose.CONFIRM_ADDRESS, text))


def test_a_new_account_has_its_hash_and_one_unconfirmed_primary_address(people: People, work: Work) -> None:
    account = people.register("Ann.Lee", "Ann@Example.org")
    address = service.addresses(work, account.id)[0]
    assert (account.username, account.epoch, account.is_admin) == ("Ann.Lee", 0, False)
    assert (address.email, address.is_primary, address.confirmed_at) == ("Ann@Example.org", True, None)
    work.settle()
    assert passwords.verify_password(work, account.password_hash, PASSWORD)


def test_a_new_account_has_no_way_back_in_by_mail_yet(people: People, work: Work) -> None:
    account = people.register("ann")
    assert service.confirmed_address(work, account.id) is None
    assert service.letter_addresses(work, account.id) == []


@pytest.mark.parametrize("name", ["Ann.Lee", "ANN-LEE", "ann__lee", "Root"])
def test_a_name_that_is_reserved_or_differs_only_in_case_and_separators_is_taken(people: People, name: str) -> None:
    people.register("ann.lee")
    with pytest.raises(UsernameTaken):
        people.register(name)


def test_one_signs_in_with_a_user_name_in_any_spelling_or_with_a_confirmed_address(people: People, work: Work) -> None:
    account = people.confirmed("Ann.Lee", "Ann@Example.org")
    for text in ("Ann.Lee", "ann-lee", "ann@example.org", "ANN@EXAMPLE.ORG"):
        found = service.by_login(work, text)
        assert found is not None
        assert found.id == account.id


@pytest.mark.parametrize("text", ["", "bea", "bea@example.org", "@", "x" * 300, "x@" * 300, "änn", "ann lee", "a%"])
def test_other_text_signs_nobody_in(people: People, work: Work, text: str) -> None:
    people.confirmed("Ann.Lee", "ann@example.org")
    people.register("cara", "bea@example.org")
    assert service.by_login(work, text) is None


def test_an_unconfirmed_address_may_stand_at_any_number_of_accounts(people: People, work: Work) -> None:
    people.register("ann", "both@example.org")
    people.register("bea", "both@example.org")
    assert work.db.scalar(select(func.count()).select_from(Address)) == 2


def test_registering_tells_the_letter_writer_what_to_send(people: People, happened: Happened) -> None:
    account = people.register("ann", "ann@example.org")
    [event] = happened
    assert (event.account_id, event.username, event.email) == (account.id, "ann", "ann@example.org")
    assert event.ticket
    assert not event.already_registered


def test_an_address_that_is_confirmed_elsewhere_changes_only_what_the_letter_says(
    people: People, happened: Happened, work: Work
) -> None:
    people.confirmed("ann", "Ann@example.org")
    account = people.register("bea", "ann@EXAMPLE.org")
    assert happened[-1].already_registered
    assert len(service.addresses(work, account.id)) == 1


def test_neither_address_nor_ticket_stands_in_the_record(people: People, happened: Happened, work: Work) -> None:
    people.register("ann", "ann@example.org")
    [entry] = work.db.scalars(select(Entry))
    assert entry.facts == {"username": "ann"}
    [ticket] = work.db.scalars(select(Ticket))
    assert happened.ticket.encode() not in ticket.secret_hash


def test_confirming_an_address_makes_it_the_way_back_in(people: People, happened: Happened, work: Work) -> None:
    account = people.register("ann", "ann@example.org")
    confirm(people.instance, happened.ticket)
    assert service.letter_addresses(work, account.id) == ["ann@example.org"]
    assert happened.kinds == ["account.registered", "address.confirmed"]


def test_a_second_account_cannot_confirm_the_same_address_and_nothing_is_half_done(
    people: People, happened: Happened, work: Work
) -> None:
    people.register("ann", "both@example.org")
    first = happened.ticket
    other = people.register("bea", "BOTH@example.org")
    second = happened.ticket
    confirm(people.instance, first)
    with people.instance.work() as refused:
        ticket = tickets.find(refused, Purpose.CONFIRM_ADDRESS, second)
        with pytest.raises(AddressTaken):
            service.confirm_address(refused, ticket)
    assert service.confirmed_address(work, other.id) is None
    assert tickets.find(work, Purpose.CONFIRM_ADDRESS, second).used_at is None
    assert happened.kinds.count("address.confirmed") == 1


def test_two_tickets_of_one_address_confirm_it_once(people: People, happened: Happened) -> None:
    account = people.register("ann")
    first = happened.ticket
    with people.instance.work() as work:
        service.request_confirmation(work, service.addresses(work, account.id)[0])
    confirm(people.instance, first)
    with pytest.raises(AlreadyUsed):
        confirm(people.instance, happened.ticket)
    with pytest.raises(TicketUsed):
        confirm(people.instance, first)


def test_the_letter_is_sent_again_only_while_an_address_is_unconfirmed(people: People, work: Work) -> None:
    account = people.confirmed("ann")
    with pytest.raises(AlreadyUsed):
        service.request_confirmation(work, service.addresses(work, account.id)[0])


def test_a_letter_sent_again_does_not_reach_into_another_account_either(people: People, happened: Happened) -> None:
    people.confirmed("ann", "ann@example.org")
    other = people.register("bea", "ann@example.org")
    with people.instance.work() as work:
        service.request_confirmation(work, service.addresses(work, other.id)[0])
    assert happened[-1].already_registered


def test_nothing_is_ready_before_there_is_an_administrator(work: Work) -> None:
    with pytest.raises(Unavailable):
        service.require_ready(work)
    with pytest.raises(Unavailable):
        service.require_open(work)


@pytest.mark.parametrize("registration", ["closed", "invite"])
def test_nobody_registers_where_the_settings_forbid_it(ready: Instance, registration: str) -> None:
    settings = replace(ready.settings, registration=registration)
    with replace(ready, settings=settings).work() as work, pytest.raises(RegistrationClosed):
        service.require_open(work)


def test_an_account_that_is_not_there_is_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        service.find(work, new_id())
    with pytest.raises(NotFound):
        service.find_address(work, None)


def test_of_fifty_registrations_of_one_name_one_wins_and_leaves_no_trace_of_the_others(
    people: People, work: Work
) -> None:
    numbers = iter(range(MANY))
    hashed = passwords.hash_password(work, PASSWORD)

    def register() -> None:
        with people.instance.work() as mine:
            service.register(mine, username="ann", email=f"ann{next(numbers)}@example.org", password_hash=hashed)

    results = at_once(register)
    assert results.count(None) == 1
    assert sum(isinstance(result, UsernameTaken) for result in results) == MANY - 1
    for model in (Account, Address, Ticket, Entry):
        assert work.db.scalar(select(func.count()).select_from(model)) == 1


def test_of_fifty_accounts_that_confirm_one_address_at_once_one_wins(
    people: People, happened: Happened, work: Work
) -> None:
    texts = []
    for number in range(MANY):
        people.register(f"ann{number}", "both@example.org")
        texts.append(happened.ticket)
    waiting = iter(texts)
    results = at_once(lambda: confirm(people.instance, next(waiting)))
    assert results.count(None) == 1
    assert sum(isinstance(result, AddressTaken) for result in results) == MANY - 1
    confirmed = select(func.count()).select_from(Address).where(Address.confirmed_at.is_not(None))
    assert work.db.scalar(confirmed) == 1
