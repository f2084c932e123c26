"""The whole main job, as a person does it: in Chromium with scripts on or off and cookies on or off.

A browser really blocks what it says: the recorder in front of Doorward saw no cookie and no request of a script, and
in the same way saw both where they are allowed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.journeys.browser import FOUR, Blocking, chromium
from tests.journeys.clients import (
    GREETING,
    PROJECT,
    Package,
    greeting,
    new_environment,
    pip_install,
    upload,
    uv_install,
)
from tests.journeys.person import Person
from tests.journeys.proof import handles_seen, prove_blocking
from tests.journeys.recorder import Recorder
from tests.support.serving import Doorward

pytestmark = pytest.mark.allow_hosts(["localhost", "127.0.0.1", "::1"])


@pytest.mark.parametrize("blocking", FOUR, ids=str)
def test_from_registration_to_an_installed_package_and_a_revoked_token(
    blocking: Blocking,
    doorward: Doorward,
    recorder: Recorder,
    package: Package,
    playwright: Playwright,
    tmp_path: Path,
) -> None:
    with chromium(playwright, tmp_path, blocking) as page:
        begin(Person(page, doorward, "grace", "grace@example.org"))
        ada = Person(page, doorward, "ada", "ada@example.org")
        prove_blocking(page, blocking, recorder)
        join(ada, blocking)
        secure(ada, blocking)
        publish(ada, package, tmp_path)
        read_history(ada)
        revoke(ada, package, tmp_path)
        leave(ada, blocking)
    assert len(handles_seen(blocking, recorder, doorward.log())) == (0 if blocking.cookies else 2)


def begin(grace: Person) -> None:
    """The first administrator opens the index."""
    grace.open("/account/register/")
    assert grace.page.get_by_label("Password").count() == 0
    grace.register(grace.doorward.first_link(), "Make this account")
    grace.confirm_address()


def join(ada: Person, blocking: Blocking) -> None:
    """An account with a confirmed address, signed in."""
    ada.register()
    ada.confirm_address()
    ada.come_in(blocking)
    assert "ada" in ada.text()


def secure(ada: Person, blocking: Blocking) -> None:
    """An authenticator app with recovery codes; then signing in asks for a code."""
    ada.add_authenticator()
    assert len(ada.recovery_codes) == 10
    ada.doorward.letter(ada.email, "uthenticator")
    ada.sign_out()
    ada.come_in(blocking)


def publish(ada: Person, package: Package, folder: Path) -> None:
    """A token for everything uploads a new project, one for that project the next file; both installers get it."""
    url = ada.doorward.url
    first = upload(url, ada.create_token("first upload"), [package.wheel], folder)
    assert first.returncode == 0, first.stdout + first.stderr
    ada.token = ada.create_token("releases", PROJECT)
    second = upload(url, ada.token, [package.sdist], folder)
    assert second.returncode == 0, second.stdout + second.stderr
    for name, install in (("pip", pip_install), ("uv", uv_install)):
        python = new_environment(folder / name)
        install(url, python, folder)
        assert greeting(python, folder) == GREETING


def read_history(ada: Person) -> None:
    """Everything that was done stands in the security history."""
    told = "\n".join(ada.history())
    for word in ("registered", "confirmed", "igned in", "my phone", "first upload", "releases", package_file()):
        assert word in told, told


def package_file() -> str:
    """A file name as the history tells it."""
    return "doorward_greeting-1.0.tar.gz"


def revoke(ada: Person, package: Package, folder: Path) -> None:
    """The revoked token uploads nothing more, and twine says why."""
    ada.revoke_token("releases")
    ada.doorward.letter(ada.email, "evoked")
    refused = upload(ada.doorward.url, ada.token, [package.sdist], folder)
    assert refused.returncode != 0
    said = " ".join((refused.stdout + refused.stderr).split())
    assert "This API token was revoked. Create a new one in your account." in said


def leave(ada: Person, blocking: Blocking) -> None:
    """After signing out, the address of limited mode leads nowhere."""
    handle = ada.handle
    ada.sign_out()
    if not blocking.cookies:
        ada.open(f"{handle}/manage/account/")
        ada.reads("Page not found")
