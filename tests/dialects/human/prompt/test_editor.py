"""The line being typed, beside a simple model of it."""

from __future__ import annotations

from geventchat.dialects.human.prompt.editor import Editor


def test_typing_in_the_middle() -> None:
    editor = Editor(64)
    editor.insert("held")
    editor.left()
    editor.insert("lo worl")
    assert (editor.text, editor.cursor) == ("hello world", 10)
    assert editor.pending == b"hello world"
