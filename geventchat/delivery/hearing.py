"""How the author of an event hears of it, and how the author's other devices do.

Those hear of what is in a room with the room's other members, as lines of its author's.
Of what is in none (private lines), and of all that others are not shown that way, they
hear as an item of their own, whether or not their encoder echoes.
"""

from __future__ import annotations

from enum import Enum

from geventchat.chat import events
from geventchat.chat.events import Event, Said
from geventchat.chat.events_accounts import MetadataSet


class Hears(Enum):
    """How the author of an event hears of it."""

    ALWAYS = "as everybody does, in its place in the room; alone if it is in none of its rooms"
    IF_ECHOED = "as with ALWAYS, if its encoder echoes such events; else not at all"
    APART = "as an item of its own"
    NEVER = "not at all"


# What is not named here is heard by its author like everybody else.
AUTHOR_HEARS: dict[type[Event], Hears] = {
    # A terminal shows what was typed; IRC clients ask for echo-message.
    Said: Hears.IF_ECHOED,
    events.Tagged: Hears.IF_ECHOED,
    events.Told: Hears.IF_ECHOED,
    events.TaggedTo: Hears.IF_ECHOED,
    events.RedactedTo: Hears.IF_ECHOED,
    events.SaidToStatus: Hears.IF_ECHOED,
    # IRC answers these commands with numerics of their own.
    events.WentAway: Hears.IF_ECHOED,
    events.Invited: Hears.IF_ECHOED,
    # The welcome to a room and the farewell from it, each in its place among the rest.
    events.Joined: Hears.APART,
    events.Parted: Hears.APART,
    events.Left: Hears.NEVER,
    events.Appeared: Hears.NEVER,
    events.Restarted: Hears.NEVER,
    events.Arrived: Hears.NEVER,
    MetadataSet: Hears.NEVER,  # It is answered.
    events.Announced: Hears.NEVER,  # It listens like everybody, or does not.
}
# What the other devices of its author hear of as an item of their own, as they do of whatever
# is in no room, and not in their rooms' logs: there it is for others.
DEVICES_HEAR_APART = frozenset({events.WentAway})
