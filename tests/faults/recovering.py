"""What the person does after the server has come back: whatever they had, they get on, and nothing works twice."""

from __future__ import annotations

import random

from portal.kernel.work import Instance
from tests.faults.invariants import Seen, look
from tests.faults.journeys import PASSWORDS, Person
from tests.support.visitor import Visitor


def go_on(person: Person, journey: str, instance: Instance, chance: random.Random) -> None:
    """Finish the journey. Raises AssertionError where something does not work that should, or does that should not."""
    if journey == "set-up":
        finish_set_up(person, instance)
    else:
        finish_reset(person, instance, chance)
    person.server.settle(instance)


def stored(instance: Instance, person: Person) -> Seen | None:
    """The rows of somebody's account."""
    with instance.work(write=False) as work:
        return look(work, person)


def finish_set_up(person: Person, instance: Instance) -> None:
    """Register again if there is no account; confirm; have an app in the end."""
    if stored(instance, person) is None:
        person.register()
        person.server.settle(instance)
    seen = stored(instance, person)
    assert seen is not None
    if seen.address.confirmed_at is None:
        person.confirm()
    link = person.server.links(person.email, "/account/verify-email/")[-1]
    person.fresh().open(link, status=410)
    if seen.apps:
        press_again(person)
    else:
        set_app_up(person)
    use_factor(person)


def set_app_up(person: Person) -> None:
    """Go on where the browser stands: forms that were open when the server died still work."""
    if not person.codes:
        person.browser = Visitor(person.server)
        person.sign_in()
        person.name_app()
    if not person.key:
        person.keep_codes()
    person.prove_app()


def press_again(person: Person) -> None:
    """Where the form is still open, its button is pressed again: that adds no second app."""
    person.told.add("app")
    if not person.browser.page.select_one("main form [name=code]"):
        return
    code = person.code()
    person.go(lambda: person.browser.submit(code=code))
    assert person.browser.status < 500


def use_factor(person: Person) -> None:
    """The app lets in, a recovery code lets in once, and the password alone does not."""
    person.fresh().sign_in()
    refused(person, person.password, "")
    person.fresh().sign_in(code=person.codes[1])
    refused(person, person.password, person.codes[1])


def refused(person: Person, password: str, code: str) -> None:
    """Try to sign in, in vain."""
    stranger = person.fresh()
    stranger.open("/account/login/")
    stranger.go(lambda: stranger.browser.submit(username=person.username, password=password, code=code))
    assert stranger.browser.status < 500
    assert stranger.browser.heading != "Your account", "signed in with what should not be enough"


def finish_reset(person: Person, instance: Instance, chance: random.Random) -> None:
    """Have the new password in the end, and only that."""
    seen = stored(instance, person)
    assert seen is not None
    if seen.happened["password.reset"] < person.goal:
        choose_anew(person, instance, old_first=chance.random() < 0.5)
    person.fresh().open(person.new_links()[-1], status=410)
    if person.new_password:
        person.accept_new()
    refused(person, next(word for word in PASSWORDS if word != person.password), person.code())
    person.fresh().sign_in()


def choose_anew(person: Person, instance: Instance, *, old_first: bool) -> None:
    """The password is still the old one. Signing in with it makes the link useless; otherwise the link works."""
    if old_first:
        person.fresh().sign_in()
        for link in person.new_links():
            person.fresh().open(link, status=410)
    if old_first or not person.new_links():
        person.ask_reset()
        person.server.settle(instance)
    person.choose()
    person.server.settle(instance)
