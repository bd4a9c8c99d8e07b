"""What speaks on a new connection: a person, an IRC client, or what is in the wrong place.

The first line decides, and it decides whole: until its end has come nothing of it
is anybody's words. IRC clients, web gateways, browsers, scanners and clients that
try TLS begin at once; a person reads before typing, so silence is a person, who is
welcomed. Their first line is looked at all the same, since a program may be slow.

MUST: no line of a program is ever said in a room, whole or in pieces, fast or slow.
Many of them carry passwords. A person who shouts exactly such a line, in capitals,
as the very first thing, is mistaken for a program; in lower case only what came
before the welcome is.

Nothing of this outlives the first line.
"""

from __future__ import annotations

import re
import time
from enum import Enum

from geventchat.dialects.human.keys import Keyboard
from geventchat.dialects.human.telnet import Telnet
from geventchat.net.connection import Connection

# An IRC line with its tags (4,096 + 512) and the request lines browsers send fit.
_LINE_MAX_BYTES = 8704
_IAC, _END_OF_FILE, _BYTE_ORDER_MARK = b"\xff", b"\x04", b"\xef\xbb\xbf"
# What a terminal can send first: Ctrl-C, Ctrl-D, backspace, tab, Ctrl-U, escape. No other
# control byte is, which TLS (0x16), SOCKS 5, MQTT, DNS and many more begin with.
_TYPED = b"\x03\x04\x08\t\x15\x1b"
# Enter alone is no line; in telnet's character mode it is CR NUL (RFC 854).
_BLANK = re.compile(rb"(?:\r\n|\n|\r\0|\r(?=[^\n\0]))+")
_LINE_END = re.compile(rb"[\r\n]")

_PREFIX = rb"(?:@\S+ +)?(?::\S+ +)?"
_VERBS = (
    rb"CAP|NICK|USER|PASS|WEBIRC|STARTTLS|AUTHENTICATE|PROTOCTL|PING|PONG|QUIT"
    rb"|OPER|PRIVMSG|NICKSERV|SERVER|SERVICE"
)
_IRC = re.compile(
    _PREFIX + rb"(?:(?:" + _VERBS + rb")(?: .*)?"
    rb"|cap (?i:ls|list|req|end)(?: .*)?|nick \S+|user \S+ \S+ \S+ .+|pass (?:\S+|:.+))",
    re.DOTALL,
)
_LATE_IRC = re.compile(
    _PREFIX + rb"(?:CAP (?:LS|LIST|REQ|END)(?: .*)?|NICK \S+|USER \S+(?: \S+ \S+ .+)?"
    rb"|(?:PASS|WEBIRC|PROTOCTL) .+|STARTTLS|AUTHENTICATE \S+"
    rb"|OPER \S+ \S+|PRIVMSG \S+ .+|NICKSERV .+|SERVER \S+ \S+ \d.*"
    rb"|(?:PING|PONG)(?: \S+| \S+ \S+| :.*)|QUIT(?: \S+| :.*)?)",
    re.DOTALL,
)
# Web pages may be made to send requests here, with text of their choice behind (RFC 9112, 3).
_HTTP = re.compile(
    rb"(?:[A-Z][A-Z_-]{2,}\s+\S.*|[A-Za-z_-]+\s+(?:\*|\S*[/:.]\S*)"
    rb"|(?i:get|head|post|put|delete|options|trace|connect|patch)\s+\S+)\s+HTTP/\d(?:\.\d)?\s*"
    rb"|HTTP/\d(?:\.\d)? \d{3}(?: .*)?|PRI \* .*"
    rb"|(?i:get|head|post|put)\s+(?:/|https?://)\S*",
    re.DOTALL,
)
_FOREIGN = re.compile(
    rb"(?:[A-Z][A-Z-]{2,} \S.*|[A-Za-z-]+ \S*[/:.]\S*) (?:RTSP|SIP|ICY|ICE)/\d(?:\.\d)?"
    rb"|(?:RTSP|SIP)/\d\.\d \d{3}.*|ICY \d{3}.*|M-SEARCH .*"
    rb"|SSH-\d.*|PROXY (?:TCP[46]|UNKNOWN).*"
    rb"|(?:EHLO|HELO|LHLO) .*|EHLO|ehlo.*|AUTH .+|(?:MAIL FROM|RCPT TO):.*|XCLIENT .*"
    rb"|PASS[\t:].*|(?:[A-Za-z]*\d+|\.) LOGIN \S+ \S+"
    rb"|\*\d+|@PJL.*|%!PS.*|\x1b%-12345X.*|JRMI.*",
    re.DOTALL,
)
# What begins like this and does not go on is a program's, and held back for good.
_BEGUN = re.compile(
    _PREFIX + rb"(?:" + _VERBS + rb"|EHLO|HELO|LHLO|AUTH|PROXY|PRI|GET|HEAD|POST|PUT|DELETE"
    rb"|OPTIONS|TRACE|CONNECT|PATCH|PROPFIND|M-SEARCH|NOTIFY|DESCRIBE|SETUP|SOURCE|ICY) "
    rb"|SSH-|@PJL|\x1b%-12345X",
)
_BEGUN_EARLY = re.compile(rb"(?i:cap|nick|user|pass) ")


