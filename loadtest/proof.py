"""The proof of delivery: every line once, to every other member, in one order.

Pure: what the witnesses saw in, counts out. The rules:

- What a room's members handed to their sockets is owed to every other member, less what the
  server refused aloud.
- A member whose connection failed is owed nothing from there on, and what it said and nobody
  heard may never have reached the server. The failure itself is an error already.
- Missing, and inside an announced gap: skipped. Missing otherwise: lost.
- Came again: duplicated. Not in the order that the members agree on, or against its sender's
  own order: reordered.
- Came, but was never said, or was said in another room, or was one's own: stray.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loadtest.findings import Finding, altered, firsts
from loadtest.gaps import Sighting, accounted_for, in_no_gap
from loadtest.order import Edge, agreed_order, edges_of, out_of_place
from loadtest.witness import Witness


@dataclass(frozen=True)
class Verdict:
    """Receipts, counted for each member and added up."""

    delivered: int = 0
    skipped: int = 0
    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    stray: int = 0
    # Of each kind that is not 0.
    first: tuple[Finding, ...] = field(default=(), compare=False)

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            self.delivered + other.delivered,
            self.skipped + other.skipped,
            self.lost + other.lost,
            self.duplicated + other.duplicated,
            self.reordered + other.reordered,
            self.stray + other.stray,
            firsts((*self.first, *other.first)),
        )


def examine(witnesses: Iterable[Witness], clients: int) -> Verdict:
    """The verdict over all rooms. `clients` is the one with which the line ids were made."""
    rooms: dict[int, list[Witness]] = {}
    for witness in witnesses:
        if witness.entered:
            rooms.setdefault(witness.room, []).append(witness)
    return sum((examine_room(members, clients) for members in rooms.values()), Verdict())


def examine_room(members: Sequence[Witness], clients: int) -> Verdict:
    """The verdict over the members of one room."""
    said = {m.sender: range(m.sender - 1, m.sent * clients, clients) for m in members}
    sightings = {m.sender: _sighting(m, said, clients) for m in members}
    heard = {line for sighting in sightings.values() for line in sighting.received}
    owed = _owed(members, said, heard)
    chains = [[line for line in lines if line in owed] for lines in said.values()]
    edges = edges_of((s.received for s in sightings.values()), chains)
    rank = {line: place for place, line in enumerate(agreed_order(owed, edges))}
    return sum(
        (_examine_member(m, sightings[m.sender], owed, rank, edges, clients) for m in members),
        Verdict(),
    )


def _sighting(member: Witness, said: dict[int, range], clients: int) -> Sighting:
    """What the member received that was for it, each line once; the gaps moved along."""
    wanted = {
        line
        for line in set(member.received)
        if (sender := line % clients + 1) != member.sender and line in said.get(sender, ())
    }
    if len(wanted) == len(member.received):
        return Sighting(member.received, member.gaps)
    first = {line: place for place, line in reversed(list(enumerate(member.received)))}
    places = sorted(first[line] for line in wanted)
    gaps = [(bisect_left(places, position), count) for position, count in member.gaps]
    return Sighting([member.received[place] for place in places], gaps)


def _owed(members: Sequence[Witness], said: dict[int, range], heard: set[int]) -> set[int]:
    """All lines that count: said, and not refused."""
    owed: set[int] = set()
    for member in members:
        lines = said[member.sender]
        owed.update(lines)
        unheard = [line for line in lines if line not in heard]
        if not member.cut_short:
            # Which of its lines was refused, the reply does not say; that nobody heard it, it does.
            unheard = unheard[: member.refused]
        owed.difference_update(unheard)
    return owed


def _examine_member(
    member: Witness,
    sighting: Sighting,
    owed: set[int],
    rank: dict[int, int],
    edges: Counter[Edge],
    clients: int,
) -> Verdict:
    received = sighting.received
    ranks = [rank[line] for line in received]
    missing = owed.difference(received)
    own = member.sender - 1
    missing = {line for line in missing if line % clients != own}
    if member.cut_short:
        last = max(ranks, default=-1)
        missing = {line for line in missing if rank[line] < last}
    skipped = accounted_for(sighting, sorted(missing), rank, edges)
    lost = len(missing) - skipped
    stray, again = _surplus(member, set(received))
    misplaced = [received[place] for place in out_of_place(ranks)]
    wrong = {
        # Which of the missing ones a gap held, is known only of those that are in none.
        "lost": (in_no_gap(sighting, missing, rank) or missing) if lost else (),
        "duplicated": again,
        "reordered": misplaced,
        "stray": stray,
    }
    return Verdict(
        delivered=len(received),
        skipped=skipped,
        lost=lost,
        duplicated=len(again),
        reordered=len(misplaced),
        stray=len(stray),
        first=_first(member, wrong, clients),
    )


def _first(
    member: Witness, wrong: Mapping[str, Collection[int]], clients: int
) -> tuple[Finding, ...]:
    """The first line of each kind that went wrong for one member."""
    found = [altered(member.sender, member.altered)] if member.altered else []
    for kind, lines in wrong.items():
        if lines:
            number, sender = divmod(min(lines), clients)
            found.append(Finding(kind, sender + 1, number, (member.sender,)))
    return tuple(found)


def _surplus(member: Witness, wanted: set[int]) -> tuple[list[int], list[int]]:
    """(stray, duplicated) receipts of one member."""
    if len(member.received) == len(wanted):
        return [], []
    stray = [line for line in member.received if line not in wanted]
    seen: set[int] = set()
    again = []
    for line in member.received:
        if line in seen and line in wanted:
            again.append(line)
        seen.add(line)
    return stray, again
