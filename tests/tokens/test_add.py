"""The page that creates a token and shows it once."""

from __future__ import annotations

import configparser
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from portal.kernel.work import Instance
from portal.tokens import limits, policy, service
from portal.tokens.forms.fields import parse_day
from portal.tokens.limits import UploadsLeft
from portal.tokens.macaroon import read
from portal.tokens.models import Token
from tests.support.clock import NOON, FixedClock
from tests.support.instances import READER
from tests.support.people import Someone, last_form, make_person, sign_in, sign_in_limited
from tests.support.site import Site
from tests.tokens.made import add_account, add_project, basic

ADD = "/manage/account/tokens/add/"
CHOICES: dict[str, Any] = {"name": "ci", "scope": "everything", "expires": "30"}


@pytest.fixture
def person(instance: Instance, site: Site) -> Someone:
    """Somebody with two projects, signed in with cookies."""
    person = make_person(instance)
    with instance.work() as work:
        for name in ("alpha", "Beta"):
            add_project(work, person.account_id, name)
    sign_in(site, person)
    return person


def send(site: Site, path: str = ADD, **choices: Any) -> Any:
    """Open the page, choose, press the button."""
    form = last_form(site.get(path))
    for name, value in choices.items():
        form[name] = value
    return form.submit(expect_errors=True)


def rows(instance: Instance) -> list[Token]:
    """All tokens."""
    with instance.work() as work:
        return list(work.db.scalars(select(Token)))


def secret_in(answer: Any) -> str:
    """The token as the page shows it."""
    text: str = answer.html.find(id="token").text.strip()
    assert text.startswith("pypi-")
    return text


def problems(answer: Any) -> str:
    """The error summary of a refused form."""
    assert answer.status_int == 422
    summary: str = answer.html.find(class_="summary").text
    return summary


@pytest.mark.usefixtures("person")
def test_nothing_is_chosen_beforehand(site: Site) -> None:
    form = last_form(site.get(ADD))
    assert (form["scope"].value, form["expires"].value) == (None, None)
    text = problems(form.submit(expect_errors=True))
    for sentence in ("Enter a name", "Choose what the token can upload to", "Choose how long"):
        assert sentence in text


def test_the_token_is_shown_in_the_answer_and_works(instance: Instance, site: Site, person: Someone) -> None:
    answer = send(site, **CHOICES)
    assert answer.status_int == 200
    assert answer.html.title.text.startswith("API token created")
    assert "no-store" in answer.headers["Cache-Control"]
    with instance.work(READER) as work:
        bearer = policy.authenticate(work, basic(secret_in(answer)))
    assert bearer.account_id == person.account_id


@pytest.mark.usefixtures("person")
def test_the_block_for_upload_tools_is_read_by_them(site: Site) -> None:
    answer = send(site, **CHOICES)
    parser = configparser.RawConfigParser()
    parser.read_string(answer.html.find(id="pypirc").text)
    (server,) = parser.get("distutils", "index-servers").split()
    assert dict(parser[server]) == {
        "repository": "http://localhost/legacy/",
        "username": "__token__",
        "password": secret_in(answer),
    }
    assert f"--repository {server} " in answer.html.find(id="command").text


@pytest.mark.usefixtures("person")
def test_the_same_form_sent_again_creates_nothing(instance: Instance, site: Site) -> None:
    form = last_form(site.get(ADD))
    for name, value in CHOICES.items():
        form[name] = value
    form.submit()
    form["name"] = "another"
    assert form.submit(expect_errors=True).status_int == 409
    assert [token.name for token in rows(instance)] == ["ci"]


@pytest.mark.usefixtures("person")
def test_the_token_is_shown_on_no_other_page(site: Site) -> None:
    secret = secret_in(send(site, **CHOICES))
    listed = site.get("/manage/account/tokens/")
    for page in (listed, listed.click("ci", index=0), site.get(ADD), site.get("/manage/account/history/")):
        assert secret[:60] not in page.text
        assert secret[-20:] not in page.text


@pytest.mark.usefixtures("person")
def test_chosen_projects_stand_on_the_row(instance: Instance, site: Site) -> None:
    send(site, **CHOICES | {"scope": "chosen", "projects": ["beta"]})
    assert [token.projects for token in rows(instance)] == [["beta"]]


