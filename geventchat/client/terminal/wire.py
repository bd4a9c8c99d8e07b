"""IRC's line, from outside: `@tags :source VERB middle :trailing` (Modern IRC, "Message Format").

`parse` takes any text and never fails. `compose` refuses what would become two lines, or
parameters that would shift: that is what keeps words of a person from becoming commands.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

# The longest line any server may send is 8,191 bytes of tags and 512; a multiple of it is not IRC.
LINE_MAX_BYTES = 64 * 1024
# What one may send, its end included.
SENT_MAX_BYTES = 512
# No clock shows what lies beyond, and some zones cannot say it.
_YEAR_9000_MS = 221_845_392_000_000
_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPED = str.maketrans({meant: f"\\{letter}" for letter, meant in _ESCAPES.items()})


class LineTooLong(Exception):
    """There is no line end where IRC must have one."""


class Message(NamedTuple):
    """A parsed line; whatever is missing is empty."""

    tags: dict[str, str]
    source: str
    verb: str
    params: list[str]

    def param(self, nth: int) -> str:
        """A parameter, counted from 0, or nothing; -1 is the last."""
        return self.params[nth] if -len(self.params) <= nth < len(self.params) else ""

    @property
    def nick(self) -> str:
        """Whom it comes from."""
        return self.source.partition("!")[0]

    @property
    def at(self) -> int:
        """When it happened, in milliseconds since 1970 (server-time); 0 when not told."""
        try:
            moment = datetime.fromisoformat(self.tags.get("time", ""))
            at = int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000 + 0.5)
        except (ValueError, OverflowError):
            return 0
        return at if 0 < at < _YEAR_9000_MS else 0


def parse(line: str) -> Message:
    """Read a line without its end; what cannot be in one (RFC 2812 section 2.3) is taken out."""
    if "\0" in line or "\r" in line:
        line = line.replace("\0", "").replace("\r", "")
    tags: dict[str, str] = {}
    source = ""
    if line[:1] == "@":
        written, _, line = line[1:].partition(" ")
        for tag in written.split(";"):
            name, _, value = tag.partition("=")
            if name:
                tags[name] = _unescape(value)
    line = line.lstrip(" ")
    if line[:1] == ":":
        source, _, line = line[1:].partition(" ")
    before, colon, trailing = f" {line}".partition(" :")
    params = before.split(" ")
    params = [param for param in params if param]
    verb = params.pop(0) if params else ""
    return Message(tags, source, verb.upper(), [*params, trailing] if colon else params)


def _unescape(value: str) -> str:
    if "\\" not in value:
        return value
    chars = iter(value)
    meant = []
    for char in chars:
        if char == "\\":
            following = next(chars, "")
            char = _ESCAPES.get(following, following)
        meant.append(char)
    return "".join(meant)


def compose(verb: str, *params: str, **tags: str) -> str:
    """Write a line without its end. Raises ValueError for what no line can carry."""
    *middles, last = params or ("",)
    if any(mark in part for part in (verb, *params) for mark in "\r\n\0"):
        raise ValueError("a line has one line of text")
    if any(not middle or middle[0] == ":" or " " in middle for middle in middles):
        raise ValueError("only the last parameter may be any text")
    parts = []
    if tags:
        named = (f"{name}={value.translate(_ESCAPED)}" for name, value in tags.items())
        parts.append("@" + ";".join(named))
    parts += [verb, *middles]
    if params:
        parts.append(last if last and last[0] != ":" and " " not in last else f":{last}")
    return " ".join(parts)


class LineReader:
    """Bytes in, lines out; what has no end yet is kept, up to a bound."""

    def __init__(self, max_bytes: int = LINE_MAX_BYTES) -> None:
        self._max = max_bytes
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The lines that are complete now. Raises LineTooLong."""
        *done, self._rest = (self._rest + data).split(b"\n")
        if any(len(line) > self._max for line in (*done, self._rest)):
            raise LineTooLong(f"a line of more than {self._max:,} bytes")
        return [line.removesuffix(b"\r").decode(errors="replace") for line in done]
