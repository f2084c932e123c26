"""`doorward new-key`: what the database holds is sealed with a new key from the next start on."""

from __future__ import annotations

import stat
from pathlib import Path

from portal.app.first_start import KEYS
from portal.kernel.vault import load_vault

from .conftest import Command


def test_what_was_sealed_before_opens_afterwards_and_new_values_bear_the_new_key(command: Command, data: Path) -> None:
    command("migrate")
    before = load_vault(data / KEYS).seal(b"x", purpose="p")
    said = command("new-key")
    assert said.status == 0
    assert "Restart every process" in said.out
    vault = load_vault(data / KEYS)
    assert vault.open(before, purpose="p") == b"x"
    assert vault.seal(b"x", purpose="p")[:4] != before[:4]
    assert [path.name for path in (data / KEYS).parent.iterdir()] == ["keys.json"]
    assert stat.S_IMODE((data / KEYS).stat().st_mode) == 0o600


def test_where_there_are_no_keys_none_is_made(command: Command, data: Path) -> None:
    command("migrate")
    (data / KEYS).unlink(missing_ok=True)
    said = command("new-key")
    assert said.status == 1
    assert said.err == "There are no keys yet. The first start makes one.\n"
    assert not (data / KEYS).exists()
