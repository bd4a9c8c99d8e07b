"""What was said where somebody is not looking, and the label of their row that tells of it."""

from __future__ import annotations

from collections.abc import Iterable

from geventchat.dialects.human.prompt.cells import cells_of

# Rooms that are counted one by one; of more only the sum is told.
_ROOMS_SHOWN = 3
NOWHERE = "(nowhere)"


class Unread:
    """How many lines came from each room since its reader last talked there.

    `private` counts private lines since the reader last finished a line.
    """

    __slots__ = ("_counts", "_latest", "private")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._latest: dict[str, int] = {}
        self.private = 0

    def said(self, key: str, number: int, lines: int) -> None:
        """Count what was said in a room in the event of that number: once, however often told."""
        if number > self._latest.get(key, 0):
            self._latest[key] = number
            self.skipped(key, lines)

    def skipped(self, key: str | None, lines: int) -> None:
        """Count what was said in a room, or (without one) privately, and is not shown."""
        if key is None:
            self.private += lines
        else:
            self._counts[key] = self._counts.get(key, 0) + lines

    def counts(self, here: str | None, rooms: Iterable[str]) -> list[tuple[str, int]]:
        """(key, lines) of those of these rooms in which something is unread.

        In `here` (a key) all is read; of rooms that are not among these nothing is kept.
        """
        kept = set(rooms)
        for seen in (self._counts, self._latest):
            for key in seen.keys() - kept:
                del seen[key]
        if here is not None:
            self._counts.pop(here, None)
        return list(self._counts.items())


def label(here: str, counts: list[tuple[str, int]], private: int, columns: int) -> str:
    """`#lobby (#dev 3, 1 PM)> `, or shorter where that would take too much of the row."""
    name, room = here or NOWHERE, max(1, columns // 2)
    told = [f"{one} {count}" for one, count in counts[:_ROOMS_SHOWN]]
    if len(counts) > _ROOMS_SHOWN:
        told.append(f"+{sum(count for _, count in counts[_ROOMS_SHOWN:])}")
    if private:
        told.append(f"{private} PM{'s' if private > 1 else ''}")
    total = private + sum(count for _, count in counts)
    short = f"{name} +{total}> " if total else f"{name}> "
    full = f"{name} ({', '.join(told)})> " if told else short
    for one in (full, short, f"{name}> "):
        if cells_of(one) <= room:
            return one
    while name and cells_of(f"{name}…> ") > room:
        name = name[:-1]
    return f"{name}…> "
