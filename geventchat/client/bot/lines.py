"""What the server writes, as values. No input or output here: bytes in, values out.

The words are those of the human dialect: `[12:01] <alice> hello` in the room one is talking
in, `[12:01] #dev <bob> hi` in another, ` * ` before room events, `-> ` before replies.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Form(Enum):
    """How something was said."""

    MESSAGE = "message"
    ACTION = "action"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Line:
    """Something a person said. `room` is empty for a private line, `time` for an action."""

    room: str
    nick: str
    text: str
    time: str = ""
    form: Form = Form.MESSAGE


@dataclass(frozen=True, slots=True)
class Gap:
    """So many lines of a room were skipped here, because they were not read in time.

    `/history LINES #room` has them. With no room, they were private lines.
    """

    room: str
    lines: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened: a join, a new name, a topic. Without the star."""

    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's answer to this client alone. Without the arrow."""

    text: str


@dataclass(frozen=True, slots=True)
class EndOfHistory:
    """The lines after `Welcome` or `You are in` are over; from here on it is live."""


Parsed = Line | Gap | Event | Reply | EndOfHistory | None

# Option negotiation, which a server may send at any time (RFC 854), and which has no reader
# here: a command with its option, a subnegotiation, or a single command such as NOP.
_TELNET = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa.*?\xff\xf0|[^\xfa-\xfe])", re.DOTALL)
_SAID = re.compile(r"(?:\[(\d\d:\d\d)\] )?(?:(#\S+) )?(?:<(\S+)> |-(\S+)- )(.*)")
_ACTION = re.compile(r"(?:\[(\d\d:\d\d)\] )?(?:(#\S+) )?\* (\S+) (.*)")
_PRIVATE = re.compile(r"(?:\[(\d\d:\d\d)\] )?\[PM\] (?:\* (\S+)|-(\S+)-) (.*)")
_PRIVATE_FROM = re.compile(r"(?:\[(\d\d:\d\d)\] )?\[PM from (\S+)\] (.*)")
_PRIVATE_GAP = re.compile(r"-- ([\d,]+) private lines? skipped: .*")
_GAP = re.compile(r"-- ([\d,]+) lines? skipped; /history [\d,]+(?: (#\S+))? --")
_WELCOME = re.compile(r"Welcome to .*\. You are \S+ in (#\S+) \(")
_NOW_TALKING = re.compile(
    r"Talking in (#\S+)\.$|You are in (#\S+): |You left #\S+ Talking in (#\S+)\.$"
)
_KICKED = re.compile(r"You were kicked from (#\S+) by ")
_ENDS_OF_HISTORY = ("-- end of history --", "-- no lines -- end of history --")
_GREETING = "Welcome to "


def text_of(raw: bytes) -> str:
    """A line as text, without its end, telnet's own bytes and what was written over them."""
    return _TELNET.sub(b"", raw).decode(errors="replace").strip("\r\n")


class Parser:
    """Turns the server's lines into values, and knows which room is being talked in.

    Lines of that room come without its name. Replies keep their place among the lines, so
    a reply that changes the room changes it exactly for the lines after it.
    """

    def __init__(self) -> None:
        self.current = ""

    def parse(self, raw: bytes) -> Parsed:
        """One line, with or without its end; None for what a bot has no use for."""
        line = text_of(raw)
        if line.startswith("-> "):
            return self._reply(line[3:])
        if line.startswith("*** "):
            return Event(line[4:])
        if line in _ENDS_OF_HISTORY:
            return EndOfHistory()
        if found := _GAP.fullmatch(line):
            return Gap(found[2] or self.current, int(found[1].replace(",", "")))
        if found := _PRIVATE_GAP.fullmatch(line):
            return Gap("", int(found[1].replace(",", "")))
        if line.startswith(_GREETING):
            if found := _WELCOME.match(line):
                self.current = found[1]
            return None
        return self._said(line)

    def _reply(self, text: str) -> Reply:
        if found := _NOW_TALKING.match(text):
            self.current = found[1] or found[2] or found[3]
        elif (found := _KICKED.match(text)) and found[1] == self.current:
            self.current = ""  # It talks nowhere until it chooses a room.
        return Reply(text)

    def _said(self, line: str) -> Line | None:
        if found := _PRIVATE_FROM.fullmatch(line):
            time, nick, text = found.groups()
            return Line("", nick, text, time or "")
        if found := _PRIVATE.fullmatch(line):
            time, actor, noticer, text = found.groups()
            form = Form.ACTION if actor else Form.NOTICE
            return Line("", actor or noticer, text, time or "", form)
        if found := _SAID.fullmatch(line):
            time, room, nick, noticer, text = found.groups()
            form = Form.NOTICE if noticer else Form.MESSAGE
            return Line(room or self.current, nick or noticer, text, time or "", form)
        if found := _ACTION.fullmatch(line):
            time, room, nick, text = found.groups()
            return Line(room or self.current, nick, text, time or "", Form.ACTION)
        return None
