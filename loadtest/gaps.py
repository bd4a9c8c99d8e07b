"""Which missing lines the announced gaps of one member account for.

A gap stands between the line received before it and the one received after it, and names a
number. The number bounds the lines missing there from above: the server also counts events that
are no lines of ours (names, topics), so a smaller hole is no contradiction, a larger one is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from loadtest.order import Edge


@dataclass(frozen=True)
class Sighting:
    """One member's lines in the order they came, and the gaps between them."""

    received: Sequence[int]
    gaps: Sequence[tuple[int, int]]  # (lines received before it, number announced)


def accounted_for(
    sighting: Sighting, missing: Sequence[int], rank: Mapping[int, int], edges: Mapping[Edge, int]
) -> int:
    """How many of the missing lines the gaps can have held.

    First as the agreed order has it. Where many members have gaps, that order leaves a line's
    place open and may have guessed wrong; so before a line is called lost, every place is tried
    that no member's sight rules out.
    """
    if not sighting.gaps or not missing:
        return 0
    by_rank = sum(_held_by_rank(sighting, missing, rank))
    if by_rank == min(len(missing), sum(count for _, count in sighting.gaps)):
        return by_rank
    return _held_at_most(sighting, missing, _possible_gaps(sighting, rank, edges))


def in_no_gap(sighting: Sighting, missing: Iterable[int], rank: Mapping[int, int]) -> list[int]:
    """Those of the missing lines that, as the agreed order has it, stand in no gap."""
    within = [_ends(sighting, position, rank) for position, _ in _merged(sighting.gaps)]
    return [line for line in missing if not any(low < rank[line] < high for low, high in within)]


def _ends(sighting: Sighting, position: int, rank: Mapping[int, int]) -> tuple[int, int]:
    """The ranks of the lines received before and after a gap."""
    received = sighting.received
    low = rank[received[position - 1]] if position else -1
    return low, rank[received[position]] if position < len(received) else len(rank)


def _held_by_rank(sighting: Sighting, missing: Sequence[int], rank: Mapping[int, int]) -> list[int]:
    places = sorted(rank[line] for line in missing)
    held = []
    for position, count in _merged(sighting.gaps):
        low, high = _ends(sighting, position, rank)
        held.append(max(0, min(count, bisect_left(places, high) - bisect_right(places, low))))
    return held


def _merged(gaps: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Two notices with nothing between them are one gap."""
    counts: dict[int, int] = {}
    for position, count in gaps:
        counts[position] = counts.get(position, 0) + count
    return sorted(counts.items())


def _possible_gaps(
    sighting: Sighting, rank: Mapping[int, int], edges: Mapping[Edge, int]
) -> dict[int, tuple[int, int]]:
    """For each line the gaps [first, end) that may hold it, by all that is known to follow.

    A line received after the third gap, and whatever follows it for anyone, is not in the first
    three; one received before the third, and whatever precedes it, is in none from there on.
    """
    positions = [position for position, _ in _merged(sighting.gaps)]
    gaps_before = {
        line: bisect_right(positions, index) for index, line in enumerate(sighting.received)
    }
    first = {line: gaps_before.get(line, 0) for line in rank}
    end = {line: gaps_before.get(line, len(positions)) for line in rank}
    forward = sorted(
        (rank[before], before, after) for before, after in edges if rank[before] < rank[after]
    )
    for _, before, after in forward:
        first[after] = max(first[after], first[before])
    for _, before, after in sorted(forward, key=lambda edge: -rank[edge[2]]):
        end[before] = min(end[before], end[after])
    return {line: (first[line], end[line]) for line in rank}


def _held_at_most(
    sighting: Sighting, missing: Sequence[int], possible: Mapping[int, tuple[int, int]]
) -> int:
    """The largest number of lines that fit: every gap takes first whose last chance is nearest."""
    waiting = sorted((possible[line] for line in missing), reverse=True)
    held = 0
    open_until: list[int] = []
    for index, (_, count) in enumerate(_merged(sighting.gaps)):
        while waiting and waiting[-1][0] <= index:
            heappush(open_until, waiting.pop()[1])
        while open_until and count:
            if heappop(open_until) > index:
                held, count = held + 1, count - 1
    return held
