"""Other people's servers as they come, and the two chat servers everybody writes first."""

from collections.abc import Sequence
from pathlib import Path

from .child import Child
from .contestants import MAX_CLIENTS, Contestant
from .fanout import Fanout, measure
from .figures import Figure
from .joining import enter
from .rooms import REDIS


def redis() -> Contestant:
    def command(port: int, directory: Path) -> list[str]:
        flags = f"--bind 127.0.0.1 --port {port} --maxclients {MAX_CLIENTS} --appendonly no"
        return ["redis-server", *flags.split(), "--save", "", "--dir", str(directory)]

    return Contestant(
        "Redis pub/sub",
        command,
        programs=("redis-server",),
        install="apt install redis-server",
        room=REDIS,
    )


MEMBERS = 500
# The lines in flight come from so many clients, so that no server is measured on one
# socket's pipeline alone.
SENDERS = 10


def deliveries(window: int) -> str:
    """The name of the column for so many lines in flight."""
    return f"deliveries/s, {window} in flight"


def fan_out(
    child: Child, contestant: Contestant, windows: Sequence[int], seconds: float
) -> dict[str, Figure]:
    """Fill the room once, then measure it with each number of lines in flight."""
    members, senders = enter(child, contestant.room, MEMBERS, SENDERS)
    measured: dict[str, Figure] = {}
    load = Fanout(contestant.room, members, senders)
    try:
        load.settle()
        for window in windows:
            measured[deliveries(window)] = measure(child, load, window, seconds)
    finally:
        load.close()
    return measured
