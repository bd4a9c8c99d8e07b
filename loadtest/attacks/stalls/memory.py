"""Memory that does not come back: logs of rooms, caches of masks."""

import time

from loadtest.attacks.attack import Assault, Scene, Seen, Shape, attack
from loadtest.attacks.client import IrcClient, Person, pour

# A log holds this many lines, of this many bytes each.
LOG_LINES = 1290
LINE = "x" * 4000
ROOMS = 60
LOGS_S = 90.0
MASK_BYTES = 2 << 20


def _fill(speaker: Person, reader: Person, room: str) -> None:
    """Both enter it, and one says as much as a log holds; the other makes it be encoded."""
    for one in (speaker, reader):
        one.ask(f"/join {room}")
    for _ in range(LOG_LINES // 30):
        speaker.ask(*[LINE] * 30)
        reader.during(0)
        reader.lines.clear()


@attack("dead-logs", "leave 60 full rooms behind", Shape(seconds=LOGS_S))
def dead_logs(scene: Scene) -> Assault:
    rooms = max(1, int(ROOMS * scene.seconds / LOGS_S))
    with Person(scene.port, "mallory") as speaker, Person(scene.port, "reader") as reader:
        yield
        for number in range(rooms):
            _fill(speaker, reader, f"#dead{number}")
            for one in (speaker, reader):
                one.ask(f"/part #dead{number}")
        return Seen(f"{rooms} rooms of {LOG_LINES} lines of 4 kB, all left")


@attack("live-logs", "fill 60 rooms and stay for a while", Shape(seconds=LOGS_S))
def live_logs(scene: Scene) -> Assault:
    rooms = max(1, int(ROOMS * scene.seconds / LOGS_S))
    with Person(scene.port, "mallory") as speaker, Person(scene.port, "reader") as reader:
        yield
        for number in range(rooms):
            _fill(speaker, reader, f"#live{number}")
        time.sleep(1)
        return Seen(f"{rooms} rooms of {LOG_LINES} lines of 4 kB, then all left at once")


@attack("mask-cache", "have 2 MB of masks remembered")
def masks(scene: Scene) -> Assault:
    """Arguments of MOTD, and WHO, that look like masks: another one each time."""
    number = 0

    def burst() -> bytes:
        nonlocal number
        number += 16
        words = ("MOTD", "WHO", "LIST")
        return b"".join(
            f"{words[n % 3]} *{number + n}{'?x*' * 155}\r\n".encode() for n in range(16)
        )

    with IrcClient(scene.port, "mallory") as client:
        yield
        taken = pour([client], burst, scene.seconds, MASK_BYTES)
        return Seen(f"{taken / (1 << 20):.1f} MiB of masks")


@attack("ban-cache", "have long bans remembered")
def bans(scene: Scene) -> Assault:
    number = 0

    def burst() -> bytes:
        nonlocal number
        number += 1
        return f"/ban *{number}{'?x*' * 1300}\n/unban *{number}{'?x*' * 1300}\n".encode()

    with Person(scene.port, "mallory") as client:
        client.ask("/join #bans")
        yield
        taken = pour([client], burst, scene.seconds, 4 * MASK_BYTES)
        return Seen(f"{taken / (1 << 20):.1f} MiB of bans")


@attack("name-cache", "have names of rooms and people remembered that never were")
def names(scene: Scene) -> Assault:
    number = 0

    def burst() -> bytes:
        nonlocal number
        number += 8
        long = "y" * 3900
        return "".join(
            f"/whois {number + n}{long}\n/names #{number + n}{long}\n" for n in range(8)
        ).encode()

    with Person(scene.port, "mallory") as client:
        yield
        taken = pour([client], burst, scene.seconds, 64 << 20)
        return Seen(f"{taken / (1 << 20):.1f} MiB of names")
