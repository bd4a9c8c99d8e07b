"""One change of one person, told in every room that person is in: 100 people in 100 rooms."""

import time

from loadtest.attacks.attack import Assault, Scene, Seen, Shape, attack
from loadtest.attacks.client import IrcClient

# With the lobby that makes the 100 rooms one session may be in.
ROOMS = 99
CROWDED = Shape(people=100, shared_rooms=ROOMS)


def _member_of_all(scene: Scene) -> IrcClient:
    client = IrcClient(scene.port, "mallory")
    for room in range(ROOMS):
        client.ask(f"JOIN #shared{room}")
    return client


def _again_and_again(scene: Scene, client: IrcClient, form: str) -> Seen:
    deadline, number = time.monotonic() + scene.seconds, 0
    while time.monotonic() < deadline:
        client.ask(*(form.format(number * 10 + n) for n in range(10)), seconds=60)
        number += 1
    return Seen(f"{number * 10} times")


@attack("nick-100x100", "have 100 x 100 people told of a new nick", CROWDED)
def nick(scene: Scene) -> Assault:
    with _member_of_all(scene) as client:
        yield
        return _again_and_again(scene, client, "NICK mal{}")


@attack("away-100x100", "have 100 x 100 people told that it is away", CROWDED)
def away(scene: Scene) -> Assault:
    with _member_of_all(scene) as client:
        yield
        return _again_and_again(scene, client, "AWAY :out {}")


@attack("quit-100x100", "have 100 x 100 people told that it left, again and again", CROWDED)
def leave(scene: Scene) -> Assault:
    yield
    deadline, number = time.monotonic() + scene.seconds, 0
    while time.monotonic() < deadline:
        with IrcClient(scene.port, f"mal{number}") as client:
            rooms = [f"#shared{room}" for room in range(ROOMS)]
            client.ask(*(f"JOIN {','.join(rooms[n : n + 20])}" for n in range(0, ROOMS, 20)))
            client.reset()
        number += 1
    return Seen(f"{number} times")
