"""One slash command, as a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geventchat.dialects.base import Steps
from geventchat.dialects.human.client import Client


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command: its name, how to type it, what it does.

    `run` takes the conversation and what was typed behind the word; it returns
    steps when it must wait for something. `needs` says that it cannot do
    without an argument.
    """

    name: str
    usage: str
    help: str
    run: Callable[[Client, str], Steps | None]
    group: str
    aliases: tuple[str, ...] = ()
    needs: bool = False
