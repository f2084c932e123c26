"""A refused upload stands in the security history with the sentence that the tool was told."""

from __future__ import annotations

from portal.audit.events import FORGOTTEN, tell, without_personal
from portal.kernel.work import Instance
from portal.uploads import errors
from portal.uploads.errors import Refusal
from portal.uploads.events import UploadRefused, refused
from tests.support.people import make_person, sign_in
from tests.support.site import Site


def test_the_history_shows_the_sentence_and_not_the_code(instance: Instance, site: Site) -> None:
    person = make_person(instance)
    refusal = Refusal(errors.TOO_LARGE, limit=100)
    with instance.work() as work:
        work.record(refused(person.account_id, "demo-1.0.tar.gz", refusal.code, refusal.sentence))
    sign_in(site, person)
    for language, start in (("", "Upload of “demo-1.0.tar.gz” refused: The upload is larger"), ("/en-XA", "⟦")):
        text = site.get(f"{language}/manage/account/history/").html.select("tbody tr")[-1].get_text(" ", strip=True)
        assert start in text
        assert "100" in text
        assert refusal.code not in text


def test_what_is_known_by_its_code_alone_is_told_by_it() -> None:
    facts = {"filename": "demo-1.0.tar.gz", "code": "digest"}
    assert tell(UploadRefused.kind, facts).interpolate() == "Upload of “demo-1.0.tar.gz” refused: digest"
    event = refused(None, "demo-1.0.tar.gz", "digest", errors.DIGEST.sentence)
    kept = without_personal(UploadRefused.kind, event.facts())
    assert kept["values"] == FORGOTTEN
    assert tell(UploadRefused.kind, kept).interpolate() == "Upload of “demo-1.0.tar.gz” refused: digest"
