"""The parts put together: what settings read again change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from geventchat.assembly import Chat
from geventchat.config import Config
from geventchat.journal.memory import MemoryStore
from geventchat.net.admission import Admission
from geventchat.net.service import Connections
from geventchat.settings import Settings, load

CONFIG = Config(database="none")


class Made:
    """A chat whose settings are these when they are read again."""

    def __init__(self, *read: Config) -> None:
        again = iter(read)
        self.settings = Settings(CONFIG, (lambda: next(again)) if read else None)
        chat = Chat(
            self.settings, MemoryStore(100), Connections(self.settings), Admission(self.settings)
        )
        self.proposals, self.audience = chat.proposals, chat.audience


def test_settings_that_came_from_nowhere_are_not_read_again() -> None:
    made = Made()
    assert made.settings.reload() == "not reloaded: the settings came from no file"
    assert made.proposals.config is CONFIG


def test_what_may_change_while_it_runs_holds_from_now_on() -> None:
    made = Made(replace(CONFIG, motd="tea", join_lines_max_members=3), replace(CONFIG, motd="tea"))
    assert made.settings.reload() == "reloaded: 2 settings changed"
    changed = replace(CONFIG, motd="tea", join_lines_max_members=3)
    assert (made.proposals.config, made.audience.config) == (changed, changed)
    assert made.settings.reload() == "reloaded: 1 settings changed"
    assert made.audience.config == replace(CONFIG, motd="tea")


def test_what_needs_a_restart_is_named_and_stays() -> None:
    made = Made(replace(CONFIG, port=7000, lobby="#tea", motd="tea"), replace(CONFIG, port=7000))
    assert made.settings.reload() == (
        "reloaded: 1 settings changed, 2 need a restart (port, lobby)"
    )
    assert made.proposals.config == replace(CONFIG, motd="tea")
    # And the next time they are still not what the file says.
    assert made.settings.reload() == "reloaded: 1 settings changed, 1 need a restart (port)"
    assert made.proposals.config == CONFIG


def test_a_bad_file_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "chat.toml"
    path.write_text('motd = "tea"\n')
    settings = Settings(CONFIG, lambda: load({}, {}, str(path)))
    made = Chat(settings, MemoryStore(100), Connections(settings), Admission(settings))
    settings.reload()
    before = made.proposals.config
    path.write_text('motd = "coffee"\nprot = 7000\n')
    why = f"not reloaded: {path}: unknown setting 'prot'; did you mean 'port'?"
    assert settings.reload() == why
    assert caplog.messages == [why]
    path.unlink()
    assert settings.reload() == f"not reloaded: {path}: No such file or directory"
    assert made.proposals.config is before
    assert before.motd == "tea"
