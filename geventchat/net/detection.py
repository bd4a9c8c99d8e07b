"""What speaks on a new connection: a person, or a program that speaks IRC.

The first line decides. IRC clients begin at once with `CAP`, `NICK`, `USER` or
`PASS`; a person reads before typing, so silence is a person. Nothing of this
outlives the first line.
"""

from __future__ import annotations

import re
import time
from enum import Enum

from geventchat.dialects.lines import HTTP_REQUEST
from geventchat.net.connection import Connection

_VERBS = (b"CAP", b"NICK", b"USER", b"PASS")
# Clients send this much at most before the first line ends (RFC 2812: 512).
_LINE_MAX_BYTES = 512
# Who was silent and got the welcome may still be a slow program. A person who
# types exactly such a line, in capitals, as the very first thing, is mistaken.
_LATE = re.compile(
    rb"CAP (?:LS|LIST|REQ|END)(?: .*)?|NICK [^ ]+|USER [^ ]+ [^ ]+ [^ ]+ .+|PASS .+", re.DOTALL
)
_LATE_VERBS = tuple(verb + b" " for verb in _VERBS)


class Protocol(Enum):
    """Who is at the other end."""

    HUMAN = "person"
    IRC = "IRC"
    HTTP = "HTTP"
    UNKNOWN = "not known yet"


def protocol_of(data: bytes) -> Protocol:
    """Who begins with these bytes."""
    begun = data.lstrip(b"\r\n")
    first, ended, _ = begun.partition(b"\n")
    verb, space, _ = first.rstrip(b"\r").partition(b" ")
    verb = verb.upper()
    if ended or space:
        if verb not in _VERBS:
            request = ended and HTTP_REQUEST.fullmatch(first.removesuffix(b"\r"))
            return Protocol.HTTP if request else Protocol.HUMAN
        return Protocol.IRC if ended else _unless_long(begun)
    return _unless_long(begun) if any(v.startswith(verb) for v in _VERBS) else Protocol.HUMAN


def late_protocol_of(data: bytes) -> Protocol:
    """Who begins with these bytes after having been welcomed as a person."""
    begun = data.lstrip(b"\r\n")
    first, ended, _ = begun.partition(b"\n")
    if ended:
        return Protocol.IRC if _LATE.fullmatch(first.rstrip(b"\r")) else Protocol.HUMAN
    known = any(begun.startswith(verb) or verb.startswith(begun) for verb in _LATE_VERBS)
    return _unless_long(begun) if known and begun else Protocol.HUMAN


def _unless_long(begun: bytes) -> Protocol:
    return Protocol.UNKNOWN if len(begun) <= _LINE_MAX_BYTES else Protocol.HUMAN


def listen(connection: Connection, silence_s: float, deadline_s: float) -> tuple[Protocol, bytes]:
    """Wait for the first line; return who speaks and what came so far.

    A person after `silence_s` without a byte, and when a line begun is not
    complete `deadline_s` after it began.
    """
    data = connection.read_within(silence_s)
    if data is None:
        return Protocol.UNKNOWN, b""
    end = time.monotonic() + deadline_s
    while data and protocol_of(data) is Protocol.UNKNOWN:
        more = connection.read_within(max(0.0, end - time.monotonic()))
        if not more:
            break
        data += more
    found = protocol_of(data)
    return (Protocol.HUMAN if found is Protocol.UNKNOWN else found), data


def listen_late(connection: Connection) -> tuple[Protocol, bytes]:
    """Wait for the first words of somebody who was silent and was welcomed as a person."""
    data = connection.read()
    while data and late_protocol_of(data) is Protocol.UNKNOWN:
        more = connection.read()
        if not more:
            break
        data += more
    found = late_protocol_of(data) if data else Protocol.HUMAN
    return (found if found is Protocol.IRC else Protocol.HUMAN), data
