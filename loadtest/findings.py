"""The first line of each kind that went wrong: what to look for in the server's log and history."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

_WORDS = re.compile(rb"Thread-(\d{1,6}) \S+ \S+ (\d{1,9})")
_SHOWN_CLIENTS = 3
_SHOWN_CHARS = 120
_WHAT = {
    "lost": "never came to {}",
    "duplicated": "came more than once to {}",
    "reordered": "was in another place for {}",
    "stray": "was not for {}, and came",
    "mismatch": "{} read",
}


@dataclass(frozen=True)
class Finding:
    """Line `number` of `sender`, and the clients for which it went wrong; 0 and -1: not known."""

    kind: str
    sender: int
    number: int
    clients: tuple[int, ...]
    read: str = ""  # of a mismatch: what came instead

    @property
    def place(self) -> tuple[int, int]:
        """In the order in which the lines fall due."""
        return self.number, self.sender


def altered(client: int, line: bytes, said: tuple[int, int] | None = None) -> Finding:
    """A line that came with other bytes; who said it is known, or read from what is left of it."""
    words = _WORDS.search(line)
    sender, number = said or ((int(words[1]), int(words[2])) if words else (0, -1))
    text = line.decode(errors="backslashreplace").rstrip("\r\n")
    read = text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"
    return Finding("mismatch", sender, number, (client,), read)


def firsts(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Of each kind the line due first, with all the clients for which that one went wrong."""
    found: dict[str, Finding] = {}
    for one in findings:
        known = found.get(one.kind)
        if known is None or one.place < known.place:
            found[one.kind] = one
        elif one.place == known.place:
            found[one.kind] = replace(known, clients=known.clients + one.clients)
    return tuple(found[kind] for kind in _WHAT if kind in found)


def in_words(finding: Finding) -> str:
    """One line for the report; what a server sent is escaped."""
    names = [f"Thread-{client}" for client in sorted(finding.clients)]
    more = len(names) - _SHOWN_CLIENTS
    who = ", ".join(names[:_SHOWN_CLIENTS]) + (f" and {more:,} more" if more > 0 else "")
    what = _WHAT[finding.kind].format(who)
    if finding.kind == "mismatch":
        return f"first {finding.kind}: {what} {finding.read!r}"
    return f'first {finding.kind}: "Thread-{finding.sender} say hello {finding.number}" {what}'


def as_fields(findings: Iterable[Finding]) -> dict[str, dict[str, Any]]:
    """For JSON: kind -> who said it, its number, for whom it went wrong, what was read."""
    return {
        one.kind: {
            "sender": one.sender or None,
            "number": one.number if one.sender else None,
            "clients": sorted(one.clients),
            **({"read": one.read} if one.kind == "mismatch" else {}),
        }
        for one in findings
    }
