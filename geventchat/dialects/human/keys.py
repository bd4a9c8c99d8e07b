"""What a person's keys mean before a line is a line.

A terminal in line mode sends finished lines. One in character mode, or one
whose erase key the kernel did not handle, sends the keys themselves.
"""

from __future__ import annotations

import re

from geventchat.dialects.lines import LineBuffer

_ERASE = (0x08, 0x7F)
_KILL_LINE = 0x15
_INTERRUPT = 0x03
_BREAK = 0x1C
END_OF_FILE = b"\x04"
_KEYS = (*_ERASE, _BREAK, END_OF_FILE[0])
# Stands for a line that a telnet cut in two at a byte it took for a key.
CUT_LINE = b"\x1c"

_SPECIAL = b"\x00\x03\x04\x08\x15\x1b\x1c\x7f\r"

# What arrow and function keys send, and what pasted text has its colours from (ECMA-48, 5.4
# and 5.6; xterm's ctlseqs): CSI and SS3 with a last byte, strings ended by BEL or ST, the
# choice of a character set, and ESC by itself. Nothing of C1: its bytes are parts of letters.
_ESCAPE = 0x1B
_WHOLE = (
    rb"\x1b(?:\[[0-?]*+[ -/]*+[@-~]|O[0-?]*+[@-~]|[]PX^_][^\x07\x1b]*+(?:\x07|\x1b\\)"
    rb"|[()][0-~]|\\|(?=[^][OPX^_()\\]))"
)
_SEQUENCE = re.compile(_WHOLE)
# As well what is left of one where the line ends, or where it goes on otherwise. A string's
# text stays: it may be what somebody said after Alt and a bracket.
_ENDED_SEQUENCE = re.compile(_WHOLE + rb"|\x1b(?:\[[0-?]*+[ -/]*+|[]OPX^_()])?")


# What the next bytes have to do with the last. From _ESCAPED on every byte has to be looked
# at: the line held escapes, or what comes up to its end is the rest of one that was cut.
_PLAIN, _AFTER_CR, _ESCAPED, _CUT = range(4)


class Keyboard:
    """Turns typed bytes into lines. `feed` as for `LineBuffer`.

    Line ends: LF, CR LF, CR NUL (RFC 854, Enter in character mode) and CR alone.
    Escape sequences are taken out; a line end ends them, too, however they began. A line of
    nothing else is none.
    `buffer.overflown` tells when a line went beyond all bounds.
    A Ctrl-D on an empty line is returned as the line `END_OF_FILE`. Of a line that a break cuts
    `CUT_LINE` is returned, and nothing else up to its end.
    """

    __slots__ = ("_state", "buffer")

    def __init__(self, max_bytes: int) -> None:
        self.buffer = LineBuffer(max_bytes)
        self._state = _PLAIN

    def feed(self, data: bytes) -> list[bytes]:
        """Return the finished lines."""
        if self.buffer.overflown:
            return []
        state = self._state
        if state == _AFTER_CR:
            self._state = state = _PLAIN
            if data[:1] in (b"\n", b"\0"):
                data = data[1:]
        ends_in_cr = data.endswith(b"\r")
        if ends_in_cr:
            self._state = _AFTER_CR
            data = data[:-1].replace(b"\r\n", b"\n") + b"\n"
        else:
            data = data.replace(b"\r\n", b"\n")
        # Deleting them all is how bytes are searched for several at the speed of C:
        # a set's `isdisjoint` took 3 % of a fan-out.
        if state < _ESCAPED and len(data.translate(None, _SPECIAL)) == len(data):
            return self.buffer.feed(data)
        data = data.replace(b"\r\0", b"\n").replace(b"\r", b"\n")
        lines, after = self._edited(data, state)
        if not ends_in_cr:
            self._state = after
        return lines

    def _edited(self, data: bytes, state: int) -> tuple[list[bytes], int]:
        """The slow way, for input that holds editing keys; the lines, and what comes next."""
        line = bytearray(self.buffer.pending)
        lines: list[bytes] = []
        for byte in data:
            if byte == 0x0A:
                if state == _ESCAPED:
                    _end_sequences(line)
                if line or state < _ESCAPED:
                    lines.append(bytes(line))
                line.clear()
                state = _PLAIN
            elif byte in (_INTERRUPT, _KILL_LINE):
                line.clear()
                state = _PLAIN
            elif byte in _ERASE and state < _ESCAPED:  # The dear way is for the others.
                _erase_character(line)
            elif state == _CUT or not byte:
                pass
            elif byte in _KEYS:
                if state == _ESCAPED:
                    _end_sequences(line)
                stands_for = _pressed(byte, line)
                if stands_for:
                    lines.append(stands_for)
                if stands_for == CUT_LINE:
                    state = _CUT
            else:
                line.append(byte)
                if byte == _ESCAPE:
                    state = _ESCAPED
            if len(line) > 2 * self.buffer.max_bytes:
                _drop_sequences(line)
                if len(line) > 2 * self.buffer.max_bytes:
                    self.buffer.overflow()
                    return lines, _PLAIN
        _drop_sequences(line)
        self.buffer.edit(bytes(line))
        return lines, state


def _pressed(key: int, line: bytearray) -> bytes:
    """Do to an unfinished line what a key does; what is told of it in place of a line."""
    if key in _ERASE:
        _erase_character(line)
    elif key == _BREAK and line:
        line.clear()
        return CUT_LINE
    elif key == END_OF_FILE[0] and not line:
        return END_OF_FILE
    return b""


def _drop_sequences(line: bytearray) -> None:
    """Take out what is whole; the last of them may go on."""
    first = line.find(_ESCAPE)
    if first >= 0:  # Of a long line with one at its end, no more than that is looked at.
        line[first:] = _SEQUENCE.sub(b"", line[first:])


def _end_sequences(line: bytearray) -> None:
    """Take them all out: none of them goes on."""
    if line and line[-1] == _ESCAPE:  # By itself: the cheap way, since a storm can be of these.
        del line[-1]
    first = line.find(_ESCAPE)
    if first >= 0:
        line[first:] = _ENDED_SEQUENCE.sub(b"", line[first:])


def _erase_character(line: bytearray) -> None:
    """Take one character off: a whole UTF-8 sequence, not its last byte."""
    while line:
        if line.pop() & 0xC0 != 0x80:
            break
