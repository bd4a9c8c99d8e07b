"""Bytes that never become a line, or lines that are empty."""

from collections.abc import Sequence

from loadtest.attacks.attack import Assault, Scene, Seen, Stages, attack
from loadtest.attacks.client import HOST, Client, packet, people, pour, together

MOST_BYTES = 256 << 20
DELAY = "delay everybody's lines with bytes that are none"
IAC_DO_ECHO = b"\xff\xfd\x01"
IAC_DO_UNKNOWN = b"\xff\xfd\x63"
IAC_AYT = b"\xff\xf6"


def _garbage(data: bytes, clients: int) -> Stages:
    def program(scene: Scene) -> Assault:
        with together(people(scene.port, [HOST] * clients)) as those:
            yield
            return flood(scene, those, data)

    return program


def flood(scene: Scene, clients: Sequence[Client], data: bytes) -> Seen:
    """All of them write it for as long as they are let."""
    burst = packet(data)
    taken = pour(clients, lambda: burst, scene.seconds, MOST_BYTES)
    return Seen(f"{taken / (1 << 20):.1f} MiB from {len(clients)}")


for _name, _data in (
    ("iac-do", IAC_DO_UNKNOWN),
    ("iac-do-echo", IAC_DO_ECHO),
    ("iac-ayt", IAC_AYT),
    ("newlines", b"\n"),
    ("backspaces", b"a\x08"),
    ("nuls", b"\x00"),
    ("nul-lines", b"\x00\n"),
):
    attack(_name, DELAY)(_garbage(_data, 10))
