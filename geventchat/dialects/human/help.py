"""All slash commands: finding the one that was meant, and help on them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from textwrap import wrap

from geventchat.chat.disclosure import discloses
from geventchat.dialects.base import Steps
from geventchat.dialects.human import (
    accounts,
    bans,
    forgetting,
    history,
    messages,
    modes,
    oper,
    people,
    ranks,
    returning,
    rooms,
    search,
    serverinfo,
    settings,
    terminal,
)
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.slips import meant
from geventchat.dialects.human.table import GROUPS, OPERATORS, SERVER, Command, Table

# What a newcomer needs first; the rest stands by its names in the overview.
_FIRST = ("nick", "who", "rooms", "join", "msg", "quit")
# Of the operators' commands, those that tell best what there is.
_TELLING = ("op", "kick", "ban", "oper", "kill", "wall")
# Of a terminal of 80, less the arrow.
_COLUMNS = 77
_CALLS_FOR_HELP = frozenset({b"help", b"?", b"help!", b"help?", b"commands", b"help me"})
# No command's name is as long.
_LOOKED_AT_CHARS = 40
_COMMAND = re.compile(r"\s*/\s*([^\s/]\S*)")
_WORD = re.compile(r"\S+")

_HELP = Table()


def is_call_for_help(line: bytes) -> bool:
    """Whether somebody's first line is one that others are not meant to answer."""
    return line.strip().lower() in _CALLS_FOR_HELP


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
    near = meant(typed, _BY_NAME)
    return names or ([near] if near else [])


def has_secret(typed: str) -> bool:
    """Whether a command may bear a password: it, or one it was probably meant to be."""
    return _secret_of(typed[:_LOOKED_AT_CHARS]) is not None


def secret_from(line: str) -> int | None:
    """Where in a line, while it is typed, begins what nobody may see; None if nowhere."""
    command = _COMMAND.match(line)
    secret = _secret_of(command[1][:_LOOKED_AT_CHARS]) if command is not None else None
    if command is None or secret is None:
        # For a services bot, or with the slash forgotten.
        told = discloses(line)
        return None if told is None else told.start
    words = islice(_WORD.finditer(line, command.end()), secret, None)
    return next((word.start() for word in words), None)


def asks(line: str) -> int:
    """How many secret lines a line may ask for that was entered."""
    command = _COMMAND.match(line)
    found = find(command[1][:_LOOKED_AT_CHARS]) if command is not None else None
    return found.asks if isinstance(found, Command) else 0


# Asked with every key while a command is typed.
@lru_cache(maxsize=256)
def _secret_of(typed: str) -> int | None:
    """The first secret argument of the command, or of those it was probably meant to be."""
    found = find(typed)
    meant = [found] if isinstance(found, Command) else [_BY_NAME[name] for name in found]
    return min((one.secret for one in meant if one.secret is not None), default=None)


def run(client: Client, typed: str, rest: str) -> Steps | None:
    """Do what a slash command says, or say in one line why not."""
    found = find(typed)
    if isinstance(found, Command):
        if not found.needs or rest:
            return found.run(client, rest)
        client.reply(f"Usage: {found.usage}")
    elif len(found) > 1:
        client.reply(f"/{typed[:40]} could be {', '.join(f'/{name}' for name in found)}.")
    else:
        client.reply(f"There is no command /{typed[:40]}. {_hint(found)}")
    return None


def _hint(near: list[str]) -> str:
    if near == ["help"]:
        return "Did you mean /help?"
    return f"Did you mean /{near[0]}? /help lists them." if near else "/help lists them."


@_HELP.add(
    "/help [COMMAND]", "this, or more about a group or command", SERVER, "h", "?", "commands"
)
def _help(client: Client, topic: str) -> None:
    group = "" if topic.startswith("/") else _group(topic.lower())
    found = find(topic.lstrip("/"))
    if not topic:
        client.reply(*_overview())
    elif group:
        some = _of(group)
        more = f"/help /{some[0].name} tells more about one command."
        client.reply(f"{group}:", *_rows(some), more)
    elif isinstance(found, Command):
        client.reply(*_more(found))
    elif len(found) > 1:
        client.reply(f"{topic[:40]} could be {', '.join(f'/{name}' for name in found)}.")
    else:
        client.reply(f"There is no command {topic[:40]}. {_hint(found)}")


def _overview() -> list[str]:
    """One screen of a terminal of 24 lines, the line that asked for it among them."""
    names = [(group, [f"/{command.name}" for command in _of(group)]) for group in GROUPS]
    margin = max(len(group) for group in GROUPS if group not in OPERATORS) + 2
    lines = ["Type a line to say it in the room. What begins with a slash is a command:"]
    lines += _rows([_BY_NAME[name] for name in _FIRST])
    lines.append("All of them:")
    for group, some in names:
        if group not in OPERATORS:
            first, *rest = wrap(", ".join(some), _COLUMNS - margin - 2)
            lines.append(f"  {group:<{margin}}{first}")
            lines += [" " * (margin + 2) + line for line in rest]
    for group, some in names:
        if group in OPERATORS and some:
            telling = [name for name in some if name[1:] in _TELLING] or some[:3]
            lines.append(f"{group}: {', '.join(telling)} and more (/help {_short(group)})")
    lines.append("/help rooms tells more about a group, /help /join about one command.")
    return [*lines, "//text says a line that begins with a slash."]


def _rows(some: list[Command]) -> list[str]:
    wide = max(len(command.usage) for command in some)
    return [f"  {command.usage:<{wide}}  {command.help}" for command in some]


def _more(command: Command) -> list[str]:
    lines = [f"{command.usage}: {command.help}"]
    if command.example:
        lines.append(f"For example: {command.example}")
    if command.aliases:
        lines.append(f"Also: {', '.join(f'/{name}' for name in command.aliases)}")
    return [*lines, *command.notes]


def _of(group: str) -> list[Command]:
    return [command for command in COMMANDS if command.group == group]


def _group(typed: str) -> str:
    """The group that is called so, or whose name has that word in it; empty if none."""
    for group in GROUPS:
        if typed and typed in (group.lower(), _short(group)) and _of(group):
            return group
    return ""


def _short(group: str) -> str:
    """What is typed for a group: operators are a room's unless the server's are meant."""
    return "operators" if group == OPERATORS[0] else group.lower()


COMMANDS: tuple[Command, ...] = (
    *people.COMMANDS,
    *rooms.COMMANDS,
    *messages.COMMANDS,
    *history.COMMANDS,
    *returning.COMMANDS,
    *search.COMMANDS,
    *settings.COMMANDS,
    *terminal.COMMANDS,
    *accounts.COMMANDS,
    *forgetting.COMMANDS,
    *modes.COMMANDS,
    *bans.COMMANDS,
    *ranks.COMMANDS,
    *_HELP,
    *serverinfo.COMMANDS,
    *oper.COMMANDS,
)

_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}
