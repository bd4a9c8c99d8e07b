"""One user who is here, by one connection or by several ("devices"): facts only.

What has been said by a user bears the number of the connection it came from; the
session has the number of its first one, and keeps it until the last has gone.

How it is reached, what it has been sent and what it wants to see belong to
`delivery` and to its dialect.
"""

from __future__ import annotations

from geventchat.chat.events import Identity
from geventchat.chat.names import fold, is_guest

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
    devices       what its connections are called, by their numbers, the first one first;
                  None where there was never more than one, and nobody is logged in
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
        if self.last_line_at != self.arrived_at or self.away or self.modes or self.devices:
            return False
        return not self.rooms or (len(self.rooms) == 1 and is_guest(self.nick))

    @property
    def number(self) -> int:
        """What tells it from all other sessions of this run."""
        return self.identity.session

    @property
    def rooms_knowing(self) -> tuple[str, ...]:
        """Keys of the rooms in which others know of it."""
        return tuple(self.rooms) if self.appeared else ()

    @property
    def rooms_left(self) -> tuple[str, ...]:
        """Those in which it is missed when one more connection goes: with its last one, all."""
        return self.rooms_knowing if len(self.devices or ()) < 2 else ()

    def has(self, connection: int) -> bool:
        """Whether the connection of that number is one of its own."""
        if self.devices is None:
            return connection == self.identity.session
        return connection in self.devices

    def is_author(self, by: Identity) -> bool:
        """Whether what bears that identity came from one of its connections, now or before."""
        if by.session == self.identity.session or self.has(by.session):
            return True
        return bool(by.account) and fold(by.account) == fold(self.identity.account)
