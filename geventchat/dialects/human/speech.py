"""What a finished line is: a command, words to be said, or nothing.

What is pasted arrives as it was: its indentation, its blank lines, and lines that begin with a
slash although they are no command, such as paths and comments.
"""

from __future__ import annotations

import re
from enum import Enum

from geventchat.chat.text import clean_for_terminal, decoded, without_tabs
from geventchat.dialects.base import Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.help import COMMANDS, has_secret, run
from geventchat.dialects.human.keys import CUT_LINE, END_OF_FILE
from geventchat.dialects.human.negotiation import THEIRS
from geventchat.dialects.human.refusals import withheld
from geventchat.dialects.human.telnet import OPT_BINARY

# A word behind the slash, and no second slash in it; or (as a slip) a space on either side.
_COMMAND = re.compile(rb"/(?:[A-Za-z?\x80-\xff][^\s/]*)?(?:\s|\Z)|\s+/\S")
# The first slash says only that the second one begins no command.
_ESCAPED = re.compile(rb"//[A-Za-z?\x80-\xff]")
_NAMES = {name for command in COMMANDS for name in (command.name, *command.aliases)} | {"help"}
CUT_TOLD = "Your telnet cut that line at a byte it took for a key; please say it again."
_WORD_MAX_BYTES = 40  # Of a command: what is longer is none.


class Kind(Enum):
    """What is to be done with a line."""

    WORDS = 0
    COMMAND = 1
    BLANK = 2
    CUT = 3


def kind_of(line: bytes) -> Kind:
    """What a line is. What begins with a byte beyond the slash is words; that need not be asked."""
    if not line or line.isspace():
        return Kind.BLANK
    if line == CUT_LINE:
        return Kind.CUT
    if line == END_OF_FILE or _COMMAND.match(line):
        return Kind.COMMAND
    return Kind.WORDS


def words_of(line: bytes) -> str:
    """What is said by a line of words."""
    if line[:1] == b"/" and _ESCAPED.match(line):
        line = line[1:]
    return without_tabs(decoded(line))


def slipped(line: bytes) -> str:
    """The command that was meant by a line with a space before or behind its slash; or nothing.

    With one before it, only what may bear a password is taken for a command.
    """
    before, _, behind = line.partition(b"/")
    word = decoded(behind.lstrip()[:_WORD_MAX_BYTES]).split(" ")[0].lower()
    meant = has_secret(word) or (not before and word in _NAMES)
    return word if meant else ""


def say(client: Client, line: bytes) -> None:
    """Say a line that is more than its letters: it has tabs, or blank lines before it."""
    text = words_of(line)
    if len(text) > len(line):  # Its tabs make it longer.
        size = len(text.encode())
        if size > client.config.line_max_bytes:
            too_long(client, size)
            return
    if client.blanks is not None:
        text = client.blanks.before(text, client.now())
    client.say(text)


def obey(client: Client, line: bytes) -> Steps | None:
    """Do what a command says; or say it, if it is none after all."""
    client.blanks = None
    if len(line) > client.config.line_max_bytes:
        too_long(client, len(line))
    elif line == END_OF_FILE:
        return run(client, "quit", "")
    elif line[:1] == b"/" and not line[1:2].isspace():
        return _run(client, line[1:])
    elif not (meant := slipped(line)):
        if told := withheld(decoded(line)):
            client.reply(told)
        else:
            say(client, line)
    elif line[:1] == b"/":
        client.reply(f"No space after the slash: /{meant}. Your line was not sent.")
    else:
        return _run(client, line.lstrip()[1:])
    return None


def _run(client: Client, command: bytes) -> Steps | None:
    name, _, rest = clean_for_terminal(decoded(command)).partition(" ")
    return run(client, name, rest.strip())


def cut(client: Client) -> None:
    """A telnet took a byte of a letter for a key: ask it, and its user, to do it again."""
    client.telnet.want(THEIRS, OPT_BINARY)
    if client.telnet.reply:
        client.outbox.put(client.telnet.taken())
    client.reply(CUT_TOLD)


def too_long(client: Client, size: int) -> None:
    """Tell that a line is longer than it may be."""
    limit = client.config.line_max_bytes
    client.reply(f"Line too long: {size:,} of {limit:,} bytes, not sent.")
