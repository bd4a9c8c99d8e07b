"""The proof, against histories that are right by construction and mutations of them."""

from array import array
from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from loadtest.findings import Finding
from loadtest.proof import Verdict, examine
from loadtest.witness import Witness

Room = list[Witness]


@st.composite
def rooms(draw: st.DrawFn, members: int = 2, gaps: bool = True) -> Room:
    """A room that kept every promise: one order, and each member's sight of it.

    A gap is announced with the number missing there, or with more.
    """
    clients = draw(st.integers(members, members + 4))
    turns = draw(st.lists(st.integers(1, clients), max_size=40))
    room = [Witness(sender, entered=True) for sender in range(1, clients + 1)]
    order = []
    for sender in turns:
        order.append(room[sender - 1].sent * clients + sender - 1)
        room[sender - 1].sent += 1
    for member in room:
        due = [line for line in order if line % clients != member.sender - 1]
        for start, end in draw(_stretches(len(due))) if gaps else ():
            del due[start:end]
            member.gaps.insert(0, (start, end - start))
        # Positions count what was received before the gap, so later gaps move up.
        moved = 0
        for index, (start, count) in enumerate(member.gaps):
            member.gaps[index] = (start - moved, count)
            moved += count
        member.received = array("I", due)
    return room


@st.composite
def _stretches(draw: st.DrawFn, length: int) -> list[tuple[int, int]]:
    """Non-empty stretches that do not touch, the last first."""
    bounds = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    return list(zip(bounds[::2], bounds[1::2], strict=False))[::-1]


def judged(room: Room) -> Verdict:
    return examine(room, len(room))


@given(rooms())
def test_a_room_that_kept_its_promises_passes(room: Room) -> None:
    sent = sum(member.sent for member in room)
    announced = sum(count for member in room for _, count in member.gaps)
    assert judged(room) == Verdict(delivered=sent * (len(room) - 1) - announced, skipped=announced)


@given(rooms(), st.data())
def test_a_line_dropped_in_silence_is_lost(room: Room, data: st.DataObject) -> None:
    assume(any(member.received for member in room))
    member = data.draw(st.sampled_from([member for member in room if member.received]))
    place = data.draw(st.integers(0, len(member.received) - 1))
    del member.received[place]
    member.gaps = [(at - (at > place), count) for at, count in member.gaps]
    assert judged(room).lost == 1


@given(rooms(), st.data())
def test_a_line_that_came_again_is_duplicated(room: Room, data: st.DataObject) -> None:
    assume(any(member.received for member in room))
    member = data.draw(st.sampled_from([member for member in room if member.received]))
    first = data.draw(st.integers(0, len(member.received) - 1))
    again = data.draw(st.integers(first + 1, len(member.received)))
    member.received.insert(again, member.received[first])
    member.gaps = [(at + (at >= again), count) for at, count in member.gaps]
    verdict = judged(room)
    assert (verdict.duplicated, verdict.lost, verdict.reordered) == (1, 0, 0)


@given(rooms(members=4, gaps=False), st.data())
def test_an_order_of_ones_own_is_reordered(room: Room, data: st.DataObject) -> None:
    """Of four members one besides the two senders saw both lines the other way round."""
    member = data.draw(st.sampled_from(room))
    assume(len(member.received) >= 2)
    place = data.draw(st.integers(0, len(member.received) - 2))
    swap(member, place)
    verdict = judged(room)
    assert verdict.reordered >= 1
    assert (verdict.lost, verdict.duplicated) == (0, 0)


@given(rooms(), st.data())
def test_a_senders_own_order_needs_no_other_witness(room: Room, data: st.DataObject) -> None:
    clients = len(room)
    swaps = [
        (member, place)
        for member in room
        for place in range(len(member.received) - 1)
        if member.received[place] % clients == member.received[place + 1] % clients
    ]
    assume(swaps)
    swap(*data.draw(st.sampled_from(swaps)))
    assert judged(room).reordered >= 1


def swap(member: Witness, place: int) -> None:
    lines = member.received
    lines[place], lines[place + 1] = lines[place + 1], lines[place]


def member(sender: int, sent: int, *received: int) -> Witness:
    return Witness(sender, sent=sent, received=array("I", received), entered=True)


