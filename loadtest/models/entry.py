"""The command line that all the models share: a port, and what to do with the bytes."""

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

HOST = "127.0.0.1"
# What the kernel holds of clients that connected before the server accepted them.
# 500 at once overflow Python's default of 128, and then wait a second for the retry.
BACKLOG = 2048
# One read. Larger than anything the load sends in one go, small enough for 500 of them.
CHUNK_BYTES = 16384
# A request for work: `compute 100` is a tenth of a second of it. More than MOST is cut.
COMPUTE = b"compute "
MOST_COMPUTED_MS = 1000

Reply = Callable[[bytes], bytes]


class Served(NamedTuple):
    """Where to listen, and how an answer is made from what was read."""

    port: int
    reply: Reply


def computed(data: bytes) -> bytes:
    """Upper case; for `compute MILLISECONDS`, after so much work of one core."""
    if data.startswith(COMPUTE):
        wanted = data.removeprefix(COMPUTE).strip()
        if wanted.isdigit() and len(wanted) < 9:
            # By this thread's own clock: a thread that has to wait its turn has as much to do.
            end = time.thread_time() + min(int(wanted), MOST_COMPUTED_MS) / 1000
            while time.thread_time() < end:
                sum(range(100))
    return data.upper()


def served() -> Served:
    """Read `PORT [--echo | --computing]` from the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    replies = parser.add_mutually_exclusive_group()
    replies.add_argument("--echo", action="store_true", help="send bytes back unchanged")
    replies.add_argument("--computing", action="store_true", help="obey `compute MILLISECONDS`")
    given = parser.parse_args()
    reply: Reply = computed if given.computing else bytes.upper
    return Served(given.port, bytes if given.echo else reply)
