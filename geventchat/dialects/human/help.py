"""All slash commands: finding the one that was meant, and help on them."""

from __future__ import annotations

import difflib

from geventchat.dialects.base import Steps
from geventchat.dialects.human import (
    bans,
    history,
    messages,
    modes,
    oper,
    people,
    rooms,
    serverinfo,
    settings,
)
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.table import GROUPS, Command

COMMANDS: tuple[Command, ...] = (
    *people.COMMANDS,
    *rooms.COMMANDS,
    *messages.COMMANDS,
    *history.COMMANDS,
    *settings.COMMANDS,
    *modes.COMMANDS,
    *bans.COMMANDS,
    *serverinfo.COMMANDS,
    *oper.COMMANDS,
)

_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def find(typed: str) -> Command | list[str]:
    """The command that was meant, or the names it could have been (none, one near, or several).

    An exact name or alias wins; else an unambiguous prefix of a name, then of an alias.
    """
    typed = typed.lower()
    if typed in _BY_NAME:
        return _BY_NAME[typed]
    if not typed:
        return []
    names = [command.name for command in COMMANDS if command.name.startswith(typed)]
    names = names or [name for name in _BY_NAME if name.startswith(typed)]
    if len(names) == 1:
        return _BY_NAME[names[0]]
    return names or difflib.get_close_matches(typed, _BY_NAME, n=1, cutoff=0.5)


def has_secret(typed: str) -> bool:
    """Whether a command may bear a password: it, or one it was probably meant to be."""
    found = find(typed)
    meant = [found] if isinstance(found, Command) else [_BY_NAME[name] for name in found]
    return any(command.secret is not None for command in meant)


def run(client: Client, typed: str, rest: str) -> Steps | None:
    """Do what a slash command says, or say in one line why not."""
    if typed.lower() in ("help", "?"):
        _help(client, rest)
        return None
    found = find(typed)
    if isinstance(found, Command):
        if not found.needs or rest:
            return found.run(client, rest)
        client.reply(f"Usage: {found.usage}")
    elif len(found) > 1:
        client.reply(f"/{typed[:40]} could be {', '.join(f'/{name}' for name in found)}.")
    else:
        hint = f" Did you mean /{found[0]}?" if found else ""
        client.reply(f"There is no command /{typed[:40]}.{hint} /help lists them.")
    return None


def _help(client: Client, topic: str) -> None:
    if not topic:
        lines = []
        for group in GROUPS:
            lines.append(f"{group}:")
            some = [command for command in COMMANDS if command.group == group]
            lines += [f"  {command.usage:<26} {command.help}" for command in some]
        client.reply(*lines, "Anything else is said in the room; //text begins with a slash.")
        return
    found = find(topic.lstrip("/"))
    if isinstance(found, Command):
        also = f" (also {', '.join(f'/{name}' for name in found.aliases)})" if found.aliases else ""
        client.reply(f"{found.usage}: {found.help}{also}")
    else:
        client.reply(f"There is no command {topic[:40]}. /help lists them.")
