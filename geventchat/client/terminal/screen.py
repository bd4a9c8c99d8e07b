"""A person at a terminal: a line to type in, and above it what is said.

The line stands still while others talk. What was typed vanishes from it with Enter and
comes back as everybody sees it, once it is in the room.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from prompt_toolkit import PromptSession
from prompt_toolkit.filters import is_searching
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.patch_stdout import patch_stdout

from geventchat.client.terminal.caller import Caller
from geventchat.client.terminal.commands import bears_secret, typed
from geventchat.client.terminal.completion import ChatCompleter
from geventchat.client.terminal.desk import Desk
from geventchat.client.terminal.events import Event, Told
from geventchat.client.terminal.lifeline import Lifeline
from geventchat.client.terminal.link import Link
from geventchat.client.terminal.state import State
from geventchat.client.terminal.words import Words, coloured, plain

_LEAVE_S, _HANG_UP_S = 5.0, 0.2
# After so long somebody wants to know where their line is.
_PATIENCE_S = 1.0


class Typed(InMemoryHistory):
    """What was typed, without passwords. It is kept in memory only."""

    def append_string(self, string: str) -> None:
        if not bears_secret(string):
            super().append_string(string)


def prompt_of(state: State) -> str:
    """The room, and what is unread in the others: `#dev (#tea 3, #lobby 1!)> `."""
    unread = [
        f"{room.name} {room.unread}{'!' if room.mentioned else ''}"
        for room in list(state.rooms.values())
        if room.unread
    ]
    others = f" ({', '.join(unread)})" if unread else ""
    return f"{state.current or 'no room'}{others}> "


class Screen:
    """One person's session, from the first line to the exit code."""

    def __init__(self, caller: Caller, link: Link, write: Callable[[str], object] | None = None):
        self._state = caller.state
        self._words = Words(caller.state)
        self._in_colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self._write = write or (lambda text: sys.stdout.write(text))
        self._is_over = False
        self._typed_at = 0.0
        self._chat = Lifeline(caller, link, self.show, self._ended)
        self._prompt: PromptSession[str] = PromptSession(
            history=Typed(),
            completer=ChatCompleter(caller.state, self._chat.lock),
            complete_while_typing=False,
            erase_when_done=True,
            enable_suspend=True,
            refresh_interval=_PATIENCE_S,
            key_bindings=self._keys(),
        )

    def run(self, first: list[Event]) -> None:
        """Talk until somebody has enough. Raises what ended the connection for good."""
        with patch_stdout(raw=True), suppress(EOFError, KeyboardInterrupt):
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda *_: self._chat.leave())
            for event in first:
                self.show(event)
            self._chat.start()
            # Once for the whole session: between two prompts the terminal would show keys.
            self._prompt.prompt(self._message, pre_run=self._pre_run)
        self._chat.leave()
        # A call that is under way has nobody to say goodbye to.
        self._chat.join(_LEAVE_S if self._chat.is_up else _HANG_UP_S)
        if not self._chat.is_alive():
            self._chat.close()
        if self._chat.error is not None:
            raise self._chat.error

    def show(self, event: Event) -> None:
        """Write an event above the line that is being typed; from any thread."""
        with self._chat.lock:  # The other thread may just be looking something up.
            lines = self._words.lines(event)
            self._state.remember(event)
        shown = "".join(f"{coloured(o) if self._in_colour else plain(o)}\n" for o in lines)
        if shown:
            self._write(f"\a{shown}" if self._words.rings(event) else shown)
        if self._prompt.app.is_running:
            self._prompt.app.invalidate()

    def _type(self, text: str) -> None:
        self._typed_at = time.monotonic()
        with self._chat.talk() as conversation:
            typed(Desk(self._state, conversation, self.show, self._chat.leave), text)

    def _message(self) -> str:
        self._prompt.bottom_toolbar = self._trouble() or None
        return prompt_of(self._state)

    def _trouble(self) -> str:
        if not self._chat.is_up:
            return "not connected"
        waiting = self._chat.on_their_way
        if waiting and time.monotonic() - self._typed_at > _PATIENCE_S:
            return f"{waiting} {'line' if waiting == 1 else 'lines'} on the way"
        return f"away: {self._state.away}" if self._state.away else ""

    def _pre_run(self) -> None:
        if self._is_over:
            self._exit()

    def _ended(self) -> None:
        """Nothing more comes: whoever sits at the prompt must not wait for it."""
        self._is_over = True
        loop = self._prompt.app.loop
        if loop is not None:
            with suppress(RuntimeError):  # It has just been closed.
                loop.call_soon_threadsafe(self._exit)

    def _exit(self) -> None:
        if self._prompt.app.is_running and not self._prompt.app.is_done:
            self._prompt.app.exit(exception=EOFError)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("enter", filter=~is_searching)
        def _enter(event: KeyPressEvent) -> None:
            """Take the line; it is written anew, above, once it is said."""
            text = event.current_buffer.text
            event.current_buffer.append_to_history()
            event.current_buffer.reset()
            self._type(text)

        @keys.add("c-c", filter=~is_searching)
        def _interrupt(event: KeyPressEvent) -> None:
            """Drop the line; leave when there is none. In a search it ends the search."""
            if event.current_buffer.text:
                event.current_buffer.reset()
            else:
                event.app.exit(exception=EOFError)

        return keys


def converse(caller: Caller, link: Link, first: list[Event]) -> None:
    """Sit down at the terminal. Raises ConnectError."""
    secret = "encrypted" if caller.door.is_encrypted else "not encrypted"
    greeting = f"Connected to {caller.door.address} as {caller.state.nick} ({secret})."
    Screen(caller, link).run([Told(greeting), *first, Told("/help lists commands, /quit leaves.")])
