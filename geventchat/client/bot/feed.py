"""What one room has to tell, held for a bot that reads at its own pace."""

import asyncio
from collections import deque

from geventchat.client.bot.errors import ChatError
from geventchat.client.bot.lines import Gap, Line

# A bot that computes for a second in a busy room falls behind by about this many.
KEPT_ITEMS = 1024

Item = Line | Gap


class Feed:
    """Iterate over it with `async for`. It ends when the chat is closed.

    It never holds up the connection: acknowledgements come over it too, and a bot that
    waits for one reads no lines meanwhile. Past its bound the oldest items go, and a Gap
    stands in their place.
    """

    def __init__(self, room: str = "", kept_items: int = KEPT_ITEMS) -> None:
        self.room = room
        self._kept = kept_items
        self._items: deque[Item] = deque()
        self._skipped = 0
        self._more = asyncio.Event()
        self._ended: ChatError | None = None
        self._closed = False

    def put(self, item: Item) -> None:
        """Take one more item; MUST NOT wait."""
        if len(self._items) >= self._kept:
            gone = self._items.popleft()
            self._skipped += gone.lines if isinstance(gone, Gap) else 1
        self._items.append(item)
        self._more.set()

    def end(self, why: ChatError | None) -> None:
        """Nothing more comes. Readers get what is left, then the reason or plainly the end."""
        self._closed, self._ended = True, why
        self._more.set()

    def __aiter__(self) -> "Feed":
        return self

    async def __anext__(self) -> Item:
        while not (self._items or self._closed):
            self._more.clear()
            await self._more.wait()
        if self._skipped:  # what went was older than what is left
            gap, self._skipped = Gap(self.room, self._skipped), 0
            return gap
        if self._items:
            return self._items.popleft()
        if self._ended:
            raise self._ended
        raise StopAsyncIteration
