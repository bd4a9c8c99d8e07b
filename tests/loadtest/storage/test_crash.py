"""A few kills, as the program does a hundred of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtest.storage import crash
from loadtest.storage.crash import Crashes

KILLS = 3


def test_nothing_acknowledged_is_lost_by_kill_9(database: str, tmp_path: Path) -> None:
    crashes = Crashes(database, tmp_path, seed=3, most_lines=300)
    *_, ledger = crashes.run(KILLS)
    assert (dict(ledger.findings), ledger.examples) == ({}, [])
    assert crashes.kills == KILLS
    assert KILLS <= ledger.acknowledged <= ledger.kept


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_gone_is_found(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash, "lines", lambda url, after: [])
    crashes = Crashes(database, tmp_path, seed=1, most_lines=20)
    *_, ledger = crashes.run(1)
    assert ledger.findings["lost"] >= ledger.acknowledged > 0
