"""Reading back: 50 people at once in a room of a million lines, and memory's history."""

import random
import time
from collections.abc import Callable, Sequence

from loadtest.attacks.attack import Assault, Scene, Seen, Shape, Stages, attack
from loadtest.attacks.client import (
    CAPABILITIES,
    HOST,
    Client,
    IrcClient,
    Person,
    people,
    pour,
    together,
)
from loadtest.attacks.prepared import APART_MS, ROOM

READERS = 50
LINES = 1_000_000
LONG_PAST = Shape(database="sqlite", lines=LINES)
STOP = "keep commits waiting for those who read back"
CHATHISTORY_LINES = 500


def moment(lines_ago: int) -> str:
    """The time of a line that many ago, as IRC writes it."""
    at = time.time() - lines_ago * APART_MS / 1000
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(at))


def _pour(scene: Scene, clients: Sequence[Client], question: Callable[[], bytes]) -> Seen:
    asked = 0

    def one() -> bytes:
        nonlocal asked
        asked += 1
        return question()

    pour(clients, one, scene.seconds, 1 << 20)
    return Seen(f"{asked:,} asked by {len(clients)}")


@attack("history", STOP, LONG_PAST)
def slash_history(scene: Scene) -> Assault:
    with together(people(scene.port, [HOST] * READERS)) as readers:
        for reader in readers:
            reader.ask(f"/join {ROOM}")
        yield
        return _pour(scene, readers, lambda: b"/history 500\n")


def _chathistory(question: Callable[[], str]) -> Stages:
    def program(scene: Scene) -> Assault:
        readers = [
            IrcClient(scene.port, f"reader{number}", capabilities=CAPABILITIES)
            for number in range(READERS)
        ]
        with together(readers) as clients:
            for reader in readers:
                reader.ask(f"JOIN {ROOM}")
            yield
            return _pour(scene, clients, lambda: f"{question()}\r\n".encode())

    return program


def by_number() -> str:
    number = random.randrange(CHATHISTORY_LINES, LINES)
    return f"CHATHISTORY BEFORE {ROOM} msgid={number} {CHATHISTORY_LINES}"


def by_time() -> str:
    when = random.choice([moment(0), moment(LINES // 2), moment(LINES), "2099-01-01T00:00:00.000Z"])
    way = random.choice(["BEFORE", "AFTER", "AROUND"])
    return f"CHATHISTORY {way} {ROOM} timestamp={when} {CHATHISTORY_LINES}"


attack("chathistory-number", STOP, LONG_PAST)(_chathistory(by_number))
attack("chathistory-time", STOP, LONG_PAST)(_chathistory(by_time))


@attack(
    "chathistory-targets",
    "have the server look through all rooms for what was last said",
    LONG_PAST,
)
def targets(scene: Scene) -> Assault:
    ends = "timestamp=2000-01-01T00:00:00.000Z timestamp=2099-01-01T00:00:00.000Z"
    return (yield from _chathistory(lambda: f"CHATHISTORY TARGETS {ends} 100")(scene))


@attack(
    "memory-history",
    "have 100,000 events looked through for each /history",
    Shape(database="none"),
)
def memory(scene: Scene) -> Assault:
    with Person(scene.port, "mallory") as mallory, Person(scene.port, "filler") as filler:
        filler.ask("/join #full")
        for _ in range(50):
            filler.ask(*["a line like any other"] * 2000)
        filler.ask("/part #full")
        mallory.ask("/join #empty")
        yield
        deadline, asked = time.monotonic() + scene.seconds, 0
        while time.monotonic() < deadline:
            mallory.ask(*["/history 500 #empty", "/history 500"] * 150, seconds=60)
            asked += 300
        return Seen(f"{asked:,} asked")


@attack("memory-joins", "have 100,000 events looked through for each join", Shape(database="none"))
def memory_joins(scene: Scene) -> Assault:
    with Person(scene.port, "mallory") as mallory:
        for _ in range(50):
            mallory.ask(*["a line like any other"] * 2000)
        yield
        deadline, joined = time.monotonic() + scene.seconds, 0
        while time.monotonic() < deadline:
            rooms = [f"#new{joined + n}" for n in range(60)]
            mallory.ask(*(f"/join {room}" for room in rooms), seconds=60)
            mallory.ask(*(f"/part {room}" for room in rooms), seconds=60)
            joined += len(rooms)
        return Seen(f"{joined:,} joins")
