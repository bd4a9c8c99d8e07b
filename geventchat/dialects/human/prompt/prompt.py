"""The prompt: keys in, finished lines and the screen's row out."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.dialects.human.keys import END_OF_FILE
from geventchat.dialects.human.prompt import painting
from geventchat.dialects.human.prompt.completion import (
    common,
    finished,
    is_longer,
    listing,
    matching,
)
from geventchat.dialects.human.prompt.editor import EDITS, Editor
from geventchat.dialects.human.prompt.painting import Row, columns_from, label_for
from geventchat.dialects.human.prompt.recall import Recall
from geventchat.dialects.human.prompt.strokes import Key, Strokes
from geventchat.dialects.human.prompt.wrapping import wrapped

# Of commands in one packet no more are shown than a screen has rows.
_LINES_KEPT = 24
# Nobody presses Tab more often in one packet, and what may follow is looked up for each.
_TABS_MAX = 4
_TAB_STOP = 4


class Prompt:
    """Stands in the place of a `keys.Keyboard` where the terminal sends every key.

    label        what stands before the text, with its last space; may hold colours
    candidates   what a word may become, and whether it is the line's first
    secret_from  where in a line a secret begins, if there is one: it is shown as
                 asterisks, and the line is not called back
    asks         how many secret lines an entered one may ask for
    hidden       how many of the next lines are secret from their first character on

    Whoever holds it writes to the terminal what `typed`, `above`, `redraw` and `close`
    return, in the order of the calls, and nothing else.
    """

    __slots__ = (
        "_asks",
        "_bell",
        "_candidates",
        "_clear",
        "_fresh",
        "_kept",
        "_label",
        "_open",
        "_recall",
        "_row",
        "_secret_from",
        "_strokes",
        "_tabbed",
        "_tabs",
        "buffer",
        "hidden",
    )

    def __init__(
        self,
        max_bytes: int,
        columns: int,
        label: Callable[[], str],
        candidates: Callable[[str, bool], list[str]],
        secret_from: Callable[[str], int | None],
        asks: Callable[[str], int],
    ) -> None:
        self.buffer = Editor(max_bytes)
        self._strokes = Strokes()
        self._recall = Recall()
        self._row = Row(columns)
        self._label = label
        self._candidates = candidates
        self._secret_from = secret_from
        self._asks = asks
        self.hidden = 0
        self._open = False
        # The text typed since the row was painted; None: other keys, too.
        self._fresh: str | None = None
        # Labels and texts to go above before the row is painted again.
        self._kept: list[tuple[str | None, str]] | None = None
        self._bell = self._clear = False
        self._tabs = 0
        self._tabbed = False  # Whether the last key was a Tab that could not finish the word.

    def feed(self, data: bytes) -> list[bytes]:
        """Return the finished lines, as `keys.Keyboard.feed` does."""
        lines: list[bytes] = []
        self._tabs = 0
        for stroke in self._strokes.feed(data):
            if stroke is Key.ENTER:
                lines.append(self._entered())
            elif isinstance(stroke, Key):
                self._press(stroke, lines)
            else:
                self._type(stroke)
        if self._kept:  # What is entered may change the label: it is asked for before, and once.
            label = self._label()
            self._kept = [(label if own is None else own, text) for own, text in self._kept]
        return lines

    def typed(self) -> bytes:
        """What the terminal is to be sent for all that came since it was asked last."""
        fresh = self._fresh
        if fresh == "" and not self._bell:
            return b""
        if fresh is None or not self._appends(fresh):
            return self.redraw()
        self._row.free -= len(fresh)
        self._fresh = ""
        return fresh.encode() + self._rung()

    def above(self, lines: bytes) -> bytes:
        """Put lines above the row; each ends with CR LF and leaves no style behind."""
        start = painting.CLEAR_SCREEN if self._clear else painting.ERASE
        self._clear = False
        if not self._open:
            self._open = True
            start = painting.PASTE_ON + start
        start += self._taken()
        row = self._row.paint(self._label(), self._shown(self.buffer.text), self.buffer.cursor)
        self._fresh = ""
        return start.encode() + lines + row.encode() + self._rung()

    def redraw(self) -> bytes:
        """Paint the row anew. The first time, the terminal is asked to mark what is pasted."""
        return self.above(b"")

    def resize(self, columns: int) -> None:
        """Go by another width from now on; 0 is unknown."""
        self._row.columns = columns_from(columns)
        self._fresh = None

    def close(self) -> bytes:
        """Take the row off the screen and leave the terminal as it was found.

        What was being typed is still in `buffer.pending`.
        """
        if not self._open:
            return b""
        self._open = False
        self._fresh = None
        return (painting.ERASE + self._taken() + painting.PASTE_OFF).encode()

    def _appends(self, fresh: str) -> bool:
        """Whether the terminal, sent just what was typed, shows the right thing."""
        text = self.buffer.text
        return (
            self._open
            and len(fresh) <= self._row.free
            and text.isascii()
            and self._secret_in(text) is None
        )

    def _rung(self) -> bytes:
        bell, self._bell = self._bell, False
        return b"\a" if bell else b""

    def _secret_in(self, text: str) -> int | None:
        return 0 if self.hidden else self._secret_from(text)

    def _shown(self, text: str) -> str:
        """The text as it may be seen by whoever looks over a shoulder."""
        return _masked(text, self._secret_in(text) if text else None)

    def _type(self, text: str) -> None:
        editor = self.buffer
        self._tabbed = False
        if not editor.insert(text):
            self._bell = True
            self._fresh = None
        elif self._fresh is not None:
            self._fresh += text

    def _press(self, key: Key, lines: list[bytes]) -> None:
        editor = self.buffer
        self._fresh = None
        again, self._tabbed = self._tabbed, False
        if key in EDITS:
            self._edit(key)
        elif key is Key.TAB:
            self._complete(again)
        elif key is Key.PASTED_TAB:
            self._type(" " * (_TAB_STOP - editor.cursor % _TAB_STOP))
        elif key is Key.UP or key is Key.DOWN:
            recall = self._recall
            recalled = recall.older(editor.text) if key is Key.UP else recall.newer()
            if recalled is not None:
                editor.show(recalled)
        elif key is Key.INTERRUPT:
            editor.show("")
            self._recall.leave()
        elif key is Key.CLEAR_SCREEN:
            self._clear = True
        elif editor.text:  # Ctrl-D deletes where there is something.
            editor.delete()
        else:
            lines.append(END_OF_FILE)

    def _edit(self, key: Key) -> None:
        editor = self.buffer
        text, killed = editor.text, editor.killed
        if EDITS[key](editor) is False:
            self._bell = True
        # Put in again elsewhere, it would be seen.
        if editor.killed is not killed and self._secret_in(text) is not None:
            editor.killed = ""

    def _entered(self) -> bytes:
        editor = self.buffer
        text, surplus = editor.text, editor.surplus
        self._fresh = None
        self._tabbed = False
        # What comes in the same packet is read before anybody has looked at this line.
        hidden, self.hidden = self.hidden, max(0, self.hidden - 1) or self._asks(text)
        if not text:
            self._recall.leave()
            return b""
        editor.show("")
        if text.strip() and not hidden and self._secret_from(text) is None:
            self._recall.add(text)
        else:
            self._recall.leave()
        if surplus:  # As long as it was, for the dialect to refuse; called back, it can be mended.
            return text.encode() + b" " * min(surplus, editor.max_bytes)
        if text[:1] == "/" and text[1:2] != "/" and not hidden:
            self._keep(None, _masked(text, self._secret_from(text)))
        return text.encode()

    def _keep(self, label: str | None, text: str) -> None:
        """Have a line go above before the row is painted again; without a label it gets the row's.

        Where nothing can be sent for long, the oldest make room.
        """
        if self._kept is None:
            self._kept = []
        self._kept.append((label, text))
        if len(self._kept) > _LINES_KEPT:
            del self._kept[0]

    def _taken(self) -> str:
        """What was kept, as it goes above the row."""
        kept, self._kept = self._kept, None
        columns, rows = self._row.columns, ""
        for label, text in kept or ():
            line = label_for(label or "", columns // 2) + text
            rows += "".join(f"{row}\r\n" for row in wrapped(line, columns - 1))
        return rows

    def _complete(self, again: bool) -> None:
        """Finish the word before the cursor as far as it is clear; pressed again, tell the rest."""
        editor = self.buffer
        start = editor.text.rfind(" ", 0, editor.cursor) + 1
        word = editor.text[start : editor.cursor]
        first = not editor.text[:start].strip()
        self._tabs += 1
        found = self._tabs <= _TABS_MAX and not self.hidden
        names = matching(word, self._candidates(word, first)) if found else []
        if len(names) == 1:
            self._bell |= not editor.replace(start, finished(names[0], first))
            return
        longer = common(names) if names else ""
        if is_longer(longer, word) and editor.replace(start, longer):
            self._tabbed = True
        elif names and again:
            self._keep("", listing(names))
        else:
            self._bell = True
            self._tabbed = bool(names)


def _masked(text: str, start: int | None) -> str:
    """The text with asterisks from there on."""
    return text if start is None else text[:start] + "*" * (len(text) - start)
