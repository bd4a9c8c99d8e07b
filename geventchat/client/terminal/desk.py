"""What a slash command is, and what it can act on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geventchat.client.terminal.conversation import Conversation
from geventchat.client.terminal.events import Event, Form, NotSent, Told
from geventchat.client.terminal.state import State

NOT_CONNECTED = "not connected"


class Refusal(Exception):
    """Why a command is not carried out: a line for whoever typed it."""


@dataclass
class Desk:
    """What a line that was typed can act on.

    `talk` is None while there is no connection; `show` is called with what is to be seen at
    once; `leave` ends it all.
    """

    state: State
    talk: Conversation | None
    show: Callable[[Event], None]
    leave: Callable[[str], None]

    @property
    def line(self) -> Conversation:
        """The conversation. Raises Refusal while there is none."""
        if self.talk is None:
            raise Refusal("Not connected: that was not done.")
        return self.talk

    @property
    def here(self) -> str:
        """The room words go to. Raises Refusal."""
        if not self.state.current:
            raise Refusal("You are in no room: /join #room")
        return self.state.current

    def tell(self, text: str) -> None:
        self.show(Told(text))

    def say(self, to: str, text: str, form: Form = Form.MESSAGE) -> None:
        """Say something, or tell that it was not said."""
        if self.talk is None:
            self.show(NotSent(to, text, NOT_CONNECTED))
        elif not to:
            self.show(NotSent(to, text, "you are in no room: /join #room"))
        else:
            self.talk.say(to, text, form)


Run = Callable[[Desk, str], None]


@dataclass(frozen=True)
class Command:
    """A slash command: how to type it, what it is for, what it does."""

    usage: str
    help: str
    run: Run
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.usage.split()[0][1:]

    @property
    def needs(self) -> bool:
        """Whether it cannot do without an argument: its first one stands in no brackets."""
        return " " in self.usage and self.usage.split()[1][0] != "["


class Table(list[Command]):
    """The commands of one theme, each added above the function that does it."""

    def add(self, usage: str, purpose: str, *aliases: str) -> Callable[[Run], Run]:
        """Make a function a command."""

        def added(run: Run) -> Run:
            self.append(Command(usage, purpose, run, aliases))
            return run

        return added


def as_room(word: str) -> str:
    """A room's name, however it was typed."""
    return word if word[:1] == "#" else f"#{word}"


def split_room(desk: Desk, rest: str) -> tuple[str, str]:
    """`[#room] REST`: the room, or the one where one is."""
    first, _, more = rest.partition(" ")
    return (first, more.strip()) if first[:1] == "#" else (desk.here, rest)
