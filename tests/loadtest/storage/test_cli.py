"""The command line of the storage programs."""

from __future__ import annotations

import pytest

from loadtest.storage import cli, crash
from loadtest.storage.cli import main
from loadtest.storage.ledger import Ledger
from loadtest.storage.table import Table


class Told(crash.Crashes):
    """Crashes that only say so."""

    def run(self, kills: int):  # type: ignore[no-untyped-def]
        for _ in range(kills):
            self.kills += 1
            if "bad" in self.url:
                self.ledger.find("lost", ["a line"])
            yield self.ledger


def test_a_table_of_what_was_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crash, "Crashes", Told)
    assert main(["crash", "--database", "sqlite", "--kills", "2"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[-1].startswith("| sqlite | 2 | 0 |")
    assert out.splitlines()[-1].endswith("| none |")
    assert "sqlite 2/2" in err


def test_a_finding_is_told_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crash, "Crashes", Told)
    given = ["crash", "--kills", "1", "--database", "sqlite", "--database", "sqlite:///bad.db"]
    assert main(given) == 1
    out, err = capsys.readouterr()
    assert "| 1 lost |" in out and "| none |" in out
    assert "lost: a line" in err


@pytest.mark.parametrize(
    "given",
    [
        *(["crash", "--kills", kills] for kills in ("0", "-1", "x", "99999999")),
        ["size", "--lines", "7"],
    ],
)
def test_counts_are_numbers(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(given)
    assert "not a number" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "nan", "x", "601"])
def test_seconds_are_a_number(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lines", "--seconds", seconds])
    assert "not a number" in capsys.readouterr().err


def test_what_cannot_be_run_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object) -> None:
        raise cli.Missing("initdb is not installed")

    monkeypatch.setattr(cli, "place", missing)
    assert main(["crash", "--database", "postgresql"]) == 1
    assert capsys.readouterr().err == "postgresql: initdb is not installed\n"


def test_a_ledger_of_nothing_is_a_table_of_nothing() -> None:
    assert str(Table()) == ""
    assert Ledger().findings == {}
