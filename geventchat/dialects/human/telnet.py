"""Telnet's in-band bytes: a small state machine with bounds (RFC 854, 855).

We answer what the other side asks, once, and refuse what we do not know; what we ask
for is `want`ed. `negotiation` sees to it that two machines cannot loop.
"""

from __future__ import annotations

import re
from enum import Enum

from geventchat.dialects.human.negotiation import (
    DO,
    DONT,
    IAC,
    NOTHING_AGREED,
    OURS,
    WILL,
    WONT,
    Side,
    Standing,
)

SB, SE = 250, 240
NOP, BRK, IP, AO, AYT, EC, EL, EOF = 241, 243, 244, 245, 246, 247, 248, 236

OPT_BINARY, OPT_ECHO, OPT_SGA, OPT_TIMING_MARK, OPT_NAWS = 0, 1, 3, 6, 31

# A window size takes four bytes, doubled IACs eight; the rest of a longer
# subnegotiation is thrown away as it comes, however long it goes on.
SUBNEGOTIATION_MAX_BYTES = 64
# A storm of requests within one read gets an answer of so much; the rest goes unheard.
REPLY_MAX_BYTES = 1024

# What the client may do (WILL) and what we do on request (DO).
_THEIRS = frozenset({OPT_BINARY, OPT_SGA, OPT_NAWS})
_OURS = frozenset({OPT_BINARY, OPT_SGA})

# Bytes a function of the terminal is turned into for the line editor. A break in the middle of
# a line is no key: Debian's telnet takes the third byte of 한 for the one that makes it.
_AS_TYPED = {EC: b"\x7f", EL: b"\x15", IP: b"\x03", BRK: b"\x1c", EOF: b"\x04"}
# What a terminal may say of its size; some say 0 where they do not know, some lie.
_COLUMNS, _ROWS = (20, 500), (5, 500)


# No terminal sends so many commands at once. Of a storm of them the first are looked at
# one by one, at 3 µs each, and the rest is swept out, up to where one is not complete.
STORM_BYTES = 256
_COMMAND = rb"\xff(?:[\x00-\xf9]|[\xfb-\xfe].|\xfa(?:[^\xff]|\xff\xff)*+\xff\xf0)"
_COMMANDS = re.compile(rb"(\xff)\xff|" + _COMMAND, re.DOTALL)
_WHOLE = re.compile(rb"(?:[^\xff]++|\xff\xff|" + _COMMAND + rb")*+", re.DOTALL)


class _State(Enum):
    TEXT = 0
    COMMAND = 1
    OPTION = 2
    SUBNEGOTIATION = 3
    SUBNEGOTIATION_IAC = 4


