"""One slash command as a value, and tables of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geventchat.dialects.base import Steps
from geventchat.dialects.human.client import Client

Run = Callable[[Client, str], Steps | None]

# The groups of /help, in its order; those of operators come last, and briefly.
YOU = "You"
ROOMS = "Rooms"
TALKING = "Talking"
PEOPLE = "People"
READING = "Reading"
ACCOUNTS = "Accounts"
SERVER = "Server"
ROOM_OPERATORS = "Room operators"
ROOM_OWNERS = "Room owners"
SERVER_OPERATORS = "Server operators"
OPERATORS = (ROOM_OPERATORS, ROOM_OWNERS, SERVER_OPERATORS)
GROUPS = (YOU, ROOMS, TALKING, PEOPLE, READING, ACCOUNTS, SERVER, *OPERATORS)

# What stands in an example for what is to be typed.
_EXAMPLES = {
    "NICK": "bob",
    "NAME": "alice",
    "WHO": "bob",
    "#room": "#tea",
    "TEXT": "hello there",
    "ACTION": "waves",
    "REASON": "so long",
    "WHY": "advertising",
    "KEY": "sesame",
    "PASSWORD": "sesame",
    "TOKEN": "sesame",
    "COMMAND": "/join",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: how to type it, what it is for, what it does.

    `run` takes the client and what was typed behind the name; it returns steps
    when it must wait for something. What it proposes is settled behind it.
    `typed` is an example, where its usage does not make a good one; `notes` are more
    lines of help.

    `secret` says which of its arguments, counted from 0, and all behind it nobody
    may see: not on the screen either, where that is ours to say. Without them, it may
    ask for so many secret lines (`asks`).
    """

    usage: str
    help: str
    group: str
    run: Run
    aliases: tuple[str, ...] = ()
    typed: str = ""
    notes: tuple[str, ...] = ()
    secret: int | None = None
    asks: int = 0

    @property
    def name(self) -> str:
        """What is typed behind the slash."""
        return self.usage.split()[0][1:]

    @property
    def needs(self) -> bool:
        """Whether it cannot do without an argument: its first one stands in no brackets."""
        return " " in self.usage and self.usage.split()[1][0] != "["

    @property
    def example(self) -> str:
        """How it may be typed; nothing for what is typed as its name alone."""
        name, *places = self.usage.replace("[", "").replace("]", "").split()
        words = (_EXAMPLES.get(place, place) for place in places)
        return self.typed or " ".join((name, *words) if places else ())


class Table(list[Command]):
    """The commands of one theme, each added above the function that does it."""

    def add(
        self,
        usage: str,
        purpose: str,
        group: str,
        *aliases: str,
        typed: str = "",
        notes: tuple[str, ...] = (),
        secret: int | None = None,
        asks: int = 0,
    ) -> Callable[[Run], Run]:
        """Make a function a command, as `/name ARGUMENT [OPTIONAL]` and in a few words.

        What an example and more help are made of, and what is secret: see `Command`.
        """

        def added(run: Run) -> Run:
            self.append(Command(usage, purpose, group, run, aliases, typed, notes, secret, asks))
            return run

        return added
