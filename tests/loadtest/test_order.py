from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from loadtest.order import agreed_order, edges_of, out_of_place


def test_sights_that_fit_make_one_order() -> None:
    edges = edges_of([[1, 3, 4], [2, 3, 5], [1, 2, 5]], [])
    assert agreed_order(range(1, 6), edges) == [1, 2, 3, 4, 5]


def test_the_fewest_are_contradicted() -> None:
    order = agreed_order([1, 2], edges_of([[2, 1], [2, 1], [1, 2]], []))
    assert order == [2, 1]


def test_a_sender_knows_its_own_order_best() -> None:
    order = agreed_order([1, 2], edges_of([[2, 1]] * 100, [[1, 2]]))
    assert order == [1, 2]


def test_lines_that_nobody_saw_are_in_it() -> None:
    assert agreed_order([3, 1, 2], Counter()) == [1, 2, 3]


@given(st.permutations(range(12)), st.data())
def test_every_sight_of_one_order_is_kept(order: list[int], data: st.DataObject) -> None:
    sights = [
        [line for line in order if line in seen]
        for seen in data.draw(st.lists(st.sets(st.integers(0, 11)), max_size=6))
    ]
    rank = {line: place for place, line in enumerate(agreed_order(order, edges_of(sights, [])))}
    assert all(not out_of_place([rank[line] for line in sight]) for sight in sights)


def test_out_of_place() -> None:
    assert out_of_place([]) == out_of_place([1, 2, 5]) == []
    assert (out_of_place([2, 3, 4, 1]), out_of_place([4, 1, 2, 3])) == ([3], [0])
    assert out_of_place([3, 2, 1]) == [0, 1]


@given(st.lists(st.integers(0, 30), unique=True, max_size=12))
def test_what_is_left_is_in_order_and_no_more_could_be(ranks: list[int]) -> None:
    places = out_of_place(ranks)
    left = [rank for place, rank in enumerate(ranks) if place not in places]
    assert left == sorted(left) and len(left) + len(places) == len(ranks)
    longest: list[int] = []  # By trying: the longest ascending run that ends at each element.
    for here, rank in enumerate(ranks):
        before = [longest[there] for there in range(here) if ranks[there] < rank]
        longest.append(1 + max(before, default=0))
    assert len(left) == max(longest, default=0)
