"""One user's connection, as the chat knows it: facts only.

How it is reached, what it has been sent and what it wants to see belong to
`delivery` and to its dialect.
"""

from __future__ import annotations

from geventchat.chat.events import Identity
from geventchat.chat.names import is_guest

NOBODY = (0, "")
# The reason of who is away and does not tell why; IRC has no absence without one.
AWAY = "away"


class Session:
    """Who somebody is now. Changed by `apply` only.

    modes         what the session set on itself, some of `modes.USER_MODES`
    arrived       number of the event that brought it
    arrived_at    when that was, and last_line_at when it last wrote (milliseconds since 1970)
    away          why it is away, or nothing
    reply_to      number of the session that wrote to it last, and its nick then
    appeared      whether others may know of it; False from a quiet `Joined` to `Appeared`
    rooms         keys of the rooms it is in, in the order in which it joined them
    via           the door it came through: `telnet`, `irc`, `web`
    devices       of a session with an account: the names of its devices, by connections' numbers
    """

    __slots__ = (
        "appeared",
        "arrived",
        "arrived_at",
        "away",
        "devices",
        "identity",
        "last_line_at",
        "modes",
        "reply_to",
        "rooms",
        "via",
    )

    def __init__(self, identity: Identity, via: str, arrived: int = 0, at: int = 0) -> None:
        self.identity = identity
        self.via = via
        self.rooms: dict[str, None] = {}
        self.devices: dict[int, str] | None = None
        self.away = ""
        self.modes = ""
        self.appeared = True
        self.arrived = arrived
        self.arrived_at = at
        self.last_line_at = at
        self.reply_to = NOBODY

    @property
    def nick(self) -> str:
        return self.identity.nick

    @property
    def is_idle(self) -> bool:
        """Whether it has said nothing and set nothing since it came, not even a name or a room."""
        if self.last_line_at != self.arrived_at or self.away or self.modes:
            return False
        return not self.rooms or (len(self.rooms) == 1 and is_guest(self.nick))

    @property
    def number(self) -> int:
        """What tells it from all other sessions of this run."""
        return self.identity.session
