"""Events as IRC's lines. One encoder serves everyone whose capabilities ask for the same lines.

MUST: a line is at most 512 bytes behind its tags, cut between characters
(Modern IRC, "Messages"; UTF8ONLY). What a person at telnet may say in one line
becomes several, none of it lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

from geventchat.chat import events
from geventchat.chat import events_accounts as accounts
from geventchat.chat.events import Entry, Event, Form, Identity, ModesSet, Said, SaidToStatus, Told
from geventchat.chat.text import truncate
from geventchat.delivery.encoder import crlf
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.capabilities import OF_ENCODERS
from geventchat.dialects.irc.pieces import modes_line, pieces_of, split

LINE_MAX_BYTES = 512
CONCAT = "draft/multiline-concat"
# Both names are in use; the second is from before the extension was ratified.
_BOT_TAGS = "bot;draft/bot"


Frame = Callable[[Sequence[str]], bytes]


class IrcEncoder:
    """Encodes entries for one set of capabilities. Implements `Encoder`.

    `frame` says how lines travel: as they are over TCP, as messages over a WebSocket; `names`,
    of which metadata they tell.
    """

    shared = True
    shows_requests = True

    def __init__(
        self, caps: frozenset[str], frame: Frame = crlf, names: frozenset[str] = frozenset()
    ) -> None:
        self.caps = caps
        self.names = names
        self.frame = frame
        self._time = "server-time" in caps
        self._tags = "message-tags" in caps
        self._account = "account-tag" in caps
        self._batches = {"batch", "draft/multiline"} <= caps
        self._echo = "echo-message" in caps
        self._at = -1
        self._stamp = ""

    def heading(self, before: int, at: int) -> list[str]:
        """Nothing: clients show the day themselves, and may ask for the server's time."""
        return []

    def echoes(self, event: Event) -> bool:
        """Lines and tags for clients that ask for them; AWAY and INVITE have numerics instead."""
        return self._echo and not isinstance(event, events.WentAway | events.Invited)

    def encode(self, entry: Entry) -> list[str]:
        event = entry.event
        kind = event.__class__
        if kind in TARGETS:
            target = TARGETS[kind](event)
            if kind is events.Tagged or kind is events.TaggedTo:
                return self._tagmsg(entry, event, target)
            return self._message(entry, event, target)
        write = WRITERS.get(kind)
        lines = write(self, entry, event) if write else None
        if lines and kind is accounts.MetadataSet:  # Numerics, which are the server's.
            stamp = f"@time={self.time(entry.at)} " if self._time else ""
            return [stamp + line for line in lines]
        return self.lines(entry, lines) if lines else []

    def lines(self, entry: Entry, bodies: list[str]) -> list[str]:
        """Lines of an entry from its author, each with its tags; the msgid on the first only."""
        source = source_of(entry.event.by)
        return [
            f"{self._tagged(entry, first=not nth)}{fitting(source + body)}"
            for nth, body in enumerate(bodies)
        ]

    def time(self, at: int) -> str:
        """A moment as `server-time` writes it."""
        if at != self._at:
            self._at, self._stamp = at, timestamp(at)
        return self._stamp

    def _tagged(self, entry: Entry, client: str = "", first: bool = True) -> str:
        """The tags of an entry as they stand before a line; the msgid on the first only."""
        by = entry.event.by
        tags = [f"time={self.time(entry.at)}"] if self._time else []
        if self._tags:
            if first:
                tags.append(f"msgid={entry.number}")
            if by.bot:
                tags.append(_BOT_TAGS)
            if client:
                tags.append(client)
        if self._account and by.account:
            tags.append(f"account={by.account}")
        return f"@{';'.join(tags)} " if tags else ""

    def _message(self, entry: Entry, event: Any, target: str) -> list[str]:
        source = source_of(event.by)
        start = f"{source}{'NOTICE' if event.form is Form.NOTICE else 'PRIVMSG'} {target} :"
        pieces = list(pieces_of(event, LINE_MAX_BYTES - 2 - len(start.encode())))
        if len(pieces) == 1:
            return [f"{self._tagged(entry, event.tags)}{start}{pieces[0][0]}"]
        if self._batches:
            return self._batch(entry, event, target, pieces, start)
        shown = [piece for piece, _ in pieces if piece]
        return [
            f"{self._tagged(entry, event.tags, first=not nth)}{start}{piece}"
            for nth, piece in enumerate(shown)
        ]

    def _batch(
        self, entry: Entry, event: Any, target: str, pieces: list[tuple[str, bool]], start: str
    ) -> list[str]:
        """Several lines that are one message (IRCv3 multiline)."""
        name = f"m{entry.number}"
        tags, source = self._tagged(entry, event.tags), source_of(event.by)
        return [
            f"{tags}{source}BATCH +{name} draft/multiline {target}",
            *(
                f"@batch={name}{';' + CONCAT if concat else ''} {start}{piece}"
                for piece, concat in pieces
            ),
            f"{source}BATCH -{name}",
        ]

    def _tagmsg(self, entry: Entry, event: Any, target: str) -> list[str]:
        if not self._tags:
            return []
        return [f"{self._tagged(entry, event.tags)}{source_of(event.by)}TAGMSG {target}"]


