"""The parts put together: what settings read again change, and how many may connect."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import pytest

from geventchat import app
from geventchat.app import Chat
from geventchat.config import Config
from geventchat.journal.memory import MemoryStore
from geventchat.net.service import Connections
from geventchat.settings import load

CONFIG = Config(database="none")


def chat(*read: Config) -> Chat:
    """A chat whose settings are these when they are read again."""
    again = iter(read)
    store = MemoryStore(100)
    return Chat(CONFIG, store, Connections(CONFIG), (lambda: next(again)) if read else None)


def test_settings_that_came_from_nowhere_are_not_read_again() -> None:
    made = chat()
    assert made.reload_settings() == "not reloaded: the settings came from no file"
    assert made.proposals.config is CONFIG


def test_what_may_change_while_it_runs_holds_from_now_on() -> None:
    made = chat(replace(CONFIG, motd="tea", join_lines_max_members=3), replace(CONFIG, motd="tea"))
    assert made.reload_settings() == "reloaded: 2 settings changed"
    changed = replace(CONFIG, motd="tea", join_lines_max_members=3)
    assert (made.proposals.config, made.audience.config) == (changed, changed)
    assert made.reload_settings() == "reloaded: 1 settings changed"
    assert made.audience.config == replace(CONFIG, motd="tea")


def test_what_needs_a_restart_is_named_and_stays() -> None:
    made = chat(replace(CONFIG, port=7000, lobby="#tea", motd="tea"), replace(CONFIG, port=7000))
    assert made.reload_settings() == (
        "reloaded: 1 settings changed, 2 need a restart (port, lobby)"
    )
    assert made.proposals.config == replace(CONFIG, motd="tea")
    # And the next time they are still not what the file says.
    assert made.reload_settings() == "reloaded: 1 settings changed, 1 need a restart (port)"
    assert made.proposals.config == CONFIG


def test_a_bad_file_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "chat.toml"
    path.write_text('motd = "tea"\n')
    made = Chat(CONFIG, MemoryStore(100), Connections(CONFIG), lambda: load({}, {}, str(path)))
    made.reload_settings()
    before = made.proposals.config
    path.write_text('motd = "coffee"\nprot = 7000\n')
    why = f"not reloaded: {path}: unknown setting 'prot'; did you mean 'port'?"
    assert made.reload_settings() == why
    assert caplog.messages == [why]
    path.unlink()
    assert made.reload_settings() == f"not reloaded: {path}: No such file or directory"
    assert made.proposals.config is before
    assert before.motd == "tea"


@pytest.mark.parametrize(
    ("soft", "hard", "granted", "connections"),
    [
        (100, 1000, True, 900),
        (100, 1000, False, 90),
        (1000, 1000, True, 900),
        (1, 1, True, 1),
        (100, resource.RLIM_INFINITY, True, 900_000),
        (100, 5_000_000, True, 900_000),
    ],
)
def test_connections_are_as_many_as_the_descriptors_allow(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, granted: bool, connections: int
) -> None:
    asked: list[tuple[int, int]] = []

    def set_limit(_: int, limits: tuple[int, int]) -> None:
        asked.append(limits)
        if not granted:
            raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(app.resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(app.resource, "setrlimit", set_limit)
    assert app.capacity() == connections
    assert [limits[1] for limits in asked] == [hard] * (soft < 1000 and hard != 1)
