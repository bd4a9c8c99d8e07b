"""What a finished line is: a command, words to be said, or nothing.

What is pasted arrives as it was: its indentation, its blank lines, and lines that begin with a
slash although they are no command, such as paths and comments.
"""

from __future__ import annotations

import re
from enum import Enum

from geventchat.chat.text import decoded, without_tabs
from geventchat.dialects.human.help import COMMANDS, has_secret
from geventchat.dialects.human.keys import CUT_LINE, END_OF_FILE

# Nobody types a line so soon after an empty one; what is pasted or piped comes so.
PASTE_MS = 100
# More blank lines in a row are not shown: they would push others' words off the screen.
BLANK_LINES_MAX = 2

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
    return without_tabs(decoded(line[1:] if _ESCAPED.match(line) else line))


def slipped(line: bytes) -> str:
    """The command that was meant by a line with a space before or behind its slash; or nothing.

    With one before it, only what may bear a password is taken for a command.
    """
    before, _, behind = line.partition(b"/")
    word = decoded(behind.lstrip()[:_WORD_MAX_BYTES]).split(" ")[0].lower()
    meant = has_secret(word) or (not before and word in _NAMES)
    return word if meant else ""


class Blanks:
    """Blank lines that are shown if words follow at once; Enter alone says nothing."""

    __slots__ = ("_at", "_count")

    def __init__(self) -> None:
        self._count = 0
        self._at = 0

    def add(self, now: int) -> None:
        """There was one, at that many milliseconds."""
        since = now - self._at
        self._count = min(self._count + 1, BLANK_LINES_MAX) if since <= PASTE_MS else 1
        self._at = now

    def before(self, text: str, now: int) -> str:
        """What is said then, with the blank lines before it."""
        count, self._count = self._count, 0
        return "\n" * count + text if now - self._at <= PASTE_MS else text
