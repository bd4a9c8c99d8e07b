"""What the lines of the human dialect mean to a load client.

A room's line comes to every member alike, so its bytes are looked up, not parsed: a dict keeps
what each distinct line is, and only the first sight of it in a process costs a parse. Measured
on 80-byte lines: 0.14 µs for a known line, 2 µs for a new one.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from loadtest.errors import ErrorKind
from loadtest.payload import Payload

NOTICE = -1  # stands for a line that is not one of this run's

# 64 Ki lines of a few hundred bytes each: some 20 MB, and more than a room says while any
# member is behind.
KNOWN_LINES = 65_536

GREETING = b"Welcome to "
_ROOM = re.compile(rb" You are \S+ in ([#&][^\s,]+)")
_SAID = re.compile(rb"\[[^\]]{1,32}\] (?:[#&][^ ]+ )?<[^>]{1,64}> (.*)", re.DOTALL)
_GAP = re.compile(rb"-- ([\d,]+) (?:lines? )?skipped\b")
_FULL = re.compile(rb"\bfull\b|\btoo many\b", re.IGNORECASE)
_REFUSALS = {
    b"-> Slow down": ErrorKind.SLOW_DOWN,
    b"-> Line too long": ErrorKind.TOO_LONG,
    b"-> Not saved": ErrorKind.NOT_SAVED,
}


class Meaning(Enum):
    """What a notice says."""

    PONG = auto()
    GAP = auto()  # count: lines skipped, and announced
    WELCOME = auto()  # room: where this client is now
    IN_ROOM = auto()
    LEFT = auto()
    FULL = auto()
    REFUSAL = auto()  # kind: a line of ours was not sent
    REPLY = auto()  # any other answer to this client alone
    BROKEN = auto()  # one of our lines, with other bytes in it
    OTHER = auto()  # room events, other people, history


@dataclass(frozen=True)
class Notice:
    meaning: Meaning
    count: int = 0
    room: bytes = b""
    kind: ErrorKind | None = None


def shown(line: bytes) -> bytes:
    """A line as a screen shows it: what it begins with may be written over by the rest.

    So are telnet's requests before the welcome, which nobody here answers (RFC 854).
    """
    return line.removesuffix(b"\r").rpartition(b"\r")[2]


class LineSplitter:
    """Bytes in, whole lines out, without their line ends."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes) -> list[bytes]:
        *lines, self._tail = (self._tail + data).split(b"\n")
        return lines


class KnownLines(dict[bytes, int]):
    """From a line's bytes, `\\r` and all, to its line id, or NOTICE. Shared by a process's threads.

    No lock: two threads that meet the same new line store the same answer.
    """

    def __init__(self, payload: Payload) -> None:
        super().__init__()
        self._payload = payload
        self.due_us: dict[int, int] = {}

    def __missing__(self, line: bytes) -> int:
        if len(self) >= KNOWN_LINES:
            self.clear()
        self[line] = found = self._look(line)
        return found

    def _look(self, line: bytes) -> int:
        said = _SAID.fullmatch(line.removesuffix(b"\r"))
        if said is None:
            return NOTICE
        try:
            recognised = self._payload.recognise(said[1])
        except ValueError:
            return NOTICE
        if recognised is None:
            return NOTICE
        found, self.due_us[found] = recognised
        return found


def read_notice(line: bytes, tag: bytes) -> Notice:
    """The meaning of a line that is not one of this run's."""
    line = shown(line)
    if tag in line:
        return Notice(Meaning.BROKEN)
    if line.startswith(b"-- "):
        gap = _GAP.match(line)
        return Notice(Meaning.GAP, int(gap[1].replace(b",", b""))) if gap else _OTHER
    if line.startswith(b"-> "):
        return _read_reply(line)
    if line.startswith(GREETING):
        room = _ROOM.search(line)
        return Notice(Meaning.WELCOME, room=room[1] if room else b"")
    if _FULL.search(line) and not line.startswith((b"[", b"*** ", b"* ")):
        return Notice(Meaning.FULL)
    return _OTHER


def _read_reply(line: bytes) -> Notice:
    if line.startswith(b"-> pong"):
        return Notice(Meaning.PONG)
    if line.startswith(b"-> You are in "):
        return Notice(Meaning.IN_ROOM)
    if line.startswith(b"-> You left "):
        return Notice(Meaning.LEFT)
    for words, kind in _REFUSALS.items():
        if line.startswith(words):
            return Notice(Meaning.REFUSAL, kind=kind)
    return Notice(Meaning.FULL if _FULL.search(line) else Meaning.REPLY)


_OTHER = Notice(Meaning.OTHER)