@pytest.mark.parametrize(
    ("expires", "day", "end"),
    [
        ("7", "", NOON + timedelta(days=7)),
        ("365", "", NOON + timedelta(days=365)),
        ("never", "", None),
        ("date", "2026-06-01", datetime(2026, 6, 2, tzinfo=UTC)),
        ("date", " 2030-12-31 ", datetime(2031, 1, 1, tzinfo=UTC)),
        ("date", "٢٠٣٠-١٢-٣١", datetime(2031, 1, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.usefixtures("person")
def test_the_end_is_the_chosen_one(
    instance: Instance, site: Site, expires: str, day: str, end: datetime | None
) -> None:
    send(site, **CHOICES | {"expires": expires, "date": day})
    assert [token.expires_at for token in rows(instance)] == [end]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"name": " "}, "Enter a name"),
        ({"name": "x" * 101}, "too long"),
        ({"scope": "chosen"}, "Choose at least one project"),
        ({"projects": ["alpha"]}, "You chose every project"),
        ({"expires": "date"}, "Enter the last day as"),
        ({"expires": "date", "date": "31.12.2030"}, "Enter the last day as"),
        ({"expires": "date", "date": "2030-02-30"}, "Enter the last day as"),
        ({"expires": "date", "date": "2026-05-31"}, "This day is past"),
        ({"expires": "date", "date": "9999-12-31"}, "within the next ten years"),
        ({"date": "2030-12-31"}, "You chose another time above"),
    ],
)
@pytest.mark.usefixtures("person")
def test_a_choice_that_does_not_fit_is_told(
    instance: Instance, site: Site, choices: dict[str, Any], sentence: str
) -> None:
    assert sentence in problems(send(site, **CHOICES | choices))
    assert not rows(instance)


@pytest.mark.parametrize(
    ("field", "value"), [("scope", "admin"), ("projects", "theirs"), ("projects", "Beta"), ("expires", "9999999999")]
)
@pytest.mark.usefixtures("person")
def test_a_choice_that_was_not_offered_is_refused(instance: Instance, site: Site, field: str, value: str) -> None:
    with instance.work() as work:
        add_project(work, add_account(work, "noa"), "theirs")
    form = last_form(site.get(ADD))
    sent = dict(form.submit_fields()) | {"name": "ci", "scope": "chosen", "projects": "alpha", "expires": "30"}
    assert problems(site.post(ADD, sent | {field: value}, expect_errors=True))
    assert not rows(instance)


@pytest.mark.usefixtures("person")
def test_a_name_in_use_is_told_at_its_field_and_another_one_works(instance: Instance, site: Site) -> None:
    send(site, **CHOICES)
    refused = send(site, **CHOICES | {"name": "CI"})
    assert "Enter another name" in problems(refused)
    form = last_form(refused)
    assert form["expires"].value == "30"
    form["name"] = "laptop"
    assert form.submit().status_int == 200
    assert len(rows(instance)) == 2


def test_the_hundred_and_first_token_is_refused_with_the_number(
    instance: Instance, site: Site, person: Someone
) -> None:
    with instance.work() as work:
        for number in range(service.LIVE_LIMIT):
            service.create(work, person.account_id, name=f"t{number}", projects=None, expires_at=None)
    assert "100 working tokens" in problems(send(site, **CHOICES))


def test_names_too_long_for_one_token_are_refused(instance: Instance, site: Site, person: Someone) -> None:
    names = [f"{number:02}" + "x" * 90 for number in range(40)]
    with instance.work() as work:
        for name in names:
            add_project(work, person.account_id, name)
    assert "too long for one token" in problems(send(site, chosen_path(names), **CHOICES | {"scope": "chosen"}))


def test_more_than_fifty_projects_are_refused(instance: Instance, site: Site, person: Someone) -> None:
    names = [f"p{number:02}" for number in range(51)]
    with instance.work() as work:
        for name in names:
            add_project(work, person.account_id, name)
    assert "more than 50 projects" in problems(send(site, chosen_path(names), **CHOICES | {"scope": "chosen"}))
    assert not rows(instance)


