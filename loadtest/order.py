"""One order that all members can agree on, and how far each is from it.

Each member saw the room's lines in some order, without its own lines and without its gaps. That
A came right before B for someone is an edge. If all edges fit one order, that order is the
proof; if they form a circle, somebody saw it differently, and the order is the one that the
fewest contradict.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

Edge = tuple[int, int]
# Outweighs any number of members: a sender knows best in which order it spoke.
CERTAIN = 1 << 40


def edges_of(sequences: Iterable[Sequence[int]], chains: Iterable[Sequence[int]]) -> Counter[Edge]:
    """Who follows whom, and for how many members. Chains are each sender's own lines."""
    edges: Counter[Edge] = Counter()
    for sequence in sequences:
        edges.update(pairwise(sequence))
    for chain in chains:
        for edge in pairwise(chain):
            edges[edge] += CERTAIN
    return edges


def agreed_order(lines: Iterable[int], edges: Counter[Edge]) -> list[int]:
    """All lines, in the order that the members agree on; a line's id decides what they leave open.

    Kahn's algorithm with weights: next comes the line with the least said against it. Without a
    circle that is always a line with nothing against it, and the order is exact.
    """
    followers: dict[int, list[tuple[int, int]]] = defaultdict(list)
    against: dict[int, int] = dict.fromkeys(lines, 0)
    for (before, after), weight in edges.items():
        followers[before].append((after, weight))
        against[after] += weight
    heap = [(weight, line) for line, weight in against.items()]
    heapify(heap)
    order: list[int] = []
    while heap:
        weight, line = heappop(heap)
        if against.get(line) != weight:
            continue  # placed already, or lighter by now and further up in the heap
        del against[line]
        order.append(line)
        for after, its_weight in followers[line]:
            if after in against:
                against[after] -= its_weight
                heappush(heap, (against[after], after))
    return order


def out_of_place(ranks: Sequence[int]) -> list[int]:
    """The places of the fewest elements that must go for the rest to be ascending."""
    if all(a < b for a, b in pairwise(ranks)):
        return []
    tails: list[int] = []  # tails[n]: the smallest end of an ascending run of n + 1 elements
    ends: list[int] = []  # and its place
    before: list[int] = []  # for each element: the place of the one before it in its run
    for here, rank in enumerate(ranks):
        length = bisect_left(tails, rank)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [rank]
        ends[length : length + 1] = [here]
    kept, place = set(), ends[-1]
    while place >= 0:
        kept.add(place)
        place = before[place]
    return [place for place in range(len(ranks)) if place not in kept]
