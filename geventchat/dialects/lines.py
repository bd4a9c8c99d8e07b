"""From a stream of bytes to lines, within bounds."""

from __future__ import annotations

import re

# What a browser or a web page's script sends first; it must never become chat (RFC 9112, 3).
HTTP_REQUEST = re.compile(rb"[A-Z]+ \S+ HTTP/1\.[0-9]")


class LineBuffer:
    """Splits on line feeds only (`str.splitlines` would break on ten characters).

    MUST hold no more than twice `max_bytes`, whatever arrives. A line that gets
    longer than that sets `overflown`; nothing after it is returned, ever.
    A carriage return before the line feed belongs to the line's end.
    """

    __slots__ = ("_rest", "max_bytes", "overflown")

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.overflown = False
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that are complete now, without their ends.

        Lines longer than `max_bytes` are returned too, for the caller to refuse.
        """
        if self.overflown:
            return []
        lines = data.split(b"\n")
        if self._rest:
            lines[0] = self._rest + lines[0]
        self._rest = lines.pop()
        most = 2 * self.max_bytes
        if len(data) > most or len(self._rest) > most or (lines and len(lines[0]) > most):
            self._check(lines, most)
        return [line[:-1] if line.endswith(b"\r") else line for line in lines]

    def _check(self, lines: list[bytes], most: int) -> None:
        """Cut off the lines from the first that is beyond all bounds."""
        for n, line in enumerate((*lines, self._rest)):
            if len(line) > most:
                self.overflown = True
                self._rest = b""
                del lines[n:]
                return

    @property
    def pending(self) -> bytes:
        """What has come of a line that has not ended yet."""
        return self._rest

    def overflow(self) -> None:
        """A line went beyond all bounds elsewhere."""
        self.overflown = True
        self._rest = b""

    def edit(self, rest: bytes) -> None:
        """Replace the unfinished line (a terminal's erase character did)."""
        self._rest = rest