def chosen_path(names: list[str]) -> str:
    """The page as one comes to it from choosing these among many projects."""
    return f"{ADD}?{urlencode([('project', name) for name in names])}"


def test_of_many_projects_only_the_chosen_ones_stand_in_the_form(
    instance: Instance, site: Site, person: Someone
) -> None:
    with instance.work() as work:
        for number in range(500):
            add_project(work, person.account_id, f"project-{number:03}")
    page = site.get(ADD)
    assert "You can choose from 502 projects." in page.text
    assert "projects" not in last_form(page).fields
    form = last_form(site.get(chosen_path(["alpha", "project-123", "no-such"])))
    assert form["scope"].value == "chosen"
    assert [box.checked for box in form.fields["projects"]] == [True, True]
    form["name"], form["expires"] = "ci", "30"
    assert form.submit().status_int == 200
    assert [token.projects for token in rows(instance)] == [["alpha", "project-123"]]


def test_a_refused_form_keeps_what_was_chosen_among_many(instance: Instance, site: Site, person: Someone) -> None:
    with instance.work() as work:
        for number in range(30):
            add_project(work, person.account_id, f"project-{number:03}")
    refused = send(site, chosen_path(["project-007"]), expires="30")
    assert "Enter a name" in problems(refused)
    assert [box.checked for box in last_form(refused).fields["projects"]] == [True]
    boxes = last_form(last_form(refused).submit("choose").follow()).fields["project"]
    assert [box._value for box in boxes if box.checked] == ["project-007"]


LIMITS = {"networks": "192.0.2.0/24 2001:db8::/32", "version": "1.4.0", "uploads": "٣", "only_new": True}


@pytest.mark.usefixtures("person")
def test_further_limits_stand_in_the_token_and_on_the_row_and_are_told(instance: Instance, site: Site) -> None:
    answer = send(site, **CHOICES | LIMITS)
    (token,) = rows(instance)
    sent = read(secret_in(answer))
    assert limits.read(sent.caveats).also([UploadsLeft(3)]) == token.limits
    assert token.limits.get(limits.OneVersion) == limits.OneVersion.of("1.4.0")
    told = " ".join(answer.html.find("dl").text.split())
    for sentence in (
        "It works only from: 192.0.2.0/24, 2001:db8::/32.",
        "It uploads version 1.4.0 only.",
        "It uploads only to releases that it makes itself, for 24 hours each.",
        "Uploads left: 3.",
    ):
        assert sentence in told


@pytest.mark.usefixtures("person")
def test_ones_own_address_is_the_example(site: Site) -> None:
    assert "Your own address is 192.0.2.7." in site.get(ADD).text


def test_in_limited_mode_a_masked_network_is_no_example(instance: Instance, site: Site) -> None:
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, make_person(instance, "noa"))
    text = blocked.get(f"/~{handle}{ADD}").html.main.text
    assert "From elsewhere the token is refused." in text
    assert "192.0.0.0" not in text
    assert "Your own address" not in text


@pytest.mark.usefixtures("person")
def test_a_browser_that_chooses_the_first_of_each_group_chooses_the_narrowest(site: Site) -> None:
    page = site.get(ADD)
    first = {group: page.html.select(f"input[name={group}]")[0]["value"] for group in ("scope", "expires")}
    assert first == {"scope": "new", "expires": "7"}
    assert send(site, **CHOICES | first).status_int == 422


