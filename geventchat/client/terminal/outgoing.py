"""What a person says, as the lines that carry it.

MUST: nothing of it is lost or cut. What does not fit into a line of IRC goes as one message
of several lines where the server takes those (IRCv3 multiline), else as several messages,
cut at words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from geventchat.client.terminal.batches import CONCAT, MULTILINE
from geventchat.client.terminal.events import Form
from geventchat.client.terminal.wire import SENT_MAX_BYTES, compose

# `:nick!user@host ` stands before it when others get it: user of 10, host of 64 (RFC 2812).
_MASK_BYTES = len(":!@ ") + 10 + 64
_ACTION, _ACTION_END = "\x01ACTION ", "\x01"


class Limits(NamedTuple):
    """What the server takes as one message of several lines; 0 lines: no such."""

    bytes: int = 0
    lines: int = 0

    @classmethod
    def of(cls, value: str) -> Limits:
        """Read the capability's value, `max-bytes=4096,max-lines=32`."""
        told = dict(part.partition("=")[::2] for part in value.split(","))
        size, lines = told.get("max-bytes", ""), told.get("max-lines", "") or "100"
        if not (size.isdecimal() and lines.isdecimal()):
            return cls()
        return cls(int(size[:9]), int(lines[:9]))


class Piece(NamedTuple):
    """A part of a text that fits into a line; `concat` says that it goes on the one before."""

    text: str
    concat: bool


def messages_of(
    text: str, target: str, nick: str, limits: Limits, form: Form = Form.MESSAGE
) -> list[list[Piece]]:
    """A text as messages, each in as many pieces as it needs."""
    verb = "NOTICE" if form is Form.NOTICE else "PRIVMSG"
    around = _MASK_BYTES + len(f"{nick}{verb} {target} :\r\n".encode())
    room = max(64, SENT_MAX_BYTES - around)
    if form is Form.ACTION:
        room -= len(_ACTION + _ACTION_END)
        text = " ".join(text.splitlines())
    lines = text.strip("\n").split("\n")
    if limits.lines < 2 or limits.bytes <= room:
        pieces = [piece for line in lines for piece in _cut(line, room)]
        return [[Piece(piece.text, False)] for piece in pieces if piece.text.strip()]
    return list(_filled(lines, room, limits, form is Form.ACTION))


def _filled(lines: list[str], room: int, limits: Limits, is_action: bool) -> Iterator[list[Piece]]:
    """As few messages as the server's limits allow."""
    most = limits.bytes - (len(_ACTION + _ACTION_END) if is_action else 0)
    message: list[Piece] = []
    size = 0
    for line in lines:
        for piece in _cut(line, room):
            more = len(piece.text.encode()) + (0 if piece.concat else 1)
            if message and (size + more > most or len(message) == limits.lines):
                yield message
                message, size = [], 0
            message.append(Piece(piece.text, piece.concat and bool(message)))
            size += more
    if any(piece.text.strip() for piece in message):
        yield message


def _cut(line: str, room: int) -> Iterator[Piece]:
    """Pieces of at most `room` bytes, cut behind a space where there is one in the last half."""
    raw, begin = line.encode(), 0
    while len(raw) - begin > room:
        piece = raw[begin : begin + room].decode(errors="ignore")
        space = piece.rfind(" ", len(piece) // 2)
        piece = piece[: space + 1] if space > 0 else piece
        yield Piece(piece, begin > 0)
        begin += len(piece.encode())
    yield Piece(raw[begin:].decode(), begin > 0)


def written(pieces: list[Piece], target: str, label: str, form: Form = Form.MESSAGE) -> list[str]:
    """The lines that carry one message; its answer will bear the label."""
    verb = "NOTICE" if form is Form.NOTICE else "PRIVMSG"
    if form is Form.ACTION:
        first, last = pieces[0], pieces[-1]
        pieces = [first._replace(text=_ACTION + first.text), *pieces[1:]]
        last = pieces[-1]
        pieces = [*pieces[:-1], last._replace(text=last.text + _ACTION_END)]
    if len(pieces) == 1:
        return [compose(verb, target, pieces[0].text, label=label)]
    lines = [compose("BATCH", f"+{label}", MULTILINE, target, label=label)]
    for piece in pieces:
        line = compose(verb, target, piece.text, batch=label)
        concat = f";{CONCAT} " if piece.concat else " "
        lines.append(line.replace(" ", concat, 1))
    return [*lines, f"BATCH -{label}"]
