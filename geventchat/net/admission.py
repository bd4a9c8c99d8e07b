"""How much one address may take: connections at once, new ones, wrong passwords.

An address is an IPv4 address or an IPv6 /64, which is what one customer has.

MUST: cost no more than 20 MiB, whoever connects from wherever.
MUST: never forget an address before its time is over because others came.

So there is a place for 2 million addresses, each of 8 bytes, and nothing is ever
put out of it. An address belongs to one bucket of 16 places, chosen by a hash
whose key nobody else knows. In the rare case that all 16 are taken (of a million
addresses, of 0.3 %) it is counted together with its neighbours: an IPv4 /24, an
IPv6 /48. If even those have no place, somebody has millions of addresses and needs
no more connections from each; they are let in, as far as the server has room.
"""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Callable
from enum import Enum, IntEnum
from functools import lru_cache
from hashlib import blake2b
from ipaddress import ip_address
from itertools import compress
from typing import NamedTuple

from geventchat.config import Config

_BUCKET = 16
_BUCKETS_BITS, _NEIGHBOURS_BITS = 17, 12
_PAGE_BYTES = mmap.PAGESIZE
_EMPTY_PAGE = bytes(_PAGE_BYTES)
# A place, from its high bits down: part of the hash, when it was first counted (in ticks),
# connections since then, wrong passwords since then. 0 is an empty one.
_TAG_BITS, _TICK_BITS, _COUNT_BITS = 24, 24, 8
_TICKS_A_SECOND = 4  # So that they begin anew after 48 days; `sweep` is round long before.
_TICKS = 1 << _TICK_BITS
_MOST = (1 << _COUNT_BITS) - 1
_COUNTS_BITS = 2 * _COUNT_BITS
_PAGES_SWEPT = 8


class Count(IntEnum):
    """What is counted of an address; the value is where it stands in a place."""

    CONNECTS = _COUNT_BITS
    PASSWORD_FAILURES = 0


