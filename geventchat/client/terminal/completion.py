"""Tab: commands, rooms, nicks, by what stands before the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.document import Document

from geventchat.client.terminal.commands import COMMANDS
from geventchat.client.terminal.state import State, fold


def candidates(state: State, before: str) -> list[str]:
    """What the word before the cursor could become, the likeliest first."""
    word = before.rpartition(" ")[2]
    is_first = word == before
    if is_first and word[:1] == "/":
        names = sorted({f"/{one.name} " for one in COMMANDS})
        aliases = sorted(f"/{alias} " for one in COMMANDS for alias in one.aliases)
        return _fitting(word, names) or _fitting(word, aliases)
    if word[:1] == "#":
        return _fitting(word, [f"{room.name} " for room in list(state.rooms.values())])
    if not word:
        return []
    # A name at the beginning of a line is an address.
    end = ": " if is_first else " "
    return _fitting(word, [f"{nick}{end}" for nick in list(state.people())])


def _fitting(word: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if fold(name).startswith(fold(word))]


class ChatCompleter(Completer):
    """For prompt_toolkit; it reads the state while the chat goes on."""

    def __init__(self, state: State, lock: Any) -> None:
        """`lock` is held while the state is looked at."""
        self._state = state
        self._lock = lock

    def get_completions(self, document: Document, complete_event: Any) -> Iterator[Completion]:
        before = document.text_before_cursor
        with self._lock:
            found = candidates(self._state, before)
        start = -len(before.rpartition(" ")[2])
        yield from (Completion(name, start) for name in found)
