"""What one person's eye and ear are caught by: their own name, and who is who by colour."""

from __future__ import annotations

import re
from functools import lru_cache
from zlib import crc32

from geventchat.chat.events import Entry, Said
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.dialects.human.encoder import HumanEncoder, Look, said

# Of the 256 colours that terminals know: each at least 3.7 : 1 against black and against
# white (WCAG 2.1 asks for 3 for large text), so they can be read on dark and light grounds.
PALETTE = (160, 130, 100, 64, 28, 30, 32, 27, 99, 129, 164, 162)
_BOLD, _REVERSE, _RESET = "\x1b[1m", "\x1b[7m", "\x1b[0m"
BELL = "\a"


def coloured(nick: str) -> str:
    """A nick in its colour: the same today and tomorrow, however it is written."""
    colour = PALETTE[crc32(fold(nick).encode()) % len(PALETTE)]
    return f"\x1b[38;5;{colour}m{nick}{_RESET}"


def mentions(text: str, nick: str) -> bool:
    """Whether a text names somebody: their nick as a word, in whatever case."""
    text, nick = text.lower(), nick.lower()
    return nick in text and _as_word(nick).search(text) is not None


# One call for the whole text: `aaaa…` has `a` in it four thousand times, and `aa`, and `aaa`.
@lru_cache(maxsize=1024)
def _as_word(nick: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(nick)}(?!\w)")


def rung(look: Look, text: str) -> str:
    """A line that is to be heard, too, by whoever asked for that."""
    return text + BELL if look.bell else text


def private(look: Look, start: str) -> str:
    """The beginning of a private line, marked for whoever wants colours."""
    return f"{_BOLD}{start}{_RESET}" if look.colour else start


class PersonalEncoder(HumanEncoder):
    """The encoder of one session, which asked for a bell or for colours.

    What others say that names it is marked and rings.
    """

    shared = False

    def __init__(self, look: Look, here: bool, me: Session) -> None:
        super().__init__(look, here)
        self._me = me

    def worded(self, event: Said) -> str:
        nick = event.by.nick
        if self._me.is_author(event.by) or not mentions(event.text, self._me.nick):
            return said(event, self.look, self._named(nick))
        marked = f"{_BOLD}{_REVERSE}{nick}{_RESET}" if self.look.colour else nick
        return rung(self.look, said(event, self.look, marked))

    def past(self, entry: Entry) -> list[str]:
        return [line.replace(BELL, "") for line in HumanEncoder.encode(self, entry)]

    def _named(self, nick: str) -> str | None:
        """A nick as it is written before what it says; None for the usual way."""
        return None
