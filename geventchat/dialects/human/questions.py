"""Commands that ask for a line of their own: a password, or a word that confirms.

What is typed for an answer is said to nobody. A hidden one is shown by no terminal that can
be had to hide it, kept by no line editor, and asked for again where it was wrong: whoever
types it a second time must not be heard by the room.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from geventchat.chat.text import decoded
from geventchat.dialects.base import AskLine, HangUp, Request, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.keys import CUT_LINE, END_OF_FILE
from geventchat.dialects.human.speech import cut, too_long
from geventchat.dialects.human.terminal import hide, show
from geventchat.errors import CloseReason


class Question:
    """A command that waits for an answer. `typed` takes lines as those of a `Registration`."""

    __slots__ = ("_asked", "_client", "_hides", "_steps", "done")

    def __init__(self, client: Client, steps: Steps, asked: AskLine) -> None:
        self.done = False
        self._client = client
        self._steps = steps
        self._asked = asked
        self._hides = False
        self._pose()

    def _pose(self) -> None:
        client, asked = self._client, self._asked
        self.label()
        if asked.hidden and client.screen is None and not self._hides:
            self._hides = hide(client)
        seen = asked.hidden and client.screen is None and not self._hides
        client.reply(f"{asked.question}{' Your screen will show it.' if seen else ''}")

    def label(self) -> None:
        """Have a row that the server paints show what is asked for, and hide the answer."""
        if self._client.screen is not None:
            self._hides = False
            self._client.screen.ask(f"{self._asked.label}: ", self._asked.hidden)

    def typed(self, lines: Iterator[bytes]) -> Steps:
        """Take lines until the command is done; those behind are left."""
        for line in lines:
            if line == END_OF_FILE:
                yield HangUp(CloseReason.QUIT)
            elif line == CUT_LINE:
                cut(self._client)
            else:
                yield from self._answer(line)
            if self.done:
                return

    def _answer(self, line: bytes) -> Steps:
        client = self._client
        asked: AskLine | None = self._asked
        if len(line) > client.config.line_max_bytes:
            too_long(client, len(line))
        else:
            asked = yield from _until_it_asks(self._steps, decoded(line))
            self.done = asked is None
        # Nothing is shown before it is known that nothing more is hidden: what was typed ahead,
        # while a password was looked at, may be the next one; and a terminal takes a while.
        if asked is None and client.screen is not None:
            client.screen.ask("")
        if self._hides and (asked is None or not asked.hidden):
            self._hides = False
            show(client)
        if asked is not None:
            self._asked = asked
            self._pose()


def obeyed(client: Client, steps: Steps | None) -> Generator[Request, Any, Question | None]:
    """Carry out a command up to its end, or up to where it asks: the question, then."""
    asked = None if steps is None else (yield from _until_it_asks(steps, None))
    if asked is not None and steps is not None:
        return Question(client, steps, asked)
    if client.screen is not None:
        client.screen.ask("")  # What was entered looked as if it would.
    return None


def _until_it_asks(steps: Steps, answer: Any) -> Generator[Request, Any, AskLine | None]:
    try:
        while True:
            request = steps.send(answer)
            if isinstance(request, AskLine):
                return request
            answer = yield request
    except StopIteration:
        return None
