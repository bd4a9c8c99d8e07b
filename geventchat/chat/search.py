"""What somebody wants to find in what was said, and what of it they may find.

A search goes from the latest line to the earliest, in steps: each looks through a part of
history that is bounded, and says how far it came. So no search holds another up, one that
takes too long ends with what it has, and the next page goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from geventchat.chat.events import Entry, Said, Told
from geventchat.chat.history import HistoryRange, end_of, ends_of
from geventchat.chat.names import fold
from geventchat.chat.rights import is_request
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.chat.terms import Matcher, Phrase
from geventchat.chat.visibility import reads_from, talks_since

# What can be found.
FOUND = (Said, Told)


class SearchQuery(NamedTuple):
    """Lines with all these words, the latest `limit` of them; what is empty does not matter.

    phrases  what must stand in a line; see `chat.terms`
    author   key of the nick under which it was said
    room     key of the room in which it was said; if there is one, nothing private is found
    peer     key of the nick that was talked with in private; if there is one, no room is searched
    """

    phrases: tuple[Phrase, ...]
    author: str = ""
    room: str = ""
    peer: str = ""
    within: HistoryRange = HistoryRange()
    limit: int = 20


class Scope(NamedTuple):
    """Where somebody may search now.

    rooms  keys of rooms, and for each the number of the first event that may be read
    owner  whose private talk (`chat.history.end_of`); empty for nobody's
    since  the number of its first event that may be read
    """

    rooms: Mapping[str, int]
    owner: str = ""
    since: int = 0

    def narrowed(self, query: SearchQuery) -> Scope:
        """The part of it in which what is asked for can stand."""
        if query.peer:
            return self._replace(rooms={})
        if query.room:
            first = self.rooms.get(query.room)
            return Scope({} if first is None else {query.room: first})
        return self

    def before(self, number: int) -> Scope:
        """The part of it in which something lies before an event number."""
        rooms = {key: first for key, first in self.rooms.items() if first < number}
        return Scope(rooms, self.owner if self.since < number else "", self.since)

    @property
    def first(self) -> int:
        """The number of the first event that may be read anywhere; beyond all if none may."""
        firsts = [*self.rooms.values(), *([self.since] if self.owner else [])]
        return min(firsts, default=1 << 62)


class Findings(NamedTuple):
    """The lines that were found, the latest first, and how far was searched.

    reached  all from that event number on was looked through; 0 if nothing is before it
    """

    entries: list[Entry]
    reached: int


def finder(query: SearchQuery, scope: Scope) -> Callable[[Entry], bool]:
    """What tells whether an entry is looked for, and may be found."""
    matches = Matcher(query.phrases)
    author, peer, owner, since = query.author, query.peer, scope.owner, scope.since
    rooms = scope.rooms

    def found(entry: Entry) -> bool:
        event = entry.event
        if isinstance(event, Said):
            if entry.number < rooms.get(fold(event.room), 1 << 62):
                return False
        elif isinstance(event, Told):
            talk = ends_of(event).get(owner) if owner and entry.number >= since else None
            if talk is None or (peer and talk != peer):
                return False
        else:
            return False
        if author and fold(event.by.nick) != author:
            return False
        return matches(event.text) and not is_request(event)

    return found


def searchable(state: ChatState, session: Session) -> Scope:
    """Where somebody may search: in the rooms they are in, and in their own private talk.

    The server's operators search no further than others: a search is no way to read along.
    """
    rooms = {key: reads_from(state, session, key) for key in session.rooms}
    return Scope(rooms, end_of(session.identity), talks_since(state, session) + 1)
