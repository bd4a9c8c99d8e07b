"""From a stream of bytes to lines, within bounds."""

from __future__ import annotations


class LineTooLong(Exception):
    """A line went past twice the bound without an end; the rest cannot be trusted."""


class LineBuffer:
    """Splits on line feeds only (`str.splitlines` would break on ten characters).

    MUST hold no more than twice `max_bytes`, whatever arrives.
    A carriage return before the line feed belongs to the line's end.
    """

    __slots__ = ("_rest", "max_bytes")

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the lines that are complete now, without their ends.

        Lines longer than `max_bytes` are returned too, for the caller to refuse.
        Raises `LineTooLong` when there is no end within twice the bound.
        """
        lines = data.split(b"\n")
        if self._rest:
            lines[0] = self._rest + lines[0]
        self._rest = lines.pop()
        if len(self._rest) > 2 * self.max_bytes:
            raise LineTooLong
        return [line[:-1] if line.endswith(b"\r") else line for line in lines]

    @property
    def pending(self) -> bytes:
        """What has come of a line that has not ended yet."""
        return self._rest

    def edit(self, rest: bytes) -> None:
        """Replace the unfinished line (a terminal's erase character did)."""
        self._rest = rest
