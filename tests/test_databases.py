"""The databases that the tests run over."""

from __future__ import annotations

import pytest

from loadtest.compare.errors import Missing
from loadtest.storage.database_server import connected
from tests import conftest
from tests import databases as module
from tests.databases import Databases


def test_each_test_has_an_empty_database(database: str) -> None:
    """Twice: see the next."""
    with connected(database) as connection:
        connection.exec_driver_sql("CREATE TABLE mine (n int)")
        assert connection.exec_driver_sql("SELECT count(*) FROM mine").scalar() == 0


test_the_next_test_has_another = test_each_test_has_an_empty_database


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_missing_server_is_skipped_and_told_but_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object, ci: str
) -> None:
    def missing(kind: str) -> None:
        raise Missing(f"{kind}d is not installed")

    monkeypatch.setattr(module, "started", missing)
    monkeypatch.setenv("CI", ci)
    those = Databases()
    with pytest.raises(pytest.fail.Exception if ci else pytest.skip.Exception, match="mariadbd"):
        those.server("mariadb")
    assert those.missing == {"mariadb": "mariadbd is not installed"}


def test_at_the_end_it_is_said_what_nothing_was_tested_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []

    class Reporter:
        def write_line(self, line: str, **_: bool) -> None:
            told.append(line)

    monkeypatch.setattr(module.DATABASES, "missing", {"mariadb": "mariadbd is not installed"})
    conftest.pytest_terminal_summary(Reporter())
    assert told == ["not tested with mariadb: mariadbd is not installed"]
