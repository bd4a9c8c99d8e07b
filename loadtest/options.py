"""What a run was asked for: a frozen value, checked once."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from loadtest.errors import UsageError
from loadtest.payload import longest_text

# A chat line wakes every other member's thread: 25 µs each, if it comes alone. So many a second
# take 60 % of a core; from twice as many on, lines wait for a thread and come several at a time,
# which one process keeps up with until about 1.9 million a second, but then it measures itself.
DELIVERIES_PER_SECOND = 20_000
# In small rooms the receipts are few, but each line is still one commit's worth of work.
LINES_PER_SECOND = 1_000

_ROOM = re.compile(r"#[^\s,]+")
MAX_ROOM_BYTES = 58  # What the server takes, less a number behind it.
MAX_CLIENTS = 20_000
MAX_SIZE_BYTES = 1 << 20
CHAT_SIZE_BYTES = 64


class Mode(StrEnum):
    """What the server serves."""

    ECHO = "echo"
    UPPER = "upper"
    CHAT = "chat"


@dataclass(frozen=True)
class Options:
    """Times in seconds, sizes in bytes of a line's text without its line end."""

    host: str = "127.0.0.1"
    port: int = 8080
    mode: Mode = Mode.CHAT
    clients: int = 500
    duration_s: float = 10.0
    rate: float | None = None  # lines a second of all clients together; None: no pause at all
    room: str = "#load"
    rooms: int = 1
    size: int | None = None  # None: as long as the words need, with an echo server
    processes: int = 1
    drain_s: float = 30.0
    json: Path | None = None
    plot: Path | None = None

    def room_of(self, nth: int) -> str:
        """The name of the room with that number, from 0 on."""
        return self.room if self.rooms == 1 else f"{self.room}{nth + 1}"

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def default_rate(mode: Mode, clients: int, rooms: int) -> float | None:
    """Lines a second: as fast as it goes for an echo, half the generator's own limit in chat."""
    if mode is not Mode.CHAT:
        return None
    members = max(2.0, clients / max(1, rooms))
    return min(LINES_PER_SECOND, round(DELIVERIES_PER_SECOND / (members - 1), 1))


def check(options: Options) -> Options:
    """The options themselves, or UsageError with the first rule they break."""
    for broken, advice in _rules(options):
        if broken:
            raise UsageError(advice)
    return options


def _rules(o: Options) -> list[tuple[bool, str]]:
    shortest = longest_text(o.clients) if o.mode is Mode.CHAT else len(b"Thread-1 say hello 0")
    folders = {path.parent for path in (o.json, o.plot) if path}
    return [
        (not 1 <= o.port <= 65535, f"--port is 1 to 65535, not {o.port}"),
        (not 1 <= o.clients <= MAX_CLIENTS, f"--clients is 1 to {MAX_CLIENTS}, not {o.clients}"),
        (not 0 < o.duration_s <= 86_400, "--duration is more than 0 and at most 86400 seconds"),
        (o.rate is not None and not 0 < o.rate <= 1e7, "--rate is a number above 0, or max"),
        (not 1 <= o.processes <= 64, f"--processes is 1 to 64, not {o.processes}"),
        (o.processes > o.clients, "--processes is at most the number of clients"),
        (
            not _ROOM.fullmatch(o.room) or len(o.room.encode()) > MAX_ROOM_BYTES,
            f"--room is a name such as {Options.room}, not {o.room!r}",
        ),
        (o.rooms < 1, f"--rooms is 1 or more, not {o.rooms}"),
        (o.rooms > 1 and o.mode is not Mode.CHAT, "--rooms is for --mode chat: an echo has none"),
        (
            o.mode is Mode.CHAT and o.clients < 2 * o.rooms,
            f"a room of one delivers nothing: {o.rooms} rooms need {2 * o.rooms} clients or more",
        ),
        (
            o.size is not None and not shortest <= o.size <= MAX_SIZE_BYTES,
            f"--size is {shortest} to {MAX_SIZE_BYTES} here: a line carries its sender and number",
        ),
        (not 0 < o.drain_s <= 3600, "--drain is more than 0 and at most 3600 seconds"),
        *((not folder.is_dir(), f"there is no folder {folder}") for folder in folders),
    ]
