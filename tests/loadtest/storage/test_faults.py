"""What a talk goes through when something happens to its database, in short."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from loadtest.compare.errors import Missing
from loadtest.storage import faults
from loadtest.storage.faults import FAULTS, suffer
from loadtest.storage.kinds import SERVERS, place, small_disk
from tests.databases import Databases


@pytest.fixture(autouse=True)
def in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "QUIET_S", 0.3)


def test_it_goes_on_behind_a_lock(tmp_path: Path) -> None:
    with place("sqlite", tmp_path) as where:
        outcome = suffer(replace(FAULTS["locked"], seconds=1.0), where, tmp_path)
    assert (dict(outcome.ledger.findings), outcome.ledger.examples) == ({}, [])
    assert outcome.longest_wait >= 0.2  # It was locked.
    assert outcome.cells()["findings"] == "none"


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("fault", ["killed", "read-only"])
def test_it_goes_on_behind_a_server_that_was_gone(
    databases: Databases, kind: str, fault: str, tmp_path: Path
) -> None:
    databases.server(kind)  # Skips where there is none.
    with place(kind, tmp_path) as where:
        outcome = suffer(replace(FAULTS[fault], seconds=1.0), where, tmp_path)
    assert (dict(outcome.ledger.findings), outcome.ledger.examples) == ({}, [])
    assert outcome.refused_meanwhile > 0
    assert outcome.words.startswith("Not saved: ")


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A folder in which a small disk can be mounted."""
    try:
        with small_disk(tmp_path, 1):
            assert tmp_path.stat().st_dev != tmp_path.parent.stat().st_dev
    except Missing as why:
        in_vain = os.environ.get("CI") and may_mount()
        (pytest.fail if in_vain else pytest.skip)(str(why))
    return tmp_path


def may_mount() -> bool:
    """Whether the kernel lets us: it takes CAP_SYS_ADMIN (capabilities(7)), as of root."""
    status = Path("/proc/self/status").read_text()
    held = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(held.split()[1], 16) >> 21 & 1)


def test_what_has_no_place_is_refused_and_never_seen(
    disk: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("log")
    with place("sqlite", disk, disk_mb=20) as where:
        outcome = suffer(replace(FAULTS["disk full"], seconds=1.0), where, log)
    assert (dict(outcome.ledger.findings), outcome.ledger.examples) == ({}, [])
    assert outcome.refused_meanwhile > 0
    assert outcome.words == "Not saved: disk full"
