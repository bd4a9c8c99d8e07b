"""Whom the bans of a room mean: who is put out with one, and whom it hushes or lets speak.

A ban is on a mask. What follows from it for people is said here, once for every
dialect; that it keeps them out and silent, and on whom it does not hold, is in `rights`.
"""

from __future__ import annotations

from dataclasses import replace

from geventchat.chat import masks
from geventchat.chat.cloaks import may_know_address
from geventchat.chat.events import ModesSet
from geventchat.chat.modes import MaskEntry
from geventchat.chat.names import fold
from geventchat.chat.rooms import Membership, Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState

# A change of bans may be told to everybody it concerns in rooms of up to so many. In larger
# ones looking all of them up in 60 masks would hold the loop; whoever is named is told anyway.
LOOKED_AT_MAX = 100


def ban_on(room: Room, mask: str) -> MaskEntry | None:
    """The room's ban (or mute) on a mask in its canonical form, while there is one."""
    return room.modes.lists.get("b", {}).get(fold(mask))


def meant(room: Room, ban: MaskEntry, membership: Membership) -> bool:
    """Whether a ban is on that member, and no exception takes them from it."""
    identity = membership.session.identity
    return ban.means(identity) and (room.modes.banned(identity) or room.modes.muted(identity))


def may_be_told(by: Session, ban: MaskEntry, membership: Membership) -> bool:
    """Whether somebody may learn that a ban is on a member who stays.

    Not where only an address tells: whoever makes others operators of a room of their
    own could find theirs out by banning half of all addresses, then half of those.
    """
    who = membership.session.identity
    return may_know_address(by, who) or ban.means(replace(who, address=""))


def concerned(state: ChatState, room: Room, event: ModesSet) -> list[Membership]:
    """Whom a change of the room's bans may hush or let speak again, before it is applied."""
    changed = [change for change in event.changes if change.mode[1] in "be"]
    if changed and len(room.members) <= LOOKED_AT_MAX:
        return list(room.members.values())
    numbers: dict[int, None] = {}
    for change in changed:
        holder = state.session_of(masks.nick_of(change.argument))
        listed = room.modes.lists.get(change.mode[1], {}).get(fold(change.argument))
        numbers[0 if holder is None else holder.number] = None
        numbers[0 if listed is None else listed.session] = None
    found = (room.members.get(number) for number in numbers)
    return [membership for membership in found if membership is not None]
