"""From bytes to strokes: what was pressed, or pasted, on a terminal's keyboard.

Terminals send printable text as UTF-8, the control key as C0 codes, and the other keys as
sequences: CSI and SS3 (ECMA-48, sections 5.4 and 8.3.143) as xterm, VTE, the Linux console,
rxvt and PuTTY have them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from enum import IntEnum, auto
from itertools import repeat

from geventchat.chat.text import clean_for_terminal


class Key(IntEnum):
    """What a key asks for. An `IntEnum`, whose hash is that of an int: they are looked up."""

    ENTER = auto()
    TAB = auto()
    PASTED_TAB = auto()
    LEFT = auto()
    RIGHT = auto()
    WORD_LEFT = auto()
    WORD_RIGHT = auto()
    HOME = auto()
    END = auto()
    UP = auto()
    DOWN = auto()
    ERASE = auto()
    DELETE = auto()
    KILL_BEFORE = auto()
    KILL_AFTER = auto()
    KILL_BLANK_WORD = auto()
    KILL_WORD = auto()
    KILL_NEXT_WORD = auto()
    YANK = auto()
    TRANSPOSE = auto()
    CLEAR_SCREEN = auto()
    INTERRUPT = auto()
    END_OF_FILE = auto()


# Text without any control character, or a key.
Stroke = str | Key

_CONTROLS = {
    "\x01": Key.HOME,
    "\x02": Key.LEFT,
    "\x03": Key.INTERRUPT,
    "\x04": Key.END_OF_FILE,
    "\x05": Key.END,
    "\x06": Key.RIGHT,
    "\x08": Key.ERASE,
    "\t": Key.TAB,
    "\x0b": Key.KILL_AFTER,
    "\x0c": Key.CLEAR_SCREEN,
    "\x0e": Key.DOWN,
    "\x10": Key.UP,
    "\x14": Key.TRANSPOSE,
    "\x15": Key.KILL_BEFORE,
    "\x17": Key.KILL_BLANK_WORD,
    "\x19": Key.YANK,
    "\x7f": Key.ERASE,
}
_ALT = {
    "b": Key.WORD_LEFT,
    "d": Key.KILL_NEXT_WORD,
    "f": Key.WORD_RIGHT,
    "\x08": Key.KILL_WORD,
    "\x7f": Key.KILL_WORD,
}
_ARROWS = {
    "A": (Key.UP, Key.UP),
    "B": (Key.DOWN, Key.DOWN),
    "C": (Key.RIGHT, Key.WORD_RIGHT),
    "D": (Key.LEFT, Key.WORD_LEFT),
    "F": (Key.END, Key.END),
    "H": (Key.HOME, Key.HOME),
}
# With the final `~`, the first number tells the key.
_NUMBERED = {
    "1": (Key.HOME, Key.HOME),
    "3": (Key.DELETE, Key.KILL_NEXT_WORD),
    "4": (Key.END, Key.END),
    "7": (Key.HOME, Key.HOME),
    "8": (Key.END, Key.END),
}
# Of the keypad, and rxvt's arrows with the control key held.
_SS3 = {"M": Key.ENTER, "c": Key.WORD_RIGHT, "d": Key.WORD_LEFT}
_PASTE_BEGINS, _PASTE_ENDS = "200~", "201~"
# xterm adds 2 to 1 for Alt and 4 for Ctrl; Shift, which is 1, changes nothing here.
_ALT_OR_CTRL = 0b110

# `ESC [ [ A` is a function key of the Linux console.
_WHOLE = r"\x1b++(?:\[(\[[@-~]|[ -?]*+[@-Z\\-~])|O([0-9;]{0,4}+[@-~])|([^\x00-\x07\x09-\x1f\[O]))"
_BEGUN = r"(\x1b++(?:\[(?:\[|[ -?]*+)|O[0-9;]{0,4}+)?+"
# Groups: 1 text, 2 the end of a line or of several, 3 CSI, 4 SS3, 5 Alt, 6 a sequence that
# may go on, 7 one that does not, 8 another control key.
_TOKEN = re.compile(
    r"([^\x00-\x1f\x7f]+)|((?:\r[\n\0]?|\n)++)"
    rf"|{_WHOLE}|{_BEGUN}\Z)|{_BEGUN})"
    r"|([\x00-\x1f\x7f])"
)
_KEYS = re.compile(rf"{_WHOLE}|{_BEGUN}(?!\Z))|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]+")
# More than anybody presses between two reads. Each costs up to 5 µs, and all wait for it.
KEYS_MAX = 1024
# No sequence that is known is as long.
_HELD_MAX_CHARS = 64


class Strokes:
    """Decodes what a terminal sends. Where the network cuts makes no difference.

    MUST: hold no more than an unfinished character and `_HELD_MAX_CHARS`, whatever arrives.
    Bytes that are no UTF-8 are U+FFFD; unknown sequences are dropped whole. An escape
    waits for the key behind it, without a clock: before a letter it is Alt.
    """

    __slots__ = ("_after_cr", "_bytes", "_held", "_pasting")

    def __init__(self) -> None:
        self._bytes = b""
        self._held = ""
        self._after_cr = False
        self._pasting = False

    def feed(self, data: bytes) -> Iterator[Stroke]:
        """What `data` brings. To be read to its end before the next call.

        Of keys other than Enter no more than `KEYS_MAX`; the others are dropped.
        """
        text, keys = self._decoded(data), 0
        while text:
            rest = ""
            for found in _TOKEN.finditer(text):
                kind = found.lastindex or 0
                token = found[kind]
                if kind == 1:
                    if shown := clean_for_terminal(token):
                        yield shown
                elif kind == 2:
                    yield from repeat(Key.ENTER, _ends_in(token))
                elif kind == 6:
                    self._hold(token)
                elif (key := self._key(kind, token)) is not None:
                    yield key
                    keys += not self._pasting
                    if keys == KEYS_MAX:
                        rest = self._without_keys(text[found.end() :])
                        break
            text = rest

    def _without_keys(self, text: str) -> str:
        """The text and the ends of lines, and a sequence that may go on."""
        begins, ends = text.rfind("\x1b[200~"), text.rfind("\x1b[201~")
        if begins != ends:
            self._pasting = begins > ends
        return _KEYS.sub("", text.replace("\t", " "))

    def _decoded(self, data: bytes) -> str:
        data = self._bytes + data if self._bytes else data
        text, used = codecs.utf_8_decode(data, "replace", False)
        self._bytes = data[used:]
        if self._after_cr and text:
            self._after_cr = False
            if text[0] in "\n\0":
                text = text[1:]
        if text.endswith("\r"):
            self._after_cr = True
        held, self._held = self._held, ""
        return held + text

    def _hold(self, token: str) -> None:
        """Keep what has come of a sequence; of one too long, that it is unknown."""
        token = "\x1b" + token.lstrip("\x1b")
        self._held = "\x1b[?" if len(token) > _HELD_MAX_CHARS else token

    def _key(self, kind: int, token: str) -> Key | None:
        if kind == 3 and token in (_PASTE_BEGINS, _PASTE_ENDS):
            self._pasting = token == _PASTE_BEGINS
            return None
        if self._pasting:
            if token != "\x03":
                return Key.PASTED_TAB if token == "\t" else None
            # A way out where the paste's end was lost.
            self._pasting = False
        if kind == 8:
            return _CONTROLS.get(token)
        if kind == 5:
            return _ALT.get(token.lower())
        if kind == 4 and token in _SS3:
            return _SS3[token]
        return _sequence(token) if kind in (3, 4) else None


def _ends_in(token: str) -> int:
    """How many lines end with a run of LF, CR, CR LF and CR NUL."""
    return len(token) if len(token) == 1 else len(token.replace("\r\n", "\n").replace("\0", ""))


def _sequence(token: str) -> Key | None:
    """The key of `1;5C`: what is pressed stands at the end, what is held with it before."""
    numbers, final = token[:-1].split(";"), token[-1]
    keys = _NUMBERED.get(numbers[0]) if final == "~" else _ARROWS.get(final)
    if keys is None or len(numbers) > 2:
        return None
    held = numbers[-1] if len(numbers) == 2 or final != "~" else ""
    if held and not (held.isascii() and held.isdigit() and len(held) < 4):
        return None
    return keys[bool(held and (int(held) - 1) & _ALT_OR_CTRL)]
