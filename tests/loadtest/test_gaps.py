"""Where the agreed order leaves a line's place open, no line is called lost for a guess."""

from loadtest.gaps import Sighting, accounted_for, in_no_gap
from loadtest.order import edges_of


def test_a_line_of_unknown_place_may_have_been_in_the_gap() -> None:
    # Nobody but this member saw 1 and 2, nobody at all saw 0: its rank before 1 is a guess.
    rank = {0: 0, 1: 1, 2: 2}
    assert accounted_for(Sighting([1, 2], [(1, 1)]), [0], rank, edges_of([[1, 2]], [])) == 1


def test_a_line_that_someone_saw_earlier_cannot_have_been() -> None:
    rank = {0: 0, 1: 1, 2: 2}
    edges = edges_of([[1, 2], [0, 1]], [])
    assert accounted_for(Sighting([1, 2], [(1, 1)]), [0], rank, edges) == 0


def test_nor_one_that_someone_saw_later_by_way_of_others() -> None:
    rank = {1: 0, 2: 1, 3: 2, 4: 3}
    edges = edges_of([[1, 2], [2, 3], [3, 4]], [])
    assert accounted_for(Sighting([1, 2], [(1, 1)]), [4], rank, edges) == 0


def test_each_gap_holds_what_it_announced() -> None:
    rank = {line: line for line in range(8)}
    edges = edges_of([range(8)], [])
    sighting = Sighting([0, 4, 7], [(1, 2), (2, 5)])
    assert accounted_for(sighting, [1, 2, 3, 5, 6], rank, edges) == 4


def test_lines_share_gaps_so_that_most_find_room() -> None:
    # 8 fits in either gap, 9 only in the first: 9 must have it.
    rank = {8: 0, 1: 1, 9: 2, 2: 3, 3: 4}
    edges = edges_of([[1, 2, 3], [9, 2]], [])
    sighting = Sighting([1, 2, 3], [(1, 1), (2, 1)])
    assert accounted_for(sighting, [8, 9], rank, edges) == 2


def test_which_lines_are_in_no_gap() -> None:
    rank = {line: line for line in range(8)}
    sighting = Sighting([1, 4, 6], [(0, 1), (2, 1), (3, 1)])
    assert in_no_gap(sighting, [0, 2, 3, 5, 7], rank) == [2, 3]
    assert in_no_gap(Sighting([], []), [0, 2], rank) == [0, 2]
