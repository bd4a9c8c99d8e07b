"""Lines called back."""

from __future__ import annotations

from geventchat.dialects.human.prompt.recall import LINES_MAX, TEXT_MAX_BYTES, Recall


def all_of(recall: Recall) -> list[str]:
    """From the newest to the oldest."""
    found = []
    while (line := recall.older("draft")) is not None:
        found.append(line)
    recall.leave()
    return found


def test_up_and_down_and_back_to_the_draft() -> None:
    recall = Recall()
    for line in ("one", "two"):
        recall.add(line)
    assert recall.newer() is None
    assert recall.older("half a") == "two"
    assert recall.older("two") == "one"
    assert recall.older("one") is None
    assert recall.newer() == "two"
    assert recall.newer() == "half a"
    assert recall.newer() is None


def test_nothing_entered_yet() -> None:
    assert Recall().older("x") is None
    assert Recall().newer() is None


def test_an_empty_draft_comes_back_too() -> None:
    recall = Recall()
    recall.add("one")
    assert recall.older("") == "one"
    assert recall.newer() == ""


def test_the_same_twice_in_a_row_is_kept_once() -> None:
    recall = Recall()
    for line in ("a", "b", "b", "a"):
        recall.add(line)
    assert all_of(recall) == ["a", "b", "a"]


def test_the_oldest_make_room() -> None:
    recall = Recall()
    for n in range(LINES_MAX + 5):
        recall.add(f"line {n}")
    lines = all_of(recall)
    assert (len(lines), lines[0], lines[-1]) == (LINES_MAX, f"line {LINES_MAX + 4}", "line 5")
    recall.add("ü" * (TEXT_MAX_BYTES // 2))
    assert len(all_of(recall)) == 1
    recall.add("x")
    assert all_of(recall) == ["x"]
    recall.add("y")
    assert all_of(recall) == ["y", "x"]
    recall.add("x" * 2 * TEXT_MAX_BYTES)
    assert [len(line) for line in all_of(recall)] == [2 * TEXT_MAX_BYTES]