def source_of(by: Identity) -> str:
    """`:nick!user@host `, as it stands before a verb."""
    return f":{by.mask} "


def fitting(line: str) -> str:
    """A line cut to what may be sent, its end not counted."""
    return truncate(line, LINE_MAX_BYTES - 2)


@lru_cache(maxsize=256)
def timestamp(at: int) -> str:
    """Milliseconds since 1970 in ISO 8601 as IRCv3 wants it."""
    whole = datetime.fromtimestamp(at // 1000, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"


def _trailing(text: str) -> str:
    return f" :{text}" if text else ""


def _appear(encoder: IrcEncoder, entry: Entry, event: events.Joined | events.Appeared) -> list[str]:
    by = event.by
    extended = f" {by.account or '*'} :{by.realname or by.nick}"
    return [f"JOIN {event.room}{extended if 'extended-join' in encoder.caps else ''}"]


def _join(encoder: IrcEncoder, entry: Entry, event: events.Joined) -> list[str]:
    lines = [] if event.quiet else _appear(encoder, entry, event)
    if event.away and "away-notify" in encoder.caps:
        lines.append(f"AWAY :{event.away}")
    return lines


def _redact(
    encoder: IrcEncoder, target: str, event: events.Redacted | events.RedactedTo
) -> list[str]:
    if "draft/message-redaction" not in encoder.caps:
        return []
    return [f"REDACT {target} {event.number}{_trailing(event.reason)}"]


def _spread(by: Identity, start: str, text: str) -> list[str]:
    """A text behind the beginning of a line, in as many lines as it takes."""
    room = LINE_MAX_BYTES - 2 - len((source_of(by) + start).encode())
    return [start + piece for piece, _ in split(text, room)]


def _quit(encoder: IrcEncoder, entry: Entry, event: events.Left) -> list[str]:
    """Who left by themselves cannot word it as a netsplit or a kill (Modern IRC, QUIT)."""
    if not event.quit:
        return [f"QUIT :{event.reason}"]
    return [f"QUIT :Quit: {event.reason}" if event.reason else "QUIT :Quit"]


def _pinned(encoder: IrcEncoder, entry: Entry, event: events.Pinned) -> list[str]:
    """A notice to the room, since no client has a word for it."""
    return _spread(event.by, f"NOTICE {event.room} :[pinned] ", event.text)


def _announced(encoder: IrcEncoder, entry: Entry, event: events.Announced) -> list[str]:
    return _spread(event.by, "WALLOPS :", event.text)


def _for(
    capability: str, line: Callable[[Any], str]
) -> Callable[[IrcEncoder, Entry, Any], list[str]]:
    """A line that only clients with a capability get."""
    return lambda encoder, _, event: [line(event)] if capability in encoder.caps else []


def _metadata(encoder: IrcEncoder, entry: Entry, event: accounts.MetadataSet) -> list[str]:
    """Addressed to nobody by name, since they are the same for all."""
    if event.name not in encoder.names:
        return []
    what = f"* {event.room or event.nick} {event.name}"
    if event.value:
        return [f"{n.KEYVALUE} {what} * :{event.value}"]
    return [f"{n.KEYNOTSET} {what} :is not set"]


TARGETS: dict[type[Event], Callable[[Any], str]] = {
    Said: lambda event: event.room,
    Told: lambda event: event.nick,
    SaidToStatus: lambda event: event.status + event.room,
    events.Tagged: lambda event: event.room,
    events.TaggedTo: lambda event: event.nick,
}
_Writer = Callable[[IrcEncoder, Entry, Any], "list[str] | None"]
WRITERS: dict[type[Event], _Writer] = {
    events.Joined: _join,
    events.Appeared: _appear,
    events.Parted: lambda _, __, e: [f"PART {e.room}{_trailing(e.reason)}"],
    events.Kicked: lambda _, __, e: [f"KICK {e.room} {e.nick} :{e.reason or e.by.nick}"],
    events.Left: _quit,
    events.Renamed: lambda _, __, e: [f"NICK {e.nick}"],
    events.Pinned: _pinned,
    events.TopicSet: lambda _, __, e: [f"TOPIC {e.room} :{e.topic}"],
    ModesSet: lambda _, __, e: modes_line(e.room, e.changes),
    accounts.Granted: lambda _, entry, e: modes_line(e.room, entry.changes),
    events.UserModesSet: lambda _, __, e: [f"MODE {e.by.nick} {e.changes}"],
    events.WentAway: _for("away-notify", lambda e: f"AWAY{_trailing(e.reason)}"),
    events.RealNameSet: _for("setname", lambda e: f"SETNAME :{e.realname}"),
    events.Invited: _for("invite-notify", lambda e: f"INVITE {e.nick} {e.room}"),
    events.Redacted: lambda encoder, _, e: _redact(encoder, e.room, e),
    events.RedactedTo: lambda encoder, _, e: _redact(encoder, e.nick, e),
    events.Announced: _announced,
    accounts.Registered: _for("account-notify", lambda e: f"ACCOUNT {e.account}"),
    accounts.LoggedIn: _for("account-notify", lambda e: f"ACCOUNT {e.account}"),
    accounts.MetadataSet: _metadata,
    accounts.LoggedOut: _for("account-notify", lambda e: "ACCOUNT *"),
}


# What IRC clients are not told as an event of anybody's.
_PRIVATE = {accounts.PasswordSet, accounts.AccountSet, accounts.Deleted, accounts.Dropped}
NOT_SHOWN = frozenset({events.Restarted, events.Arrived, accounts.Attached} | _PRIVATE)


class _Every(frozenset[str]):
    """All names there may be."""

    def __contains__(self, name: object) -> bool:
        return True


# Each line is encoded once for each encoder there is in its room. So there are only so many
# sets of names; whoever wants another one hears of all, as draft/metadata-3 allows.
_SETS_MAX = 32
_EVERY = _Every(("*",))
# Those in use.
_encoders: WeakValueDictionary[tuple[frozenset[str], Frame, frozenset[str]], IrcEncoder]
_encoders = WeakValueDictionary()


def encoder_for(
    caps: frozenset[str], frame: Frame = crlf, names: frozenset[str] = frozenset()
) -> IrcEncoder:
    """The one encoder for clients with these capabilities over such connections.

    And which have subscribed to metadata of these names.
    """
    key = (caps & OF_ENCODERS, frame, names)
    found = _encoders.get(key)
    if found is None:
        sets = {key[2] for key in _encoders} - {names, frozenset()}
        if names and names is not _EVERY and len(sets) >= _SETS_MAX:
            return encoder_for(caps, frame, _EVERY)
        found = _encoders[key] = IrcEncoder(*key)
    return found
