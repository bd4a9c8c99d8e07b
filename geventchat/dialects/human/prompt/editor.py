"""One line while it is typed: its text, the cursor, what was cut out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geventchat.chat.text import truncate
from geventchat.dialects.human.prompt.cells import after, before, clusters
from geventchat.dialects.human.prompt.strokes import Key

# A word's other end is looked for no farther off: there are lines of nothing but spaces.
_WORD_MAX_CHARS = 128


class Editor:
    """The line being typed. Has what the dialect asks of a `lines.LineBuffer`.

    MUST: hold no more text than `max_bytes`, and of what was cut out no more. What comes
    beyond is counted in `surplus` until something is deleted: a line that lost its end
    must not be entered as if it were whole.

    text     is printable
    cursor   where in it the next character goes, in code points
    killed   what was cut out last
    """

    __slots__ = ("_size", "cursor", "killed", "max_bytes", "surplus", "text")

    # A line that is too long is refused when it is entered; nobody loses the connection for it.
    overflown = False

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.text = ""
        self.cursor = 0
        self.killed = ""
        self.surplus = 0
        self._size = 0

    @property
    def pending(self) -> bytes:
        """The line so far."""
        return self.text.encode()

    def insert(self, text: str) -> bool:
        """Put in what fits; return whether that was all."""
        size = len(text) if text.isascii() else len(text.encode())
        room = 0 if self.surplus else max(0, self.max_bytes - self._size)
        if size > room:
            whole, text = size, truncate(text, room)
            size = len(text.encode())
            self.surplus += whole - size
        cursor = self.cursor
        if cursor == len(self.text):
            self.text += text
        else:
            self.text = self.text[:cursor] + text + self.text[cursor:]
        self.cursor = cursor + len(text)
        self._size += size
        return not self.surplus

    def fits(self, more: str, instead_of: str = "") -> bool:
        """Whether there is room for `more`."""
        return (
            not self.surplus
            and self._size - len(instead_of.encode()) + len(more.encode()) <= self.max_bytes
        )

    def replace(self, start: int, text: str) -> bool:
        """Put `text` in the place of what stands between `start` and the cursor, if it fits."""
        if not self.fits(text, self.text[start : self.cursor]):
            return False
        self._cut(start, self.cursor)
        return self.insert(text)

    def show(self, text: str) -> None:
        """Have another text, with the cursor at its end."""
        self.text = text
        self.cursor = len(text)
        self.surplus = 0
        self._size = len(text) if text.isascii() else len(text.encode())

    def left(self) -> None:
        self.cursor = before(self.text, self.cursor)

    def right(self) -> None:
        self.cursor = after(self.text, self.cursor)

    def home(self) -> None:
        self.cursor = 0

    def end(self) -> None:
        self.cursor = len(self.text)

    def word_left(self) -> None:
        self.cursor = self._back(_is_letter)

    def word_right(self) -> None:
        self.cursor = self._word_end()

    def erase(self) -> None:
        self._cut(before(self.text, self.cursor), self.cursor)

    def delete(self) -> None:
        self._cut(self.cursor, after(self.text, self.cursor))

    def kill_before(self) -> None:
        self._kill(0, self.cursor)

    def kill_after(self) -> None:
        self._kill(self.cursor, len(self.text))

    def kill_blank_word(self) -> None:
        """Cut out the word before the cursor, up to a space."""
        self._kill(self._back(_is_visible), self.cursor)

    def kill_word(self) -> None:
        """Cut out the word before the cursor, up to anything but a letter or a digit."""
        self._kill(self._back(_is_letter), self.cursor)

    def kill_next_word(self) -> None:
        self._kill(self.cursor, self._word_end())

    def yank(self) -> bool:
        """Put in what was cut out last; return whether it fitted."""
        return self.fits(self.killed) and self.insert(self.killed)

    def transpose(self) -> None:
        """Swap the characters around the cursor, or the last two."""
        middle = self.cursor if self.cursor < len(self.text) else before(self.text, self.cursor)
        start, end = before(self.text, middle), after(self.text, middle)
        if start < middle < end:
            one, other = self.text[start:middle], self.text[middle:end]
            self.text = self.text[:start] + other + one + self.text[end:]
            self.cursor = end

    def _back(self, belongs: Callable[[str], bool]) -> int:
        part = self.text[max(0, self.cursor - _WORD_MAX_CHARS) : self.cursor]
        return self.cursor - _word_length(reversed(clusters(part)), belongs)

    def _word_end(self) -> int:
        part = self.text[self.cursor : self.cursor + _WORD_MAX_CHARS]
        return self.cursor + _word_length(clusters(part), _is_letter)

    def _kill(self, start: int, end: int) -> None:
        if start < end:
            self.killed = self.text[start:end]
            self._cut(start, end)

    def _cut(self, start: int, end: int) -> None:
        gone = self.text[start:end]
        if not gone:
            return
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start
        self.surplus = 0
        self._size -= len(gone) if gone.isascii() else len(gone.encode())


def _is_letter(cluster: str) -> bool:
    return cluster[0].isalnum() or cluster[0] == "_"


def _is_visible(cluster: str) -> bool:
    return not cluster[0].isspace()


def _word_length(ahead: Iterable[str], belongs: Callable[[str], bool]) -> int:
    """Up to where the next word of these clusters goes, with what stands before it."""
    length, inside = 0, False
    for cluster in ahead:
        if belongs(cluster):
            inside = True
        elif inside:
            break
        length += len(cluster)
    return length


# What keys do that change nothing but the line.
EDITS: dict[Key, Callable[[Editor], bool | None]] = {
    Key.LEFT: Editor.left,
    Key.RIGHT: Editor.right,
    Key.HOME: Editor.home,
    Key.END: Editor.end,
    Key.WORD_LEFT: Editor.word_left,
    Key.WORD_RIGHT: Editor.word_right,
    Key.ERASE: Editor.erase,
    Key.DELETE: Editor.delete,
    Key.KILL_BEFORE: Editor.kill_before,
    Key.KILL_AFTER: Editor.kill_after,
    Key.KILL_BLANK_WORD: Editor.kill_blank_word,
    Key.KILL_WORD: Editor.kill_word,
    Key.KILL_NEXT_WORD: Editor.kill_next_word,
    Key.YANK: Editor.yank,
    Key.TRANSPOSE: Editor.transpose,
}
