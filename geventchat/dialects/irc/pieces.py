"""Texts in as many lines of IRC as they take, cut between characters, none of them lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geventchat.chat.events import Change, Form, Said, SaidToStatus, Told
from geventchat.chat.text import truncate


def pieces_of(event: Said | Told | SaidToStatus, room: int) -> Iterator[tuple[str, bool]]:
    """The parts of a text that fit into lines of `room` bytes, and whether one goes on another."""
    text = event.text
    if event.form is Form.ACTION:
        room -= len("\x01ACTION \x01")
        for piece, concat in split(text.replace("\n", " "), room):
            yield f"\x01ACTION {piece}\x01", concat
        return
    if "\n" not in text:
        yield from split(text, room)
        return
    joined = getattr(event, "joined", ())
    for nth, line in enumerate(text.split("\n")):
        for piece, concat in split(line, room):
            yield piece, concat or nth in joined


def split(text: str, room: int) -> Iterator[tuple[str, bool]]:
    """Cut a line into pieces of at most `room` bytes, at spaces where there are any."""
    concat = False
    while len(text) > room // 4 and len(text.encode()) > room:
        piece = truncate(text, room)
        space = piece.rfind(" ", len(piece) // 2)
        if space > 0:
            piece = piece[: space + 1]
        yield piece, concat
        text, concat = text[len(piece) :], True
    yield text, concat


def modes_line(room: str, changes: Iterable[Change]) -> list[str]:
    """The changes of a room as MODE lines that are not too long; none for no changes."""
    lines, letters, sign, arguments = [], "", "", ""
    for change in changes:
        if len((arguments + change.argument).encode()) > 250:
            lines.append(f"MODE {room} {letters}{arguments}")
            letters = sign = arguments = ""
        if change.mode[0] != sign:
            sign = change.mode[0]
            letters += sign
        letters += change.mode[1]
        if change.argument:
            arguments += f" {change.argument}"
    return [*lines, f"MODE {room} {letters}{arguments}"] if letters else lines
