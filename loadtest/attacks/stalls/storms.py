"""Connections, guesses and floods of private lines."""

import re
import socket
import struct
import threading
import time

from loadtest.attacks.attack import Assault, Scene, Seen, Shape, attack
from loadtest.attacks.client import HOST, Hung, IrcClient, Person, pour, together

CONNECTIONS = 2000
RESET = struct.pack("ii", 1, 0)
STORM = Shape(flags=("--max-connections", "5000"))
GUARDED = Shape(flags=("--oper-name", "root", "--oper-password", "correct horse"))
SKIPPED = re.compile(r"([\d,]+) (?:\w+ )?lines? skipped")
# An address that may guess more often than this in a few seconds will find what can be found.
GUESSES = 20


def _connect(port: int, first_bytes: bytes = b"") -> socket.socket:
    sock = socket.create_connection((HOST, port), 10)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    if first_bytes:
        sock.sendall(first_bytes)
    return sock


@attack("storm-resets", "keep the server busy with connections that vanish at once", STORM)
def resets(scene: Scene) -> Assault:
    yield
    deadline, number = time.monotonic() + scene.seconds, 0
    while time.monotonic() < deadline and number < 20_000:
        try:
            _connect(scene.port, b"/who\n" if number % 2 else b"").close()
        except OSError:
            pass  # Refused or reset: as it should be, and it goes on.
        number += 1
    return Seen(f"{number:,} connections")


@attack("storm-crowd", "come with 2,000 at once, and vanish at once", STORM)
def crowd(scene: Scene) -> Assault:
    yield
    socks, start = [], time.monotonic()
    try:
        for _ in range(CONNECTIONS):
            socks.append(_connect(scene.port))
        time.sleep(max(0.0, start + scene.seconds - time.monotonic()))
    except OSError as why:
        return Seen(f"{len(socks):,} at once, then: {why}")
    finally:
        for sock in socks:
            sock.close()
    return Seen(f"{len(socks):,} at once")


@attack("storm-limited", "come with 2,000 at once while the limits hold", Shape(limited=True))
def crowd_limited(scene: Scene) -> Assault:
    yield
    deadline, socks = time.monotonic() + scene.seconds, []
    for _ in range(CONNECTIONS):
        if time.monotonic() > deadline:
            break
        try:
            socks.append(_connect(scene.port))
        except OSError:
            break
    time.sleep(1)
    inside = sum(1 for sock in socks if not _ended(sock))
    for sock in socks:
        sock.close()
    return Seen(f"{inside} of {len(socks):,} let in from one address", got=inside > 64)


def _ended(sock: socket.socket) -> bool:
    sock.setblocking(False)
    try:
        while data := sock.recv(65536):
            if not data:
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@attack("oper-guess", "guess the operator's password", GUARDED)
def oper(scene: Scene) -> Assault:
    """Guesses that are answered count; being closed is the end of that connection only."""
    yield
    deadline, guesses, came = time.monotonic() + scene.seconds, 0, 0
    while time.monotonic() < deadline:
        try:
            with IrcClient(scene.port, f"guess{came}") as client:
                came += 1
                guesses += _guess(client, deadline)
        except Hung:
            time.sleep(0.05)
    return Seen(f"{guesses:,} guesses answered on {came} connections", got=guesses > 100 * came)


def _guess(client: IrcClient, deadline: float) -> int:
    """Until the time is up or the server hangs up; how many were answered."""
    answered: list[str] = []
    try:
        while time.monotonic() < deadline:
            answered += client.ask(*[f"OPER root guess{n}" for n in range(50)], seconds=5)
    except Hung:
        answered += client.lines
    return sum(1 for line in answered if re.search(r" (464|491) ", line))


@attack(
    "oper-guess-limited",
    "guess the operator's password from one address while the limits hold",
    Shape(flags=GUARDED.flags, limited=True),
)
def oper_limited(scene: Scene) -> Assault:
    seen = yield from oper(scene)
    guesses = int(seen.text.split()[0].replace(",", ""))
    return Seen(seen.text, got=guesses > GUESSES)


def _flood(scene: Scene, mallory: Person) -> int:
    """As many private lines as are carried out in time; how many."""
    deadline, sent = time.monotonic() + scene.seconds, 0
    while time.monotonic() < deadline:
        mallory.ask(*(f"/msg victim {sent + n:06} {'spam ' * 40}" for n in range(100)))
        sent += 100
    return sent


def _judge(victim: Person, sent: int) -> Seen:
    """The victim looks again: is it still somebody, and told what was not sent to it?"""
    try:
        heard = victim.ask(seconds=30)
    except Hung as why:
        return Seen(f"after {sent:,} lines the victim is out: {str(why)[:60]}", got=True)
    read = sum(1 for line in heard if "spam" in line)
    told = sum(int(found[1].replace(",", "")) for line in heard if (found := SKIPPED.search(line)))
    return Seen(f"{sent:,} sent, {read:,} read, {told:,} told as skipped", got=read + told != sent)


@attack("pm-flood", "have a victim thrown out that reads nothing, by private lines")
def private(scene: Scene) -> Assault:
    with (
        Person(scene.port, "victim", receive_buffer=4096) as victim,
        Person(scene.port, "mallory") as mallory,
    ):
        yield
        return _judge(victim, _flood(scene, mallory))


@attack("pm-flood-slow", "have a victim thrown out that reads slowly, by private lines")
def private_slow(scene: Scene) -> Assault:
    """A victim behind a slow link: 20 kB a second."""
    over = threading.Event()
    with (
        Person(scene.port, "victim", receive_buffer=4096) as victim,
        Person(scene.port, "mallory") as mallory,
    ):

        def read() -> None:
            while not over.wait(0.1):
                victim.read(0, most=2000)

        yield
        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        sent = _flood(scene, mallory)
        over.set()
        reader.join()
        return _judge(victim, sent)


@attack("line-flood", "have everybody's lines wait behind a million of its own")
def lines(scene: Scene) -> Assault:
    with together([Person(scene.port, "mallory")]) as flooders:
        yield
        burst = b"a line like any other\n" * 700
        taken = pour(flooders, lambda: burst, scene.seconds, 22_000_000)
        return Seen(f"{taken // 22:,} lines")


@attack("nick-flood", "have the journal and everybody wait for its new names")
def nicks(scene: Scene) -> Assault:
    with Person(scene.port, "mallory") as flooder:
        yield
        burst = b"".join(b"/nick mal%d\n" % n for n in range(500))
        taken = pour([flooder], lambda: burst, scene.seconds, 1 << 20)
        return Seen(f"{taken // 12:,} new names")
