"""The slash commands: a table of words, and finding the one that was meant."""

from __future__ import annotations

import difflib

from geventchat.dialects.base import Steps
from geventchat.dialects.human import history, modes, people, rooms
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.table import Command

COMMANDS: tuple[Command, ...] = (
    *rooms.COMMANDS,
    *people.COMMANDS,
    *history.COMMANDS,
    *modes.COMMANDS,
)

_BY_NAME = {name: word for word in COMMANDS for name in (word.name, *word.aliases)}


def find(typed: str) -> Command | list[str]:
    """The word that was meant, or the names it could have been (none, one near, or several).

    An exact name or alias wins; else an unambiguous prefix of a name, then of an alias.
    """
    typed = typed.lower()
    if typed in _BY_NAME:
        return _BY_NAME[typed]
    if not typed:
        return []
    names = [word.name for word in COMMANDS if word.name.startswith(typed)]
    names = names or [name for name in _BY_NAME if name.startswith(typed)]
    if len(names) == 1:
        return _BY_NAME[names[0]]
    return names or difflib.get_close_matches(typed, _BY_NAME, n=1, cutoff=0.5)


def run(client: Client, typed: str, rest: str) -> Steps:
    """Do what a slash command says, or say in one line why not."""
    if typed.lower() in ("help", "?"):
        _help(client, rest)
        return
    word = find(typed)
    if isinstance(word, Command):
        if word.needs and not rest:
            client.reply(f"Usage: {word.usage}")
        else:
            yield from word.run(client, rest) or ()
    elif len(word) > 1:
        client.reply(f"/{typed[:40]} could be {', '.join(f'/{name}' for name in word)}.")
    else:
        hint = f" Did you mean /{word[0]}?" if word else ""
        client.reply(f"There is no command /{typed[:40]}.{hint} /help lists them.")


def _help(client: Client, topic: str) -> None:
    if not topic:
        lines = []
        for group in dict.fromkeys(word.group for word in COMMANDS):
            lines.append(f"{group}:")
            lines += [f"  {word.usage:<26} {word.help}" for word in COMMANDS if word.group == group]
        client.reply(*lines, "Anything else is said in the room; //text begins with a slash.")
        return
    found = find(topic.lstrip("/"))
    if isinstance(found, Command):
        also = f" (also {', '.join(f'/{name}' for name in found.aliases)})" if found.aliases else ""
        client.reply(f"{found.usage}: {found.help}{also}")
    else:
        client.reply(f"There is no command {topic[:40]}. /help lists them.")