class Protocol(Enum):
    """Who is at the other end."""

    HUMAN = "person"
    IRC = "IRC"
    HTTP = "HTTP"
    FOREIGN = "another protocol"
    UNFINISHED = "a program's line without an end"
    NOBODY = "nobody"
    TERMINAL = "telnet, which has sent options and no text yet"
    UNKNOWN = "not known yet"


def protocol_of(data: bytes, late: bool = False) -> Protocol:
    """Who begins with these bytes; `late` if they came after the welcome."""
    begun = begun_line(data)
    if begun in (b"", b"\r"):
        return Protocol.UNKNOWN
    end = _LINE_END.search(begun)
    line = begun if end is None else begun[: end.start()]
    text = line.partition(_IAC)[0]
    if (text and text[0] < 0x20 and text[0] not in _TYPED) or b"\0" in text:
        return Protocol.FOREIGN
    if end is not None:
        found = _speaker(line, late)
        return _speaker(_as_said(line), late) if found is Protocol.HUMAN else found
    # A terminal's keys and telnet's questions do not wait for the end of a line.
    if line == _END_OF_FILE:
        return Protocol.HUMAN
    if line[:1] == _IAC:
        telnet = Telnet()
        # Its options and questions alone; what comes behind them is judged by itself.
        if not telnet.feed(line).strip(_TYPED) and telnet.in_text:
            return Protocol.TERMINAL
    if len(line) <= _LINE_MAX_BYTES:
        return Protocol.UNKNOWN
    return Protocol.UNFINISHED if is_begun(line, late) else Protocol.HUMAN


def _as_said(line: bytes) -> bytes:
    """A line without telnet's bytes and as its editing keys leave it: what would be said."""
    lines = Keyboard(_LINE_MAX_BYTES).feed(Telnet().feed(line) + b"\n")
    return lines[0] if lines else b""


def _speaker(line: bytes, late: bool) -> Protocol:
    line = line.removeprefix(_BYTE_ORDER_MARK).lstrip(b" \t")
    if (_LATE_IRC if late else _IRC).fullmatch(line):
        return Protocol.IRC
    if _HTTP.fullmatch(line):
        return Protocol.HTTP
    return Protocol.FOREIGN if _FOREIGN.fullmatch(line) else Protocol.HUMAN


def begun_line(data: bytes) -> bytes:
    """`data` from where its first line begins that is not empty."""
    blank = _BLANK.match(data)
    return data if blank is None else data[blank.end() :]


def is_begun(line: bytes, late: bool = False) -> bool:
    """Whether a line that has no end yet begins as only a program's does."""
    if _BEGUN.match(line):
        return True
    return not late and _BEGUN_EARLY.match(line) is not None


def listen(connection: Connection, silence_s: float, deadline_s: float) -> tuple[Protocol, bytes]:
    """Wait for the first line; return who speaks and what came so far.

    Not known yet after `silence_s` without a byte, and when a line begun is not
    complete `deadline_s` after it began: then it is to be welcomed as a person,
    and what came is the beginning of its first line.
    """
    data = connection.read_within(silence_s)
    if data is None:
        return Protocol.UNKNOWN, b""
    end = time.monotonic() + deadline_s
    found = Protocol.UNKNOWN
    held = b""
    while data:
        held = begun_line(held + data)
        found = protocol_of(held)
        if found is not Protocol.UNKNOWN:
            return found, held
        data = connection.read_within(max(0.0, end - time.monotonic()))
    if data is not None:
        # What a pipe sent and closed is a line, if a person's.
        person = bool(held) and protocol_of(held + b"\n") is Protocol.HUMAN
        return (Protocol.HUMAN, held) if person else (Protocol.NOBODY, b"")
    return (Protocol.UNFINISHED, b"") if is_begun(held) else (Protocol.UNKNOWN, held)
