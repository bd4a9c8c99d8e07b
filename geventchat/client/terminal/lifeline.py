"""Keeps a person in the chat: a thread that reads, and calls again when the connection is lost.

Back in, it enters the same rooms under the same nick, has what was missed fetched, and says
of every line that was on its way whether it arrived.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from geventchat.client.terminal.caller import Caller
from geventchat.client.terminal.conversation import Conversation, Sent, verdicts
from geventchat.client.terminal.errors import ConnectError, ConnectionLost, Untrusted, WrongPassword
from geventchat.client.terminal.events import Event, InRoom, Told
from geventchat.client.terminal.link import Link, say_goodbye

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
_TICK_S = 10.0
Show = Callable[[Event], None]


def pauses(dice: Callable[[], float] = random.random) -> Iterator[float]:
    """Seconds to wait before each call: doubling, and never the same for everybody at once."""
    pause = FIRST_PAUSE_S
    while True:
        yield pause * (1 + dice() / 2)
        pause = min(LONGEST_PAUSE_S, pause * 2)


class Lifeline(threading.Thread):
    """The thread. `error` is why it ended by itself; `show` is called from it."""

    def __init__(
        self,
        caller: Caller,
        link: Link,
        show: Show,
        ended: Callable[[], None],
        waits: Callable[[], Iterator[float]] = pauses,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`link` is up already; `ended` is called when no more will come."""
        super().__init__(name="chat", daemon=True)
        self.error: ConnectError | None = None
        self.is_up = True
        self._caller = caller
        self._link = link
        self._show = show
        self._ended = ended
        self._waits = waits
        self._clock = clock
        self._pauses = waits()
        self._up_since = clock()
        self.lock = threading.RLock()
        self._leaving = threading.Event()
        self._farewell = ""
        self._unsure: list[Sent] = []
        self._wake_from, self._wake_to = os.pipe()
        os.set_blocking(self._wake_to, False)

    @contextmanager
    def talk(self) -> Iterator[Conversation | None]:
        """The conversation, for as long as nothing else happens in it; None when there is none.

        What was asked of it is sent afterwards.
        """
        with self.lock:
            yield self._link.conversation if self.is_up else None
        self._wake()

    @property
    def on_their_way(self) -> int:
        """How many messages have no answer yet."""
        with self.lock:
            return len(self._link.conversation.unanswered) if self.is_up else 0

    def leave(self, reason: str = "") -> None:
        """Say goodbye and end."""
        self._farewell = reason
        self._leaving.set()
        self._wake()

    def close(self) -> None:
        """When the thread has ended."""
        os.close(self._wake_from)
        os.close(self._wake_to)

    def run(self) -> None:
        try:
            while not self._leaving.is_set():
                try:
                    self._read()
                except ConnectionLost as error:
                    self._lost(error)
                    self._call_again()
            if self.is_up:
                say_goodbye(self._link, self._farewell)
        except ConnectError as error:
            self.error = error
        except Exception as error:  # A bug of ours, which is shown as one; nobody goes on alone.
            self.error = ConnectionLost(f"a mistake in geventchat itself: {error!r}")
            raise
        finally:
            self.is_up = False
            self._link.close()
            self._ended()

    def _wake(self) -> None:
        with suppress(OSError):  # It is being woken already, or has ended.
            os.write(self._wake_to, b"!")

    def _read(self) -> None:
        """Take what comes, until it is time to leave. Raises ConnectionLost."""
        self._wake()  # What was asked for while coming in is to be sent.
        while not self._leaving.is_set():
            self._link.wait(_TICK_S, self._wake_from)
            with self.lock:
                told, is_woken = self._link.step(0, self._wake_from)
                if is_woken:
                    os.read(self._wake_from, 4096)
                told = [one for event in told for one in self._with_verdicts(event)]
            for event in told:
                self._show(event)

    def _with_verdicts(self, event: Event) -> list[Event]:
        if not isinstance(event, InRoom) or not self._unsure:
            return [event]
        is_over = not self._link.conversation.reclaim
        told, self._unsure = verdicts(event, self._unsure, is_over)
        return [event, *told]

    def _lost(self, error: ConnectionLost) -> None:
        """The connection is gone. Raises it when there is no going back."""
        with self.lock:
            self.is_up = False
            unanswered = self._link.conversation.unanswered
            self._unsure += unanswered
        self._link.close()
        if "Killed by" in str(error):
            raise ConnectionLost(f"put out by the server: {error}")
        self._show(Told(f"Connection lost: {error}"))
        if unanswered:
            noun = "line is" if len(unanswered) == 1 else "lines are"
            self._show(Told(f"{len(unanswered)} {noun} not confirmed yet."))

    def _call_again(self) -> None:
        """Call until somebody answers. Raises what cannot get better by waiting."""
        if self._clock() - self._up_since > LONGEST_PAUSE_S:  # Else it is as bad as before.
            self._pauses = self._waits()
        for pause_s in self._pauses:
            self._show(Told(f"Trying again in {pause_s:.0f} s."))
            if self._leaving.wait(pause_s):
                return
            try:
                link, told = self._caller.call()
            except (Untrusted, WrongPassword):
                raise
            except ConnectError as error:
                self._show(Told(str(error)))
            else:
                self._back(link, told)
                return

    def _back(self, link: Link, told: list[Event]) -> None:
        with self.lock:
            self._link, self.is_up = link, True
            self._up_since = self._clock()
            rooms = self._caller.state.rooms
            lost = [one for one in self._unsure if one.to.lower() not in rooms]
            self._unsure = [one for one in self._unsure if one not in lost]
            # A server may put everybody into a room; its greeting was read the first time.
            news = [one for event in told for one in self._with_verdicts(event)]
        self._show(Told(f"Connected again, as {self._caller.state.nick}."))
        for sent in lost:
            self._show(Told(f"It is not known whether this reached {sent.to}: {sent.text}"))
        for event in news:
            if not isinstance(event, Told):
                self._show(event)
