"""What was said while somebody was not there: how much, in a line, and the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence

from geventchat.chat.events import Entry, Form, Said, Told
from geventchat.chat.history import end_of
from geventchat.chat.sessions import Session
from geventchat.chat.text import clean_for_terminal
from geventchat.dialects.human.days import local
from geventchat.dialects.human.encoder import Look, lines_of, said

# Rooms that are counted one by one; of more only the sum is told.
_ROOMS_TOLD = 5


def counted(rooms: Sequence[tuple[str, int]], private: int) -> str:
    """`14 new in #dev, 2 in #lobby, 1 PM`: lines by rooms, and private ones; empty if none.

    The rooms stand in the order in which they are given; where nothing was said is left out.
    """
    some = [(name, lines) for name, lines in rooms if lines]
    told = [f"{lines:,} in {clean_for_terminal(name)}" for name, lines in some[:_ROOMS_TOLD]]
    rest = some[_ROOMS_TOLD:]
    if rest:
        others = "another room" if len(rest) == 1 else f"{len(rest):,} other rooms"
        told.append(f"{sum(lines for _, lines in rest):,} in {others}")
    if told:
        told[0] = told[0].replace(" in ", " new in ", 1)
    if private:
        told.append(f"{private:,} PM{'' if private == 1 else 's'}")
    return ", ".join(told)


def reminder(rooms: Sequence[tuple[str, int]], private: int) -> list[str]:
    """What is told at a login: `14 new in #dev: /missed`; nothing if nothing is new."""
    told = counted(rooms, private)
    return [f"{told}: /missed"] if told else []


def told_later(entry: Entry, me: Session, look: Look) -> list[str]:
    """The lines of what was said some time ago: when, where, by whom or to whom.

    `me` is who reads it: to them their own private lines are to somebody.
    """
    event = entry.event
    assert isinstance(event, Said | Told)
    start = f"[{local(entry.at, look.zone):%Y-%m-%d %H:%M}] "
    if isinstance(event, Said):
        start += f"{clean_for_terminal(event.room)} "
        return [start + said(line, look) for line in lines_of(event)]
    mine = end_of(event.by) == end_of(me.identity)
    start += f"[PM to {event.nick}] " if mine else f"[PM from {event.by.nick}] "
    return [
        start + (clean_for_terminal(line.text) if line.form is Form.MESSAGE else said(line, look))
        for line in lines_of(event)
    ]
