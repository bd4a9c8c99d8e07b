"""One command of IRC as a value, and tables of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geventchat.dialects.base import Steps
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.syntax import Message

Run = Callable[[Client, Message], Steps | None]


@dataclass(frozen=True, slots=True)
class Command:
    """What a verb does, and under which conditions.

    help        how to use it, for HELP
    needs       how many parameters it cannot do without
    anytime     whether it may come before registration is through
    flows       whether the next line may be read before what it proposes has settled
    oper        whether only the server's operators may use it
    capability  which a client must hold, or for it there is no such command
    """

    run: Run
    help: str
    needs: int = 0
    anytime: bool = False
    flows: bool = False
    oper: bool = False
    capability: str = ""


class Table(dict[str, Command]):
    """The commands of one theme by their verbs, each added above the function that does it."""

    def add(
        self,
        usage: str,
        *,
        needs: int = 0,
        anytime: bool = False,
        flows: bool = False,
        oper: bool = False,
        capability: str = "",
    ) -> Callable[[Run], Run]:
        """Make a function a command; `usage` is `VERB params: what it does`."""

        def added(run: Run) -> Run:
            verb = usage.partition(":")[0].partition(" ")[0]
            self[verb] = Command(run, usage, needs, anytime, flows, oper, capability)
            return run

        return added
