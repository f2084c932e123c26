"""Every refusal of an upload stands in one catalogue: on the help page, in docs/, and behind each answer."""

from __future__ import annotations

import gzip
import re

import pytest

from portal.kernel.causes import REASON_LIMIT, Cause, CauseRefused, phrase
from portal.uploads.catalogue import PLACE, TARGET, listing, main, one_each, sections
from tests.support.site import Site
from tests.tokens.made import basic
from tests.uploads.conftest import Uploader
from tests.uploads.test_legacy import Tool, reason

CAUSES = [cause for section in sections() for cause in section.causes]
STATUSES = {400, 401, 403, 404, 405, 410, 411, 413, 429, 500, 503}
HELP_PAGE_LIMIT = 14_000
NUMBERED = [pytest.param(cause, id=f"{number}-{cause.code}") for number, cause in enumerate(CAUSES)]
INSIDE = re.compile(r"\b(?:portal\.|Traceback|Error\b|Exception|None\b|sqlite|psycopg|/tmp|\.py\b|0x[0-9a-f])")


def example(cause: Cause) -> CauseRefused:
    """The refusal with the longest values there may be."""
    names = {name for text in (cause.sentence, cause.remedy) for name in PLACE.findall(str(text))}
    return CauseRefused(cause, **dict.fromkeys(names, "\u202eé\r\n" + "x" * 500))


def test_a_code_stands_for_one_thing() -> None:
    sentences: dict[str, str] = {}
    for cause in CAUSES:
        first = sentences.setdefault(cause.code, str(cause.sentence))
        # Another cause of the same code says the same, and more.
        assert str(cause.sentence).startswith(first), cause.code
    assert len(one_each(CAUSES)) > 90


@pytest.mark.parametrize("cause", NUMBERED)
def test_each_says_what_is_wrong_and_what_helps_in_whole_sentences(cause: Cause) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", cause.code)
    assert cause.status in STATUSES
    for text in (str(cause.sentence), str(cause.remedy)):
        assert text[0].isupper() or text[0] in "“$"
        assert text.endswith((".", "?")) or text.endswith("}")


@pytest.mark.parametrize("cause", NUMBERED)
def test_none_tells_anything_of_the_inside_or_breaks_its_line(cause: Cause) -> None:
    refusal = example(cause)
    assert not INSIDE.search(f"{cause.sentence} {cause.remedy}")
    assert refusal.reason.isascii()
    assert refusal.reason.isprintable()
    assert len(refusal.reason) <= REASON_LIMIT
    for text in (refusal.sentence.interpolate(), refusal.remedy.interpolate()):
        assert "${" not in text
        assert "\n" not in text
        assert "\r" not in text
        assert "x" * 81 not in text


def test_the_help_page_has_an_anchor_for_each_and_fits_into_the_first_answer_of_a_server(site: Site) -> None:
    page = site.get("/help/uploads/")
    anchors = [entry["id"] for entry in page.html.main.select(".refusals > div")]
    assert anchors == [cause.code for section in sections() for cause in one_each(section.causes)]
    assert len(gzip.compress(page.body)) < HELP_PAGE_LIMIT


def test_an_answer_leads_to_its_place_on_the_help_page(site: Site, uploader: Uploader) -> None:
    answer = Tool(site, uploader.token).post(b"nonsense")
    place = "http://localhost/help/uploads/#broken-form"
    assert reason(answer).endswith(f" {place}")
    assert answer.text.splitlines()[-1] == f"More about it: {place}"


def test_a_refused_token_has_a_remedy_and_a_place_too(site: Site, uploader: Uploader) -> None:
    answer = Tool(site, "nonsense").post(b"")
    assert answer.text.splitlines() == [
        "This is not a token of this index.",
        "It may be cut off or altered: copy the whole token again.",
        "More about it: http://localhost/help/uploads/#not-ours",
    ]
    assert reason(answer) == " ".join(answer.text.replace("More about it: ", "").splitlines())


@pytest.mark.parametrize("cause", NUMBERED)
def test_the_reason_keeps_its_limit_with_a_place_behind_it(cause: Cause) -> None:
    said = phrase(example(cause).reason, f"https://packages.example.org/help/uploads/#{cause.code}")
    assert len(said) <= REASON_LIMIT
    assert "#" not in said or said.endswith(f"/help/uploads/#{cause.code}")


@pytest.mark.parametrize(("name", "around"), [(" __token__ ", "  {}\n"), ("__token__\t", "{} ")])
def test_spaces_around_user_name_and_token_are_forgiven(site: Site, uploader: Uploader, name: str, around: str) -> None:
    tool = Tool(site, "")
    answer = tool.post(b"nonsense", Authorization=basic(around.format(uploader.token), name))
    assert "broken" in reason(answer)


def test_another_user_name_is_named_as_the_mistake(site: Site, uploader: Uploader) -> None:
    answer = Tool(site, "").post(b"", Authorization=basic(uploader.token, "mira"))
    assert answer.status_int == 403
    assert reason(answer).startswith('The user name "mira" can\'t be used here. Use the user name __token__')


def test_the_page_in_docs_is_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == listing(), "run `make catalogues`"
    assert main(["--check"]) == 0
