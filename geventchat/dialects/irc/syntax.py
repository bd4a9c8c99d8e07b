"""IRC's line: `@tags :source VERB middle middle :trailing` (Modern IRC, "Message Format").

`parse` takes any text without line ends and never fails; `compose` writes what
every parser reads back to the same parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from geventchat.chat.text import truncate

# What may follow a backslash in a tag's value (IRCv3 message-tags, "Escaping values").
_ESCAPES = {":": ";", "s": " ", "\\": "\\", "r": "\r", "n": "\n"}
_ESCAPED = str.maketrans({meant: f"\\{letter}" for letter, meant in _ESCAPES.items()})


# A msgid is an event's number; what is longer names none.
MSGID_MAX_DIGITS = 18


class Message(NamedTuple):
    """A parsed line. `verb` is as it was sent; tags without a value have an empty one."""

    tags: dict[str, str]
    source: str
    verb: str
    params: list[str]

    def param(self, nth: int) -> str:
        """A parameter, counted from 0, or nothing."""
        return self.params[nth] if nth < len(self.params) else ""


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
    if params:
        # What cannot stand in the middle would shift all that follows.
        parts += [param if _is_bare(param) else "*" for param in params[:-1]]
        last = params[-1]
        parts.append(last if _is_bare(last) else f":{last}")
    return " ".join(parts)


def fitted(verb: str, params: Sequence[str], source: str, max_bytes: int) -> str:
    """As `compose`, in at most `max_bytes`: it is the longest parameters that are cut.

    So what somebody asked with comes back shorter, and what follows it comes back whole.
    """
    line = compose(verb, params, source)
    while (excess := len(line.encode()) - max_bytes) > 0:
        sizes = [len(param.encode()) for param in params]
        longest = max(sizes)
        # By halves at most, so that of two long ones something is left of both.
        cut = truncate(params[sizes.index(longest)], max(longest - excess, longest // 2))
        params = [cut if nth == sizes.index(longest) else p for nth, p in enumerate(params)]
        line = compose(verb, params, source)
    return line


def _is_bare(param: str) -> bool:
    """Whether a parameter can stand without a colon before it."""
    return bool(param) and param[0] != ":" and " " not in param


def with_tag(line: str, tag: str) -> str:
    """A written line with one more tag, which is written already."""
    return f"@{tag};{line[1:]}" if line[:1] == "@" else f"@{tag} {line}"


def in_batch(lines: Iterable[str], name: str) -> list[str]:
    """Written lines as a part of a batch; those of a batch within it are so already."""
    tag = f"batch={name}"
    return [line if _is_batched(line) else with_tag(line, tag) for line in lines]


def _is_batched(line: str) -> bool:
    # By whole names: `+batch` is a client's own tag.
    tags = line[1:].partition(" ")[0].split(";") if line[:1] == "@" else ()
    return any(tag.startswith("batch=") for tag in tags)


def is_message(lines: Sequence[str]) -> bool:
    """Whether written lines are one message, before which a tag can stand: one, or a batch."""
    return len(lines) == 1 or parse(lines[0]).verb == "BATCH"


def packed(words: Iterable[str], max_bytes: int, between: str = " ") -> Iterator[str]:
    """Words joined into as few texts as fit into `max_bytes` each; a longer word stands alone."""
    some: list[str] = []
    size = 0
    for word in words:
        more = len(word.encode()) + len(between)
        if some and size + more > max_bytes:
            yield between.join(some)
            some, size = [], 0
        some.append(word)
        size += more
    if some:
        yield between.join(some)


def number(word: str, max_digits: int = 9) -> int | None:
    """A decimal number in ASCII digits, or None for anything else."""
    if word.isascii() and word.isdigit() and len(word) <= max_digits:
        return int(word)
    return None
