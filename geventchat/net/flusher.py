"""The one flusher: after each batch, send everyone what is new to them.

MUST: never wait. What the kernel does not take at once becomes that
connection's tail, and the others go on.
MUST: encode an event once per encoder, however many members there are.
MUST: send a room's lines to its members in log order, without a gap untold.
"""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat.presence import Membership, Room, Session
from geventchat.chat.state import ChatState
from geventchat.net.backlog import encoded, encoder_of
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
        it, and has nothing else waiting: for those a turn of this loop is a few
        comparisons and one system call. The rest go the long way round.
        """
        log = room.log
        start, head = log.flushed, log.head
        log.flushed = head
        if start is head:
            return
        buffers: dict[object, bytes] = {}
        others: list[Connection] = []
        common = log.shared < start.position and start.position >= log.readable_from
        for membership in room.members.values():
            session = membership.session
            link: Connection | None = session.link
            if link is None:
                continue
            if not (common and membership.cursor is start and link.plain) or session.outbox:
                others.append(link)
                continue
            data = buffers.get(membership.encoder)
            if data is None or membership.own:
                data = self._turn(membership, buffers)
            membership.cursor = head
            if data:
                # Here and not in `link.write`: a call is a tenth of what the send costs.
                try:
                    sent = link.send(data)
                except OSError as error:
                    link.failed(error, data)
                else:
                    if sent != len(data):
                        link.keep(data, sent)
        for link in others:
            link.deliver()

    def _turn(self, membership: Membership, buffers: dict[object, bytes]) -> bytes:
        """What is new to a member since its mark: the same bytes for all who share its encoder.

        For an author it is the same without the lines it wrote.
        """
        log = membership.room.log
        start = membership.cursor.position
        encoder = encoder_of(membership)
        pieces = encoded(log, encoder, start, log.head.position)
        own = membership.own
        if own:
            dialect = membership.session.link.reader.dialect
            for position in own:
                if not dialect.returns(encoder, log.at(position)):
                    pieces[position - start] = b""
            own.clear()
            return b"".join(pieces)
        data = buffers[encoder] = b"".join(pieces)
        return data
