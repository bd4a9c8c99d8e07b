"""One command of IRC, as a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geventchat.dialects.base import Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message


@dataclass(frozen=True, slots=True)
class Command:
    """What a verb does.

    needs    how many parameters it cannot do without
    anytime  whether it may come before registration is through
    flows    whether what it proposes need not be settled before the next line is read
    oper     whether only the server's operators may use it
    help     how to use it, for HELP
    """

    run: Callable[[Client, Message], Steps | None]
    help: str
    needs: int = 0
    anytime: bool = False
    flows: bool = False
    oper: bool = False
