"""IRC's line: `@tags :source VERB middle middle :trailing` (Modern IRC, "Message Format").

`parse` takes any text without line ends and never fails; `compose` writes what
every parser reads back to the same parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# What may follow a backslash in a tag's value (IRCv3 message-tags, "Escaping values").
_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPED = str.maketrans({meant: f"\\{letter}" for letter, meant in _ESCAPES.items()})


class Message(NamedTuple):
    """A parsed line. `verb` is as it was sent; tags without a value have an empty one."""

    tags: dict[str, str]
    source: str
    verb: str
    params: list[str]


class Source(NamedTuple):
    """Who a message comes from, in its three parts; a server has only a nick."""

    nick: str
    user: str
    host: str


def parse(line: str) -> Message:
    """Read a line; whatever is missing is empty."""
    tags: dict[str, str] = {}
    source = ""
    if line[:1] == "@":
        written, _, line = line[1:].partition(" ")
        tags = parse_tags(written)
    line = line.lstrip(" ")
    if line[:1] == ":":
        source, _, line = line[1:].partition(" ")
        line = line.lstrip(" ")
    params: list[str] = []
    verb, _, line = line.partition(" ")
    while line := line.lstrip(" "):
        if line[0] == ":":
            params.append(line[1:])
            break
        param, _, line = line.partition(" ")
        params.append(param)
    return Message(tags, source, verb, params)


def parse_tags(written: str) -> dict[str, str]:
    """Read tags as they are written; of several with one name the last counts."""
    tags = {}
    for tag in written.split(";"):
        name, _, value = tag.partition("=")
        if name:
            tags[name] = unescape(value)
    return tags


def parse_source(source: str) -> Source:
    """Read `nick!user@host`; parts that are not there are empty."""
    names, _, host = source.partition("@")
    nick, _, user = names.partition("!")
    return Source(nick, user, host)


def escape(value: str) -> str:
    """A tag's value as it is written."""
    return value.translate(_ESCAPED)


def unescape(value: str) -> str:
    """A tag's value as it is meant; a backslash before any other character is dropped."""
    if "\\" not in value:
        return value
    meant = []
    chars = iter(value)
    for char in chars:
        if char == "\\":
            following = next(chars, "")
            char = _ESCAPES.get(following, following)
        meant.append(char)
    return "".join(meant)


def written_tags(tags: dict[str, str]) -> str:
    """Tags as they are written, without `@`."""
    return ";".join(f"{name}={escape(value)}" if value else name for name, value in tags.items())


def compose(verb: str, params: Sequence[str] = (), source: str = "", tags: str = "") -> str:
    """Write a line without its end. `tags` are already written; only the last param may be any."""
    parts = [f"@{tags}"] if tags else []
    if source:
        parts.append(f":{source}")
    parts.append(verb)
    parts += params
    if params:
        last = parts[-1]
        bare = last and last[0] != ":" and " " not in last
        parts[-1] = last if bare else f":{last}"
    return " ".join(parts)


def with_tag(lines: bytes, tag: str, first_only: bool) -> bytes:
    """Add a tag to written lines: to the first, or to all that are not of a batch of their own."""
    extra = tag.encode()
    found = lines.split(b"\r\n")[:-1]
    for nth, line in enumerate(found):
        tags = line.partition(b" ")[0] if line[:1] == b"@" else b""
        if first_only and nth:
            break
        if not first_only and b"batch=" in tags:
            continue
        found[nth] = b"@" + extra + (b";" + line[1:] if tags else b" " + line)
    return b"".join(line + b"\r\n" for line in found)