class Telnet:
    """Takes the telnet bytes out of a stream.

    `reply` collects what must be sent back, answers and requests; see `taken`.
    `width` and `height` are the terminal's size in cells once it told (RFC 1073), within
    bounds; 0 where they are not known.
    `spoken` says whether any telnet byte came: then a terminal, not a pipe, is there.
    """

    __slots__ = (
        "_options",
        "_state",
        "_sub",
        "_verb",
        "height",
        "reply",
        "spoken",
        "width",
    )

    def __init__(self) -> None:
        self._state = _State.TEXT
        self._verb = 0
        self._sub = b""
        self._options = NOTHING_AGREED
        self.reply = b""
        self.spoken = False
        self.width = 0
        self.height = 0

    @property
    def in_text(self) -> bool:
        """Whether no command is waiting for the rest of it."""
        return self._state is _State.TEXT

    @property
    def negotiates(self) -> bool:
        """Whether it has just said of an option of its own that it will or will not have it."""
        return self._verb in (WILL, WONT)

    def feed(self, data: bytes) -> bytes:
        """Return the text of `data`; answer the rest through `reply`."""
        if self._state is _State.TEXT and b"\xff" not in data:
            return data
        self.spoken = True
        text = bytearray()
        at = 0
        calm = data.count(b"\xff") < STORM_BYTES // 4
        while at < len(data):
            if not calm and at > STORM_BYTES and self._state is _State.TEXT:
                whole = _WHOLE.match(data, at)
                assert whole is not None  # Nothing is whole, too.
                text += _COMMANDS.sub(rb"\1", whole[0])
                at, calm = whole.end(), True
            elif self._state is _State.TEXT:
                end = _next_iac(data, at)
                text += data[at:end]
                at = end + 1
                if end < len(data):
                    self._state = _State.COMMAND
            elif self._state is _State.SUBNEGOTIATION:
                end = _next_iac(data, at)
                self._keep(data[at:end])
                at = end + 1
                if end < len(data):
                    self._state = _State.SUBNEGOTIATION_IAC
            else:
                text += self._step(data[at])
                at += 1
        return bytes(text)

    def _step(self, byte: int) -> bytes:
        """One byte in a state where every byte counts; the text it stands for."""
        if self._state is _State.COMMAND:
            return self._command(byte)
        if self._state is _State.OPTION:
            self._state = _State.TEXT
            self._negotiate(self._verb, byte)
        elif byte == SE:
            self._state = _State.TEXT
            self._subnegotiated(self._sub)
        else:
            self._state = _State.SUBNEGOTIATION
            if byte == IAC:
                self._keep(b"\xff")
        return b""

    def _command(self, byte: int) -> bytes:
        self._state = _State.TEXT
        if byte == IAC:
            return b"\xff"
        if byte in (WILL, WONT, DO, DONT):
            self._verb = byte
            self._state = _State.OPTION
        elif byte == SB:
            self._sub = b""
            self._state = _State.SUBNEGOTIATION
        elif byte == AYT:
            self._answer(b"-> yes, here\r\n")
        if byte == BRK and self.holds(OURS, OPT_SGA):
            byte = IP  # Then keys are sent as they are pressed (RFC 858), and no line is cut.
        return _AS_TYPED.get(byte, b"")

    def _negotiate(self, verb: int, option: int) -> None:
        if verb == DO and option == OPT_TIMING_MARK:
            # Not a mode but a question: "have you got this far?" (RFC 860).
            self._answer(bytes((IAC, WILL, option)))
            return
        if len(self.reply) < REPLY_MAX_BYTES:
            granted = _THEIRS if verb in (WILL, WONT) else _OURS
            self._options, answer = self._options.heard(verb, option, granted)
            self.reply += answer

    def want(self, side: Side, option: int, on: bool = True) -> None:
        """Ask that the client does something (`THEIRS`), or offer to do it (`OURS`); or not to.

        `reply` holds what must be sent for it. A client that does not speak telnet never
        answers, and is asked nothing more about that option.
        """
        self._options, request = self._options.want(side, option, on)
        self.reply += request

    def holds(self, side: Side, option: int) -> bool:
        """Whether both have agreed on it. Either may take it back at any time."""
        return self._options.of(side, option) is Standing.YES

    def awaits(self, side: Side, option: int) -> bool:
        """Whether the client's answer is still due; what neither holds nor waits is refused."""
        return self._options.awaits(side, option)

    def taken(self) -> bytes:
        """Take what must be sent back."""
        reply, self.reply = self.reply, b""
        return reply

    def _answer(self, reply: bytes) -> None:
        if len(self.reply) < REPLY_MAX_BYTES:
            self.reply += reply

    def _keep(self, data: bytes) -> None:
        """Add to the subnegotiation, up to its bound."""
        self._sub += data[: max(0, SUBNEGOTIATION_MAX_BYTES - len(self._sub))]

    def _subnegotiated(self, data: bytes) -> None:
        if len(data) == 5 and data[0] == OPT_NAWS:
            self.width = _within(*_COLUMNS, int.from_bytes(data[1:3], "big"))
            self.height = _within(*_ROWS, int.from_bytes(data[3:5], "big"))


def _within(least: int, most: int, cells: int) -> int:
    """So many cells as a screen can have; 0 if that is not known."""
    return min(most, max(least, cells)) if cells else 0


def _next_iac(data: bytes, start: int) -> int:
    """Where the next IAC stands, or the end of the data."""
    found = data.find(b"\xff", start)
    return found if found >= 0 else len(data)
