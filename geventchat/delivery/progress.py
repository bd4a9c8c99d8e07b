"""How far one device of an account has been given what concerns it.

What was written to a socket lies with the kernel, and a peer that has vanished
leaves it there: closing a laptop would lose what its owner never saw. So a mark
moves only when the peer's own kernel has acknowledged the bytes. Once a second
`look` notes how far everything is that was written by then, and how many bytes
that is; when so many have been acknowledged, what was noted holds. Nothing is
counted when lines are sent: the fan-out knows nothing of this.

What a device missed before it came is *held*: the mark stays in front of it
until it was shown, whatever is said in the room meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geventchat.chat.events import Entry, Joined
from geventchat.delivery.outbox import Outbox
from geventchat.delivery.span import Span
from geventchat.delivery.subscription import Feed

# The target of the mark up to which private lines were delivered.
PRIVATE = ""
# Places noted that wait for their acknowledgement; the newest takes the place of the last.
_NOTED_MAX = 4
# Private lines that came while earlier ones had not been shown, told apart by their numbers.
_LIVE_MAX = 10_000


class Progress:
    """What one device has had, and what it missed.

    account, device  whose connection it is
    held     what was missed, by targets (rooms' keys, or `PRIVATE`): numbers of the last event
             before it and of the first one behind it
    live     numbers of the private lines that came by themselves meanwhile
    """

    __slots__ = (
        "_absent",
        "_confirmed",
        "_gone",
        "_noted",
        "_since",
        "_told",
        "account",
        "device",
        "held",
        "live",
    )

    def __init__(self, account: str, device: str, marks: Mapping[str, int]) -> None:
        """`marks` are those that the device left behind, by targets."""
        self.account = account
        self.device = device
        self.held: dict[str, tuple[int, int]] = {}
        self.live: set[int] = set()
        self._absent = dict(marks)
        self._confirmed: dict[str, int] = {}
        self._noted: list[tuple[int, dict[str, int]]] = []
        self._since: dict[str, int] = {}
        self._gone: set[str] = set()
        self._told = 0
        if PRIVATE in marks:
            self.held[PRIVATE] = (marks[PRIVATE], 1 << 62)

    @property
    def absent(self) -> list[str]:
        """Keys of the rooms it was in when it left, and is in no more."""
        return [target for target in self._absent if target != PRIVATE]

    def joined(self, key: str, number: int) -> None:
        """It is sent what happens in a room from event `number` on."""
        self._since[key] = number
        self._gone.discard(key)
        after = self._absent.pop(key, None)
        if after is not None and after + 1 < number:
            self.held[key] = (after, number)

    def here(self, feed: Feed, connection: int, arrived: int) -> None:
        """It was in a room before it was anybody's device.

        Since it joined, as far as the log says so; else since it `arrived` (an event's number).
        """
        mine = (
            entry.number
            for entry in reversed(feed.log.entries)
            if isinstance(entry.event, Joined) and entry.event.by.session == connection
        )
        self.joined(feed.room.key, next(mine, arrived))

    def parted(self, key: str) -> None:
        """It is out of a room, which is no longer missed."""
        self.held.pop(key, None)
        self._confirmed.pop(key, None)
        self._since.pop(key, None)
        self._absent.pop(key, None)
        self._gone.add(key)
        for _, reached in self._noted:
            reached.pop(key, None)

    def told(self, number: int) -> None:
        """A private line is on its way to it."""
        self._told = number
        if PRIVATE in self.held and len(self.live) < _LIVE_MAX:
            self.live.add(number)

    def shown(self, target: str, until: int, whole: bool = False) -> None:
        """What was missed of a target was shown up to event `until`; `whole`: all of it."""
        if target not in self.held:
            return
        after, end = self.held[target]
        until = max(after, until)
        if target == PRIVATE:
            self._told = max(self._told, until) if whole else self._told
        if whole or until + 1 >= end:
            del self.held[target]
            if target == PRIVATE:
                self.live.clear()
        else:
            self.held[target] = (until, end)

    def look(
        self, outbox: Outbox, measured: Callable[[], tuple[int, int] | None]
    ) -> dict[str, int]:
        """What has been delivered since the last look: marks by targets, 0 for rooms it left.

        What is `measured` is how many bytes are with the peer's kernel, and how many will be
        when all is that was given to the connection by now; None where nobody knows, and
        nothing has been delivered. It is not measured where nothing is new.
        """
        moved = dict.fromkeys(self._gone, 0)
        self._gone.clear()
        reached = self._reached(outbox)
        if not (reached or self._noted) or (found := measured()) is None:
            return moved
        acknowledged, written = found
        moved |= self._confirm(acknowledged)
        if reached and (not self._noted or self._noted[-1][1] != reached):
            del self._noted[_NOTED_MAX - 1 :]
            self._noted.append((written, reached))
            moved |= self._confirm(acknowledged)
        return moved

    def _confirm(self, acknowledged: int) -> dict[str, int]:
        moved: dict[str, int] = {}
        while self._noted and self._noted[0][0] <= acknowledged:
            for target, number in self._noted.pop(0)[1].items():
                if number > self._confirmed.get(target, 0):
                    moved[target] = self._confirmed[target] = number
        return moved

    def _reached(self, outbox: Outbox) -> dict[str, int]:
        """The last event of each target that was written to the connection, tail and all."""
        pending: dict[str, int] = {}
        told = self._told
        for item in outbox.items:
            if isinstance(item, Span):
                pending.setdefault(item.subscription.feed.room.key, item.start.position)
                for room in item.covers:
                    pending.setdefault(room.key, 0)
            elif isinstance(item, Entry):
                told = min(told, item.number - 1)
            else:
                return {}  # What was missed may be among it.
        news = told > self._confirmed.get(PRIVATE, 0) and PRIVATE not in self.held
        reached = {PRIVATE: told} if news else {}
        for key, subscription in outbox.subscriptions.items():
            number = subscription.feed.log.number_before(
                pending.get(key, subscription.cursor.position)
            )
            number = self.held[key][0] if key in self.held else max(number, self._since.get(key, 0))
            if number > self._confirmed.get(key, 0):
                reached[key] = number
        return reached
