"""The line being typed, beside a simple model of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.prompt.editor import EDITS, Editor
from geventchat.dialects.human.prompt.strokes import Key

# None of them becomes one with another, whatever stands beside it.
CLUSTERS = ["a", "_", " ", "-", "ü", "u\u0308", "한", "👩‍👩‍👧", "❤️", "🇩🇪"]
EDITING = st.lists(st.sampled_from([*CLUSTERS, *EDITS]), max_size=60)


class Model:
    """Clusters to the left and to the right of the cursor."""

    def __init__(self) -> None:
        self.left: list[str] = []
        self.right: list[str] = []
        self.killed: list[str] = []

    def press(self, key: Key) -> None:
        before, after = self.words()
        left, right = self.left, self.right
        if key in (Key.LEFT, Key.HOME, Key.WORD_LEFT):
            far = {Key.LEFT: min(1, len(left)), Key.HOME: len(left), Key.WORD_LEFT: before}[key]
            self.right = left[len(left) - far :] + right
            self.left = left[: len(left) - far]
        elif key in (Key.RIGHT, Key.END, Key.WORD_RIGHT):
            far = {Key.RIGHT: 1, Key.END: len(right), Key.WORD_RIGHT: after}[key]
            self.left, self.right = left + right[:far], right[far:]
        elif key is Key.ERASE:
            self.left = left[:-1]
        elif key is Key.DELETE:
            self.right = right[1:]
        elif key is Key.YANK:
            self.left = left + self.killed
        elif key is Key.TRANSPOSE:
            if not right and len(left) > 1:
                self.left = [*left[:-2], left[-1], left[-2]]
            elif right and left:
                self.left, self.right = [*left[:-1], right[0], left[-1]], right[1:]
        else:
            self.kill(key, before, after)

    def kill(self, key: Key, before: int, after: int) -> None:
        far = {Key.KILL_BEFORE: len(self.left), Key.KILL_WORD: before}.get(key, 0)
        if key is Key.KILL_BLANK_WORD:
            far = len(self.left) - len(self.clusters_up_to_blank())
        if far:
            self.killed, self.left = self.left[-far:], self.left[:-far]
        far = {Key.KILL_AFTER: len(self.right), Key.KILL_NEXT_WORD: after}.get(key, 0)
        if far:
            self.killed, self.right = self.right[:far], self.right[far:]

    def clusters_up_to_blank(self) -> list[str]:
        left = [*self.left]
        while left and left[-1] == " ":
            left.pop()
        while left and left[-1] != " ":
            left.pop()
        return left

    def words(self) -> tuple[int, int]:
        """How many clusters the words before and after the cursor have."""
        left, right = [*self.left], [*self.right]
        for part, end in ((left, -1), (right, 0)):
            while part and not re.match(r"\w", part[end]):
                part.pop(end)
            while part and re.match(r"\w", part[end]):
                part.pop(end)
        return len(self.left) - len(left), len(self.right) - len(right)


@given(EDITING)
def test_editing_does_what_the_model_does(strokes: list[str | Key]) -> None:
    editor, model = Editor(4096), Model()
    for stroke in strokes:
        if isinstance(stroke, Key):
            EDITS[stroke](editor)
            model.press(stroke)
        else:
            editor.insert(stroke)
            model.left.append(stroke)
        assert editor.text == "".join(model.left + model.right)
        assert editor.cursor == len("".join(model.left))
        assert editor.killed == "".join(model.killed)


@given(EDITING, st.integers(1, 40))
def test_it_holds_no_more_than_it_may(strokes: list[str | Key], most: int) -> None:
    editor = Editor(most)
    for stroke in strokes:
        if isinstance(stroke, Key):
            EDITS[stroke](editor)
        else:
            editor.insert(stroke)
        assert len(editor.pending) == editor._size <= most
        assert len(editor.killed.encode()) <= most


@given(st.lists(st.sampled_from(CLUSTERS), max_size=30), st.integers(1, 30))
def test_what_does_not_fit_is_counted_however_it_is_cut(clusters: list[str], most: int) -> None:
    text = "".join(clusters)
    whole, single = Editor(most), Editor(most)
    whole.insert(text)
    for char in text:
        single.insert(char)
    assert (whole.text, whole.surplus) == (single.text, single.surplus)
    assert len(whole.pending) + whole.surplus == len(text.encode())


def test_a_line_that_lost_its_end_takes_no_more_until_something_is_deleted() -> None:
    editor = Editor(4)
    assert editor.insert("abc")
    assert not editor.insert("ü")
    assert not editor.insert("d")
    assert (editor.text, editor.surplus) == ("abc", 3)
    editor.killed = "x"
    assert not editor.yank()
    assert editor.surplus == 3
    editor.left()
    assert editor.surplus
    editor.erase()
    assert not editor.surplus
    assert editor.insert("x")
    assert editor.text == "axc"


def test_what_was_cut_out_goes_in_whole_or_not_at_all() -> None:
    editor = Editor(6)
    editor.insert("abcd")
    editor.kill_before()
    editor.insert("xyz")
    assert not editor.yank()
    assert (editor.text, editor.surplus) == ("xyz", 0)
    editor.erase()
    assert editor.yank()
    assert editor.text == "xyabcd"


def test_a_word_is_replaced_if_there_is_room() -> None:
    editor = Editor(10)
    editor.insert("hi bo you")
    editor.cursor = 5
    assert not editor.replace(3, "bobby")
    assert editor.text == "hi bo you"
    assert editor.replace(3, "bob")
    assert (editor.text, editor.cursor) == ("hi bob you", 6)


def test_a_mark_put_before_a_mark_moves_by_itself() -> None:
    editor = Editor(64)
    editor.insert("👩👧")
    editor.left()
    editor.insert("\u200d")
    editor.right()
    assert editor.cursor == len(editor.text)
    editor.left()
    assert editor.cursor == 0


@pytest.mark.parametrize(
    ("kill", "text", "left"),
    [
        (Editor.kill_word, "say my_name", "say "),
        (Editor.kill_word, "Gru\u0308n", ""),
        (Editor.kill_word, "a 한국어", "a "),
        (Editor.kill_word, "see https://x.org/", "see https://x."),
        (Editor.kill_blank_word, "see https://x.org/  ", "see "),
    ],
)
def test_what_a_word_is(kill: Callable[[Editor], None], text: str, left: str) -> None:
    editor = Editor(64)
    editor.insert(text)
    kill(editor)
    assert editor.text == left


@pytest.mark.parametrize("move", [Editor.word_left, Editor.kill_word, Editor.kill_blank_word])
def test_a_word_has_an_end(move: Callable[[Editor], None]) -> None:
    editor = Editor(4096)
    editor.insert(" " * 4000)
    move(editor)
    assert 0 < editor.cursor < 4000
