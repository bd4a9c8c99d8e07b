"""Sessions, rooms and memberships: the order of what one session is sent."""

from __future__ import annotations

from geventchat.chat.events import Entry, Identity, Joined, Said
from geventchat.chat.presence import Membership, Room, Session, Span

BY = Identity(1, "alice", "u", "h")


def said(number: int) -> Entry:
    return Entry(number, 0, Said(BY, "#a", str(number)))


def session_in(*rooms: Room) -> Session:
    session = Session(BY, "telnet")
    for room in rooms:
        membership = Membership(session, room, 0)
        room.members[1] = membership
        session.memberships[room.key] = membership
    return session


def test_a_reply_stands_behind_the_lines_that_came_before_it() -> None:
    room = Room("#a", "#a", 16)
    session = session_in(room)
    room.log.append(said(1))
    room.log.append(said(2))
    session.queue(b"reply")
    room.log.append(said(3))
    span, reply = session.outbox
    assert isinstance(span, Span)
    assert (span.start.position, span.end.position) == (0, 2)
    assert reply == b"reply"
    assert session.memberships["#a"].cursor.position == 2


def test_a_reply_with_nothing_before_it_stands_alone() -> None:
    session = session_in(Room("#a", "#a", 16), Room("#b", "#b", 16))
    session.queue(b"reply")
    session.queue(b"another")
    assert list(session.outbox) == [b"reply", b"another"]


def test_a_reply_closes_the_spans_of_all_rooms() -> None:
    rooms = [Room("#a", "#a", 16), Room("#b", "#b", 16)]
    session = session_in(*rooms)
    for room in rooms:
        room.log.append(said(1))
    session.queue(b"reply")
    spans = [item.membership.room for item in session.outbox if isinstance(item, Span)]
    assert spans == rooms


def test_recent_lines_are_the_latest_ones_oldest_first() -> None:
    room = Room("#a", "#a", 16)
    room.earlier = (said(1), said(2))
    room.log.append(Entry(3, 0, Joined(BY, "#a")))
    room.log.append(said(4))
    room.log.append(said(5))
    assert [entry.number for entry in room.recent(3, before=99)] == [2, 4, 5]
    assert [entry.number for entry in room.recent(9, before=5)] == [1, 2, 4]
    assert room.recent(0, before=99) == []


def test_an_entry_of_several_rooms_is_seen_in_one_of_them() -> None:
    rooms = [Room(key, key, 16) for key in ("#a", "#b", "#c")]
    session = session_in(*rooms[1:])
    entry = Entry(7, 0, Said(BY, "#a", "x"), rooms=("#a", "#b", "#c"))
    assert [m.shows(entry) for m in session.memberships.values()] == [True, False]


def test_a_room_joined_later_does_not_count() -> None:
    first, second = Room("#a", "#a", 16), Room("#b", "#b", 16)
    session = session_in(first, second)
    session.memberships["#a"].since = 9
    entry = Entry(7, 0, Said(BY, "#a", "x"), rooms=("#a", "#b"))
    assert session.memberships["#b"].shows(entry)
    assert not session.memberships["#a"].shows(entry)
