"""The template of all translations."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from portal.language import catalogues

PAGE = """<html xmlns:i18n="http://xml.zope.org/namespaces/i18n" i18n:domain="portal">
<p i18n:translate="">%s</p></html>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A source tree with one sentence in Python and one in a template."""
    (tmp_path / "portal" / "one").mkdir(parents=True)
    (tmp_path / "templates" / "mail").mkdir(parents=True)
    (tmp_path / "portal" / "one" / "events.py").write_text('# Translators: told later\nA = _("In ${name}")\n', "utf-8")
    (tmp_path / "templates" / "mail" / "hello.pt").write_text(PAGE % "In a letter", "utf-8")
    return tmp_path


def test_sentences_of_the_program_and_of_letters_stand_in_the_template(root: Path) -> None:
    assert catalogues.main([], root) == 0

    text = (root / "locale" / "portal.pot").read_text("utf-8")
    assert "#. Translators: told later\n#: portal/one/events.py\n" in text
    assert '#: templates/mail/hello.pt\nmsgid "In a letter"' in text


def test_the_template_changes_only_with_the_words(root: Path) -> None:
    catalogues.main([], root)
    pot = root / "locale" / "portal.pot"
    first = pot.read_bytes()
    source = root / "portal" / "one" / "events.py"
    source.write_text("\n\n\nimport os\n" + source.read_text("utf-8"), "utf-8")
    catalogues.main([], root)

    assert pot.read_bytes() == first


def test_a_check_passes_a_fresh_template_and_writes_nothing(root: Path) -> None:
    catalogues.main([], root)

    assert catalogues.main(["--check"], root) == 0


def test_a_check_fails_on_a_sentence_that_is_not_in_the_template(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogues.main([], root)
    pot = root / "locale" / "portal.pot"
    before = pot.read_bytes()
    (root / "templates" / "new.pt").write_text(PAGE % "Brand new", "utf-8")

    assert catalogues.main(["--check"], root) == 1
    assert "make catalogues" in capsys.readouterr().err
    assert pot.read_bytes() == before


def test_a_catalogue_keeps_its_translations_and_gets_the_new_sentences_empty(root: Path) -> None:
    po = root / "locale" / "de" / "LC_MESSAGES" / "portal.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "In a letter"\n'
                  'msgstr "In einem Brief"\n\nmsgid "Gone"\nmsgstr "Weg"\n', "utf-8")  # fmt: skip
    catalogues.main([], root)

    with po.open("rb") as source:
        catalogue = read_po(source, locale="de")
    assert {message.id: message.string for message in catalogue if message.id} == {
        "In a letter": "In einem Brief",
        "In ${name}": "",
    }
    assert "Gone" not in po.read_text("utf-8")
