"""The command line that all the models share: a port, and what to do with the bytes."""

import argparse
from collections.abc import Callable
from typing import NamedTuple

HOST = "127.0.0.1"
# What the kernel holds of clients that connected before the server accepted them.
# 500 at once overflow Python's default of 128, and then wait a second for the retry.
BACKLOG = 2048
# One read. Larger than anything the load sends in one go, small enough for 500 of them.
CHUNK_BYTES = 16384

Reply = Callable[[bytes], bytes]


class Served(NamedTuple):
    """Where to listen, and how an answer is made from what was read."""

    port: int
    reply: Reply


def served() -> Served:
    """Read `PORT [--echo]` from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--echo", action="store_true", help="send bytes back unchanged")
    given = parser.parse_args()
    return Served(given.port, bytes if given.echo else bytes.upper)
