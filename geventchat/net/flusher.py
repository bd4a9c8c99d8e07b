"""The one flusher: after each batch, send everyone what is new to them.

MUST: never wait. What the kernel does not take at once becomes that
connection's tail, and the others go on.
MUST: encode an event once per wire, however many members there are.
MUST: send a room's lines to its members in log order, without a gap untold.
"""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat.presence import Room, Session
from geventchat.chat.state import ChatState
from geventchat.net.backlog import encoded
from geventchat.net.connection import Connection


class Flusher:
    """Delivers what the chat state marked as touched."""

    def __init__(self, state: ChatState, later: Callable[[Callable[[], None]], object]) -> None:
        """`later` runs a function at the end of this turn of the loop."""
        self._state = state
        self._later = later
        self._due = False

    def touch(self, session: Session) -> None:
        """Something was queued for this session alone: deliver it when this turn ends."""
        self._state.touched_sessions[session] = None
        if not self._due:
            self._due = True
            self._later(self.flush)

    def flush(self) -> None:
        """Send what there is to everyone it concerns."""
        self._due = False
        state = self._state
        if state.touched_rooms:
            rooms, state.touched_rooms = state.touched_rooms, {}
            for room in rooms:
                self._flush_room(room)
        if state.touched_sessions:
            sessions, state.touched_sessions = state.touched_sessions, {}
            for session in sessions:
                if session.link is not None:
                    session.link.deliver()

    def _flush_room(self, room: Room) -> None:
        """Send the new lines of one room.

        Nearly every member has been sent the same as every other, wants all of
        it, and has nothing else waiting: for those this loop is one comparison
        and one system call. The rest go the long way round.
        """
        log = room.log
        start, head = log.flushed, log.head
        log.flushed = head
        if start is head:
            return
        buffers: dict[object, bytes] = {}
        others: list[Connection] = []
        everyone = log.shared < start.position and start.position >= log.readable_from
        for membership in room.members.values():
            link: Connection | None = membership.session.link
            if link is None:
                continue
            wire = membership.wire
            if (
                membership.mark is not start
                or membership.own
                or not link.plain
                or wire is None
                or not everyone
            ):
                others.append(link)
                continue
            data = buffers.get(wire)
            if data is None:
                pieces = encoded(log, wire, start.position, head.position)
                data = buffers[wire] = b"".join(pieces)
            membership.mark = head
            if data:
                link.write(data)
        for link in others:
            link.deliver()