@pytest.mark.usefixtures("person")
def test_a_token_for_one_new_project_is_pending_on_its_row(instance: Instance, site: Site) -> None:
    answer = send(site, **CHOICES | {"scope": "new", "new_project": "Fresh_One"})
    (token,) = rows(instance)
    assert (token.new_project, token.new_project_id, token.projects) == ("Fresh_One", None, ["fresh-one"])
    assert "It creates the project “Fresh_One”, then uploads to it only." in answer.html.find("dl").text


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"scope": "new"}, "Enter the name of the new project"),
        ({"scope": "new", "new_project": "-x"}, "It begins and ends with a letter or digit."),
        ({"scope": "new", "new_project": "os"}, "standard library"),
        ({"scope": "new", "new_project": "ALPHA"}, "There is a project of this name already"),
        ({"new_project": "fresh"}, "You made another choice above"),
        ({"scope": "new", "new_project": "fresh", "projects": ["alpha"]}, "You chose one new project above"),
        ({"networks": "192.0.2.7 300.1.1.1, foo"}, "No address and no network: 300.1.1.1, foo."),
        ({"networks": " ".join(f"192.0.2.{number}" for number in range(21))}, "at most 20"),
        ({"version": "one"}, "Enter a version such as"),
        ({"uploads": "0"}, "Enter a number from 1 to 1000"),
        ({"uploads": "1001"}, "Enter a number from 1 to 1000"),
        ({"uploads": "-1"}, "Enter a number from 1 to 1000"),
    ],
)
@pytest.mark.usefixtures("person")
def test_a_limit_that_can_not_be_read_is_told_where_it_stands(
    instance: Instance, site: Site, choices: dict[str, Any], sentence: str
) -> None:
    refused = send(site, **CHOICES | choices)
    assert sentence in problems(refused)
    assert not rows(instance)
    further = {"networks", "version", "uploads"} & choices.keys()
    assert refused.html.find("details").has_attr("open") == bool(further)


def test_somebody_without_projects_is_told_that_the_first_upload_creates_one(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance, "noa"))
    page = site.get(ADD)
    assert "The first upload creates" in page.text
    assert "projects" not in last_form(page).fields
    assert send(site, **CHOICES).status_int == 200


@pytest.mark.usefixtures("person")
def test_the_summary_names_the_field_where_the_sentence_does_not(site: Site) -> None:
    page = send(site, **CHOICES | {"version": "new", "uploads": "none"})
    assert [link.text for link in page.html.select(".summary a")] == [
        "Version: Enter a version such as 1.4.0 (PEP 440).",
        "Number of uploads: Enter a number from 1 to 1000.",
    ]


def test_without_a_confirmed_address_the_page_says_how_to_go_on(instance: Instance, site: Site) -> None:
    sign_in(site, make_person(instance, "noa", confirmed=False))
    page = site.get(ADD)
    assert "Confirm your e-mail address first" in page.text
    page.click("Go to your e-mail addresses")
    token = last_form(page)["_token"].value
    assert site.post(ADD, {"_token": token, **CHOICES}, expect_errors=True).status_int == 403
    assert not rows(instance)


@pytest.mark.parametrize("authenticator", [False, True])
def test_the_row_says_whether_two_factor_authentication_was_on(
    instance: Instance, site: Site, clock: FixedClock, authenticator: bool
) -> None:
    person = make_person(instance, "noa", authenticator=authenticator)
    sign_in(site, person, code=person.code(clock.now()) if authenticator else "")
    send(site, **CHOICES)
    assert [token.created_with_2fa for token in rows(instance)] == [authenticator]


@pytest.mark.usefixtures("person")
def test_a_session_confirmed_long_ago_is_asked_again(instance: Instance, site: Site, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=11))
    assert "Enter your password" in problems(send(site, **CHOICES))
    assert not rows(instance)


def test_in_limited_mode_the_token_comes_only_after_the_password(instance: Instance, site: Site) -> None:
    person = make_person(instance, "noa")
    blocked = Site(site.application, takes_cookies=False)
    handle = sign_in_limited(blocked, person)
    path = f"/~{handle}{ADD}"
    refused = send(blocked, path, **CHOICES)
    assert "Enter your password" in problems(refused)
    assert not rows(instance)
    networks = {"networks": "192.0.2.7 10.1.2.0/24"}
    answer = send(blocked, path, **CHOICES | networks | {"confirm-password": person.password})
    assert len(rows(instance)) == 1
    assert "It works only from: 10.1.2.0/24, 192.0.2.7/32." in answer.html.main.text
    assert secret_in(answer)[-20:] not in blocked.get(f"/~{handle}/manage/account/tokens/").text
    assert handle not in answer.html.find(id="pypirc").text


def test_a_day_is_read_in_any_digits_or_not_at_all() -> None:
    assert parse_day("२०३०-१२-३१") == parse_day("2030-12-31")
    for text in ("", "tomorrow", "2030-13-01", "²030-12-31", "0", "-" * 40):
        assert parse_day(text) is None
