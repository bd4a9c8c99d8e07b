"""Who wants to hear when a nick comes and goes, whether or not they share a room (MONITOR)."""

from __future__ import annotations

from collections.abc import Iterable

from geventchat.delivery.outbox import Outbox


class Watching:
    """For each nick the outboxes that watch it, and for each outbox what it watches."""

    def __init__(self) -> None:
        # Key of a nick -> outboxes; no key without any, so that nobody leaves something behind.
        self._watchers: dict[str, dict[Outbox, None]] = {}
        self._watched: dict[Outbox, frozenset[str]] = {}

    def watch(self, outbox: Outbox, keys: frozenset[str]) -> None:
        """Have a session hear of these nicks, and of no others, from now on."""
        before = self._watched.pop(outbox, frozenset())
        for key in before - keys:
            watchers = self._watchers[key]
            del watchers[outbox]
            if not watchers:
                del self._watchers[key]
        for key in keys - before:
            self._watchers.setdefault(key, {})[outbox] = None
        if keys:
            self._watched[outbox] = keys

    def watchers(self, keys: Iterable[str]) -> list[Outbox]:
        """Who watches one of these nicks, each once."""
        found = [outbox for key in keys for outbox in self._watchers.get(key, ())]
        return list(dict.fromkeys(found))
