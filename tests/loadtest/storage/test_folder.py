"""Folders that outlive nobody for long."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from loadtest.storage.folder import OWNER, own_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_gone_afterwards(temporary: Path) -> None:
    with own_folder("x") as folder:
        (folder / "file").write_text("y")
        assert folder.parent == temporary and folder.name.startswith("geventchat-x-")
    assert list(temporary.iterdir()) == []


def test_what_is_in_use_stays_and_what_nobody_uses_goes(temporary: Path) -> None:
    orphan, unknown = temporary / "geventchat-x-orphan", temporary / "geventchat-x-unknown"
    for made in (orphan, unknown):
        made.mkdir()
    (orphan / OWNER).touch()
    with own_folder("x") as one, own_folder("x") as other:
        assert one.exists() and other.exists()
        assert not orphan.exists()
        assert unknown.exists()  # Nobody said that it is one of ours.
