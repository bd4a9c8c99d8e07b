"""What an attack is, and what a claim is: the words that the catalogue is written in.

An *attack* makes work for the server while others measure how long they wait for it. It is a
generator: what it does before its `yield` is preparation, which is not measured; behind it, it
attacks, for `seconds` at most, and returns what it has seen. It runs in a process of its own.

A *claim* is something that the server says of itself and that is either so or not. It is a
function that tries to show the contrary, and may stop, kill and start the server.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

from loadtest.attacks.server import Ground


@dataclass(frozen=True)
class Seen:
    """What came of it, in words, and whether the attacker got what was wanted."""

    text: str = ""
    got: bool = False


@dataclass(frozen=True)
class Scene:
    """Where an attack takes place."""

    port: int
    seconds: float
    people: int


Assault = Generator[None, None, Seen]


class Stages(Protocol):
    """An attack's program: prepares, yields once, attacks."""

    def __call__(self, scene: Scene) -> Assault: ...


@dataclass(frozen=True)
class Shape:
    """What the server and the room are like that an attack takes place in."""

    people: int | None = None  # exactly so many, whatever was asked for
    shared_rooms: int = 0  # rooms that all people are in
    own_rooms: int = 0  # rooms that each has alone
    seconds: float = 5.0
    database: str | None = None  # this one only
    flags: tuple[str, ...] = ()
    limited: bool = False  # with the limits of rate and address, which spare loopback by default
    lines: int = 0  # of history in `#past`, there before it begins


PLAIN = Shape()


@dataclass(frozen=True)
class Attack:
    """One row of the table of figures."""

    name: str
    wants: str
    shape: Shape
    program: Stages


@dataclass(frozen=True)
class Claim:
    """One row of the table of claims."""

    name: str
    wants: str
    program: Callable[[Ground], Seen]


ATTACKS: dict[str, Attack] = {}
CLAIMS: dict[str, Claim] = {}


def attack(name: str, wants: str, shape: Shape = PLAIN) -> Callable[[Stages], Stages]:
    """Put the program below into the catalogue."""

    def add(program: Stages) -> Stages:
        _check_new(name)
        ATTACKS[name] = Attack(name, wants, shape, program)
        return program

    return add


Check = Callable[[Ground], Seen]


def claim(name: str, wants: str) -> Callable[[Check], Check]:
    """Put the function below into the catalogue."""

    def add(program: Check) -> Check:
        _check_new(name)
        CLAIMS[name] = Claim(name, wants, program)
        return program

    return add


def _check_new(name: str) -> None:
    if name in ATTACKS or name in CLAIMS:
        raise ValueError(f"two programs are called {name}")
