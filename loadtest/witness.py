"""What one client sent and heard: plain data, carried from its thread to the proof."""

from array import array
from collections import Counter
from dataclasses import dataclass, field

from loadtest.errors import ErrorKind


@dataclass
class Witness:
    """Written by one thread, read after it has ended."""

    sender: int  # 1 is the first
    room: int = 0
    sent: int = 0  # lines 0 to sent - 1 were handed to the socket
    refused: int = 0  # lines that the server said it did not take
    answered: int = 0  # echo: answers, right or wrong
    received: "array[int]" = field(default_factory=lambda: array("I"))  # chat: line ids, in order
    # Announced gaps: (how many lines had been received before it, how many it says are missing).
    gaps: list[tuple[int, int]] = field(default_factory=list)
    altered: bytes = b""  # the first line that came with other bytes than it was said with
    errors: Counter[ErrorKind] = field(default_factory=Counter)
    entered: bool = False  # connected and in its room
    cut_short: bool = False  # its connection failed: what came after, nobody knows
