"""What may stand in a session's queue."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from geventchat.chat.events import Entry
from geventchat.delivery.span import Span


class Echo(NamedTuple):
    """An event of its own that its author is to see as an item of its own."""

    entry: Entry


class Missed:
    """Lines for this session alone that found no place, because it did not read."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        self.lines = 0


# Lines are framed when they are sent; bytes are what no line is (telnet's own options).
Item = Sequence[str] | bytes | Entry | Echo | Missed | Span
# What an answer that must name its question is made of: units of lines, and own events.
Captured = list[Sequence[str] | Entry]


def leading_spans(items: Sequence[Item]) -> list[Span]:
    """The spans at the beginning, up to what is none."""
    spans = takewhile(lambda item: isinstance(item, Span), items)
    return [item for item in spans if isinstance(item, Span)]