class Places:
    """Counts by blocks of addresses, for a time each, in 8 bytes a block.

    An anonymous mapping takes memory only where something was written, and
    `sweep` gives it back.
    """

    def __init__(self, buckets_bits: int, key: bytes) -> None:
        self._mask = (1 << buckets_bits) - 1
        self._key = key
        size = max(_PAGE_BYTES, (_BUCKET * 8) << buckets_bits)
        # Private: of a shared mapping, which is the default, nothing can be given back.
        self._memory = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if hasattr(mmap, "MADV_NOHUGEPAGE"):  # Else one write takes 2 MiB.
            self._memory.madvise(mmap.MADV_NOHUGEPAGE)
        self._places = memoryview(self._memory).cast("Q")
        self._next_page = 0

    def counted(self, block: bytes, count: int, tick: int, window: int) -> int | None:
        """How much is counted for a block now; None if there is no place for it."""
        at, place = self._find(block, tick, window)
        return None if at < 0 else place >> count & _MOST

    def add(self, block: bytes, count: int, tick: int, window: int) -> bool:
        """Count one more for a block; False when there is no place for it."""
        at, place = self._find(block, tick, window)
        if at < 0:
            return False
        if place >> count & _MOST < _MOST:
            self._places[at] = place + (1 << count)
        return True

    def _find(self, block: bytes, tick: int, window: int) -> tuple[int, int]:
        """Where a block is counted or may be, and what stands there; -1 if all is taken."""
        number = int.from_bytes(blake2b(block, key=self._key, digest_size=8).digest(), "big")
        start = (number & self._mask) * _BUCKET
        tag = number >> 64 - _TAG_BITS
        free = -1
        for at, place in enumerate(self._places[start : start + _BUCKET].tolist(), start):
            if not place or _age(place, tick) >= window:
                free = at
            elif place >> 64 - _TAG_BITS == tag:
                return at, place
        return free, (tag << _TICK_BITS | tick) << _COUNTS_BITS

    def sweep(self, tick: int, window: int) -> None:
        """Look through some pages; give back those where nothing counts any longer."""
        for _ in range(_PAGES_SWEPT):
            first = self._next_page * _PAGE_BYTES
            self._next_page = (self._next_page + 1) % (len(self._memory) // _PAGE_BYTES)
            if self._memory[first : first + _PAGE_BYTES] == _EMPTY_PAGE:
                continue
            start = first // 8
            page = self._places[start : start + _PAGE_BYTES // 8].tolist()
            old = [not place or _age(place, tick) >= window for place in page]
            if all(old):
                self._memory.madvise(mmap.MADV_DONTNEED, first, _PAGE_BYTES)
            else:
                for at in compress(range(start, start + len(page)), old):
                    self._places[at] = 0


def _age(place: int, tick: int) -> int:
    return (tick - (place >> _COUNTS_BITS)) % _TICKS


class Excess(Enum):
    """Why nobody more is let in from an address."""

    CONNECTIONS = "too many connections from its address"
    CONNECTS = "too many new connections from its address"


class Origin(NamedTuple):
    """What is counted together: `block` as text, `counted` and `neighbours` as bytes."""

    block: str
    counted: bytes
    neighbours: bytes
    loopback: bool


@lru_cache(1024)
def origin_of(address: str) -> Origin:
    """What an address is counted with."""
    try:
        found = ip_address(address)
    except ValueError:  # No address of the Internet's.
        return Origin(address, address.encode(), address.encode(), False)
    packed = found.packed
    if found.version == 4:
        return Origin(address, packed, packed[:3], found.is_loopback)
    return Origin(f"{packed[:8].hex()}/64", packed[:8], packed[:6], found.is_loopback)


class Admission:
    """Counts by address, and says from where nobody more may come in for now.

    `config` gives the settings as they are now, `clock` seconds; `key` is for the
    hash. A limit of 0 is none. Addresses are as `plain_address` gives them.
    """

    def __init__(
        self,
        config: Callable[[], Config],
        clock: Callable[[], float] = time.monotonic,
        key: bytes | None = None,
    ) -> None:
        self._config = config
        self._clock = clock
        key = key or os.urandom(16)
        self._places = Places(_BUCKETS_BITS, key)
        self._neighbours = Places(_NEIGHBOURS_BITS, key)
        # Of blocks with connections: how many. An IPv4 block is the text its connections share.
        self._open: dict[str, int] = {}

    def limited(self, address: str) -> bool:
        """Whether limits hold for clients of that address."""
        return self._config().limit_loopback or not origin_of(address).loopback

    def excess(self, address: str) -> Excess | None:
        """Why nobody more may come in from there now, if so."""
        if not self.limited(address):
            return None
        config, open_now = self._config(), self._open.get(origin_of(address).block, 0)
        if 0 < config.connections_per_address <= open_now:
            return Excess.CONNECTIONS
        if 0 < config.connects_per_address <= self._counted(address, Count.CONNECTS):
            return Excess.CONNECTS
        return None

    def entered(self, address: str) -> None:
        """Somebody comes in from there, who leaves again in the end."""
        if self.limited(address):
            self._add(address, Count.CONNECTS)
        # Counted without a limit too: there may be one by the time it leaves.
        block = origin_of(address).block
        self._open[block] = self._open.get(block, 0) + 1

    def left(self, address: str) -> None:
        """Somebody who came in has gone."""
        block = origin_of(address).block
        left = self._open.pop(block) - 1
        if left:
            self._open[block] = left

    def failed(self, address: str) -> None:
        """Somebody there gave a wrong password."""
        if self.limited(address):
            self._add(address, Count.PASSWORD_FAILURES)

    def blocked(self, address: str) -> bool:
        """Whether so many wrong passwords came from there that none is looked at for now."""
        most = self._config().password_failures_per_address
        if not most or not self.limited(address):
            return False
        return self._counted(address, Count.PASSWORD_FAILURES) >= most

    def guess(self, address: str, right: bool) -> bool | None:
        """Somebody there gave a password; whether it counts as right, None if none does now."""
        if self.blocked(address):
            return None
        if not right:
            self.failed(address)
        return right

    def sweep(self) -> None:
        """Give back memory of what is over. To be called about once a second."""
        tick, window = self._now()
        self._places.sweep(tick, window)
        self._neighbours.sweep(tick, window)

    def _counted(self, address: str, count: Count) -> int:
        tick, window = self._now()
        origin = origin_of(address)
        counted = self._places.counted(origin.counted, count, tick, window)
        if counted is None:
            counted = self._neighbours.counted(origin.neighbours, count, tick, window)
        return counted or 0

    def _add(self, address: str, count: Count) -> None:
        tick, window = self._now()
        origin = origin_of(address)
        if not self._places.add(origin.counted, count, tick, window):
            self._neighbours.add(origin.neighbours, count, tick, window)

    def ticks(self, window_s: float) -> tuple[int, int]:
        """What `Places` count time in: now, and that many seconds."""
        tick = int(self._clock() * _TICKS_A_SECOND) % _TICKS
        return tick, int(window_s * _TICKS_A_SECOND)

    def _now(self) -> tuple[int, int]:
        return self.ticks(self._config().address_window_s)
