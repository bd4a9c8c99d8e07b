"""The lines that the clients say, and how to recognise them when they come back.

    Thread-12 say hello 7 k3f9x2+1048576 ......

is line 7 of client 12 in the run `k3f9x2`, due 1,048,576 µs after that run's origin, padded to
the size asked for. The tag keeps the history of earlier runs apart from this one; the time makes
every receipt a latency, whichever process it happens in.

A line's id is `number * clients + sender - 1`: dense, the same in every process, and in the order
of the schedule when there is one.
"""

import re
from dataclasses import dataclass
from secrets import choice

TAG_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
TAG_LENGTH = 6
_PAYLOAD = re.compile(rb"Thread-(\d{1,6}) say hello (\d{1,9}) ([a-z0-9]{6})\+(\d{1,12})[ .]*")


def new_tag() -> str:
    """Six letters; two runs that share a server share them once in a billion."""
    return "".join(choice(TAG_LETTERS) for _ in range(TAG_LENGTH))


def hello(sender: int, number: int) -> bytes:
    """The words alone, as an echo server gets them."""
    return b"Thread-%d say hello %d" % (sender, number)


def padded(text: bytes, size: int | None) -> bytes:
    """Text of at least `size` bytes. Never ends in a blank, which a server may strip."""
    missing = (size or 0) - len(text)
    if missing <= 0:
        return text
    return text + b" " + b"." * (missing - 1) if missing > 1 else text + b"."


def longest_text(clients: int) -> int:
    """Bytes that the longest line without padding takes: a million lines each, eleven days."""
    return len(b"%s k3f9x2+%d" % (hello(clients, 999_999), 10**12 - 1))


@dataclass(frozen=True)
class Payload:
    """The lines of one run: `text` writes one, `recognise` reads it back."""

    tag: bytes
    clients: int
    size: int

    def line_id(self, sender: int, number: int) -> int:
        return number * self.clients + sender - 1

    def text(self, sender: int, number: int, due_us: int) -> bytes:
        words = b"%s %s+%d" % (hello(sender, number), self.tag, due_us)
        return padded(words, self.size)

    def recognise(self, text: bytes) -> tuple[int, int] | None:
        """(line id, due µs) of a line of this run; None for anyone else's.

        Raises ValueError when it carries this run's tag but is not, to the byte, what was said.
        """
        match = _PAYLOAD.fullmatch(text)
        if match is None or match[3] != self.tag:
            if self.tag in text:
                raise ValueError(text)
            return None
        sender, number, due_us = int(match[1]), int(match[2]), int(match[4])
        if not 1 <= sender <= self.clients or self.text(sender, number, due_us) != text:
            raise ValueError(text)
        return self.line_id(sender, number), due_us