class TestOneRoom:
    """Three clients; line n of client s has the id 3 n + s - 1. All say two lines in turn."""

    def room(self) -> Room:
        return [member(1, 2, 1, 2, 4, 5), member(2, 2, 0, 2, 3, 5), member(3, 2, 0, 1, 3, 4)]

    def test_as_it_should_be(self) -> None:
        assert judged(self.room()) == Verdict(delivered=12)

    def test_missing_in_a_gap_and_beyond(self) -> None:
        room = self.room()
        room[0].received = array("I", [1, 5])
        room[0].gaps = [(1, 1)]
        assert judged(room) == Verdict(delivered=10, skipped=1, lost=1)

    def test_the_first_line_of_each_kind_is_named(self) -> None:
        room = self.room()
        room[0].received = array("I", [1, 5, 5, 6])  # 2 and 4 are missing.
        room[1].received = array("I", [3, 0, 5])  # 2 too.
        room[2].altered = b"<g1> Thread-1 said hello 1 xyz"
        assert judged(room).first == (
            Finding("lost", 3, 0, (1, 2)),
            Finding("duplicated", 3, 1, (1,)),
            Finding("reordered", 1, 1, (2,)),
            Finding("stray", 1, 2, (1,)),
            Finding("mismatch", 1, 1, (3,), "<g1> Thread-1 said hello 1 xyz"),
        )

    def test_what_a_gap_can_have_held_is_not_named_as_lost(self) -> None:
        room = self.room()
        room[0].received, room[0].gaps = array("I", [5]), [(0, 1)]
        assert judged(room).first[0].number == 0  # Of 1, 2 and 4 in one gap nobody knows which.
        room[0].received, room[0].gaps = array("I", [2, 5]), [(0, 1)]
        assert judged(room).first == (Finding("lost", 2, 1, (1,)),)

    def test_a_gap_elsewhere_excuses_nothing(self) -> None:
        room = self.room()
        room[0].received = array("I", [1, 2, 5])
        room[0].gaps = [(1, 7)]
        assert judged(room) == Verdict(delivered=11, lost=1)

    def test_a_gap_before_the_first_line_and_after_the_last(self) -> None:
        room = self.room()
        room[0].received = array("I", [2, 4])
        room[0].gaps = [(0, 1), (2, 1)]
        assert judged(room) == Verdict(delivered=10, skipped=2)

    def test_notices_in_a_row_add_up(self) -> None:
        room = self.room()
        room[0].received = array("I", [1])
        room[0].gaps = [(1, 1), (1, 2)]
        assert judged(room) == Verdict(delivered=9, skipped=3)

    def test_one_line_out_of_place_counts_once(self) -> None:
        room = self.room()
        room[2].received = array("I", [1, 3, 4, 0])
        assert judged(room).reordered == 1

    def test_a_line_never_said_is_stray(self) -> None:
        room = self.room()
        room[0].received.append(6)
        assert judged(room) == Verdict(delivered=12, stray=1)

    def test_ones_own_line_is_stray(self) -> None:
        room = self.room()
        room[0].received.append(0)
        assert judged(room) == Verdict(delivered=12, stray=1)

    def test_a_refused_line_is_not_owed(self) -> None:
        room = [member(1, 2, 1, 2, 4, 5), member(2, 2, 2, 3, 5), member(3, 2, 1, 3, 4)]
        room[0].refused = 1
        assert judged(room) == Verdict(delivered=10)

    def test_a_member_that_fell_out_is_owed_no_more(self) -> None:
        room = self.room()
        room[0].received, room[0].cut_short = array("I", [1, 4]), True
        assert judged(room) == Verdict(delivered=10, lost=1)

    def test_what_it_said_last_may_never_have_arrived(self) -> None:
        room = [member(1, 2, 1, 2), member(2, 2, 0, 2, 5), member(3, 2, 0, 1, 4)]
        room[0].cut_short = True
        assert judged(room) == Verdict(delivered=8)

    def test_a_client_that_never_came_in_is_owed_nothing(self) -> None:
        room = [member(1, 1, 1), member(2, 1, 0), replace(member(3, 0), entered=False)]
        assert judged(room) == Verdict(delivered=2)


def test_rooms_are_judged_apart() -> None:
    room = [member(1, 1, 2), member(2, 1, 3), member(3, 1, 0), member(4, 1, 1)]
    for witness in room:
        witness.room = (witness.sender - 1) % 2
    assert judged(room) == Verdict(delivered=4)
    room[0].received.append(3)
    assert judged(room) == Verdict(delivered=4, stray=1)
