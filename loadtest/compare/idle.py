"""What a silent member costs, and how fast members get in."""

import time

from loadtest.compare.child import Child
from loadtest.compare.figures import Figure
from loadtest.compare.joining import close_all, join
from loadtest.compare.rooms import Room

# Allocators and the greetings still under way come to rest in this time.
SETTLE_SECONDS = 2.0


def bytes_per_connection(child: Child, room: Room, connections: int) -> Figure:
    """Growth of the server's resident memory per member that joined and then says nothing.

    The kernel's socket buffers are not in it, for any server.
    """
    # The first client pays for what is loaded lazily.
    members = join(child, room.member, 1)
    time.sleep(SETTLE_SECONDS / 2)
    before = child.rss_bytes()
    try:
        members += join(child, room.member, connections, first=1, at_once=room.at_once)
        time.sleep(SETTLE_SECONDS)
        child.check_alive()
        grown = child.rss_bytes() - before
    finally:
        close_all(members)
    return Figure(grown / connections)


def joins_per_second(child: Child, room: Room, connections: int) -> Figure:
    """Connect, enter, see the greeting: how many members do so in a second."""
    start = time.monotonic()
    members = join(child, room.member, connections, at_once=room.at_once)
    seconds = time.monotonic() - start
    close_all(members)
    return Figure(connections / seconds)
