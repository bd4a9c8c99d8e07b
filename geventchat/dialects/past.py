"""What a session may read back of what stands in the journal: the driver's requests for it."""

from __future__ import annotations

from typing import Any

from geventchat.chat import visibility
from geventchat.chat.history import end_of
from geventchat.chat.search import Findings, SearchQuery, finder, searchable
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.dialects import base, questions
from geventchat.dialects.ports import Services


def read(services: Services, me: Session, request: base.Request) -> Any:
    """Answer a request to read, within what that session may. Waits; may raise `StoreError`."""
    history, state = services.history, services.proposals.state
    match request:
        case questions.ReadLines(room, before, limit):
            return history.lines(room, before, limit, _reads_after(state, me, room))
        case questions.ReadSeen(nick):
            return history.last_seen(nick)
        case questions.ReadEvent(number):
            found = history.event(number)
            return found if found and visibility.may_read(state, me, found) else None
        case questions.ReadHistory(query):
            within = query.within
            if query.room:
                after = max(within.after, _reads_after(state, me, query.room))
                query = query._replace(within=within._replace(after=after))
            return history.history(query, *_talks(state, me))
        case questions.ReadPeers(within, limit):
            return history.peers(within, limit, *_talks(state, me))
        case questions.Search(query):
            return _search(services, me, query)
    raise AssertionError(request)


def _reads_after(state: ChatState, me: Session, key: str) -> int:
    """The number of the last event of a room that this session may not read."""
    return visibility.reads_from(state, me, key) - 1


def _talks(state: ChatState, me: Session) -> tuple[str, int]:
    """Whose private talks may be read, and behind which event."""
    return end_of(me.identity), visibility.talks_since(state, me)


def _search(services: Services, me: Session, query: SearchQuery) -> Findings:
    state = services.proposals.state
    found = services.history.search(query, searchable(state, me))
    # A search takes its time: who was kicked meanwhile reads nothing of that room any more.
    may_find = finder(query, searchable(state, me))
    return found._replace(entries=[entry for entry in found.entries if may_find(entry)])
