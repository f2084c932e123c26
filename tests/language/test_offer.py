"""Which languages there are."""

from __future__ import annotations

from pathlib import Path

from portal.language.offer import offered, suggested


def test_languages_with_a_compiled_catalogue_are_offered_under_their_codes_after_english(tmp_path: Path) -> None:
    for name in ("pt_BR", "en_XA", "ar"):
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "portal.mo").touch()
    (tmp_path / "de" / "LC_MESSAGES").mkdir(parents=True)

    assert offered(tmp_path) == {"en": "en", "ar": "ar", "en-XA": "en_XA", "pt-BR": "pt_BR"}
    assert next(iter(offered(tmp_path))) == "en"


def test_the_pseudo_locale_is_suggested_to_nobody() -> None:
    assert suggested({"en": "en", "en-XA": "en_XA"}) == {"en": "en"}


def test_a_place_without_catalogues_speaks_english(tmp_path: Path) -> None:
    assert offered(tmp_path / "nothing") == {"en": "en"}
