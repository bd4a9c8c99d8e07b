"""What a person types: words for a room, and slash commands as at telnet."""

from __future__ import annotations

import difflib
import re

from geventchat.chat.text import clean_for_terminal
from geventchat.client.terminal import moderating, reading, talking
from geventchat.client.terminal.desk import Command, Desk, Refusal, Table

# What goes out at once; a slip of the mouse must not fill a room.
PASTE_MAX_BYTES = 32 * 1024
# What bears a password: never said, whatever slips, and never found again by Up or Ctrl-R.
_SECRET = "oper"
_SLIPPED = re.compile(r"\s*/\s*([^\s/]+)(?:\s|\Z)")
_HELP = Table()


def typed(desk: Desk, text: str) -> None:
    """Take what was typed or pasted: several lines are one message."""
    lines = [clean_for_terminal(line.expandtabs(4)).rstrip() for line in text.split("\n")]
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        return
    if len(text.encode()) > PASTE_MAX_BYTES:
        desk.tell(f"Not sent: that is more than {PASTE_MAX_BYTES:,} bytes. A pipe takes any size.")
        return
    try:
        if bears_secret(text) and "\n" not in text:
            _run(desk, text.lstrip()[1:])
        elif bears_secret(text):
            raise Refusal("Not sent: the first of these lines is a command with a password.")
        elif _is_command(text):
            _run(desk, text[1:])
        else:
            desk.say(desk.state.current, text[1:] if text[:2] == "//" else text)
    except Refusal as refusal:
        desk.tell(str(refusal))
    except ValueError:  # A word that no command of IRC can carry.
        desk.tell("That cannot be sent: a name has no spaces and does not begin with a colon.")


def bears_secret(text: str) -> bool:
    """Whether it is a command with a password, or was probably meant to be one."""
    word = _SLIPPED.match(text)
    found = find(word[1]) if word is not None else []
    return _SECRET in ([found.name] if isinstance(found, Command) else found)


def _is_command(text: str) -> bool:
    """A path or what was pasted is not: a second slash in the first word, several lines."""
    return text[0] == "/" and "\n" not in text and "/" not in text.split()[0][1:]


def _run(desk: Desk, line: str) -> None:
    word, _, rest = line.partition(" ")
    found = find(word)
    if isinstance(found, Command):
        if found.needs and not rest.strip():
            raise Refusal(f"Usage: {found.usage}")
        found.run(desk, rest.strip())
    elif len(found) > 1:
        raise Refusal(f"/{word[:40]} could be {', '.join(f'/{name}' for name in found)}.")
    else:
        raise Refusal(f"There is no command /{word[:40]}. {_hint(found)}")


def _hint(near: list[str]) -> str:
    if near == ["help"]:
        return "Did you mean /help?"
    return f"Did you mean /{near[0]}? /help lists them." if near else "/help lists them."


def find(word: str) -> Command | list[str]:
    """The command that was meant, or the names it could have been (none, one near, or several)."""
    word = word.lower()
    by_name = {name: one for one in COMMANDS for name in (one.name, *one.aliases)}
    if word in by_name:
        return by_name[word]
    if not word:
        return []
    names = [one.name for one in COMMANDS if one.name.startswith(word)]
    names = names or [name for name in by_name if name.startswith(word)]
    if len(names) == 1:
        return by_name[names[0]]
    # Two letters changed places is the commonest slip.
    swapped = [name for name in by_name if sorted(name) == sorted(word)]
    return names or swapped[:1] or difflib.get_close_matches(word, by_name, n=1, cutoff=0.5)


@_HELP.add("/help [COMMAND]", "this list, or one command", "?", "h", "commands")
def _help(desk: Desk, rest: str) -> None:
    if rest:
        found = find(rest.lstrip("/"))
        if not isinstance(found, Command):
            raise Refusal(f"There is no command {rest[:40]}. /help lists them.")
        also = f" (also {', '.join(f'/{name}' for name in found.aliases)})" if found.aliases else ""
        desk.tell(f"{found.usage}: {found.help}{also}")
        return
    cells = [f"/{one.name:<9} {one.help}" for one in COMMANDS]
    half = (len(cells) + 1) // 2
    for left, right in zip(cells[:half], [*cells[half:], ""], strict=False):
        desk.tell(f"{left:<36} {right}".rstrip())
    desk.tell("Anything else is said; //text says /text. Tab completes, Ctrl-R finds.")


COMMANDS: tuple[Command, ...] = (
    *_HELP,
    *talking.COMMANDS,
    *reading.COMMANDS,
    *moderating.COMMANDS,
)
