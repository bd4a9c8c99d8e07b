"""Questions, as fast as they can be asked, by one client that reads the answers."""

import time
from collections.abc import Callable

from loadtest.attacks.attack import PLAIN, Assault, Scene, Seen, Shape, Stages, attack
from loadtest.attacks.client import HOST, Client, IrcClient, Person, packet, people, pour, together

MOST_BYTES = 64 << 20
ROOM_BANS = 60


def ask(scene: Scene, client: Client, command: bytes) -> Seen:
    """Ask it over and over; how much of that was taken stands in what is seen."""
    questions = packet(command)
    taken = pour([client], lambda: questions, scene.seconds, MOST_BYTES)
    return Seen(f"{taken // len(command):,} asked")


def _by_person(command: bytes) -> Stages:
    def program(scene: Scene) -> Assault:
        with Person(scene.port, "mallory") as client:
            yield
            return ask(scene, client, command)

    return program


def _by_irc(command: bytes) -> Stages:
    def program(scene: Scene) -> Assault:
        with IrcClient(scene.port, "mallory") as client:
            client.ask("JOIN #lobby")
            yield
            return ask(scene, client, command)

    return program


WAIT = "make everybody wait for its answers"
_PROGRAMS: list[tuple[str, str, Callable[[bytes], Stages], bytes]] = [
    ("who", WAIT, _by_person, b"/who\n"),
    ("names", WAIT, _by_person, b"/names\n"),
    ("rooms", WAIT, _by_person, b"/rooms\n"),
    ("unknown", "make the server look for near words", _by_person, b"/abcdefgh\n"),
    ("irc-who", WAIT, _by_irc, b"WHO *\r\n"),
    ("irc-names", WAIT, _by_irc, b"NAMES\r\n"),
    ("lusers", WAIT, _by_irc, b"LUSERS\r\n"),
    ("irc-unknown", "make the server look for near words", _by_irc, b"ABCDEFGH x\r\n"),
]
for _name, _wants, _by, _command in _PROGRAMS:
    attack(_name, _wants, PLAIN)(_by(_command))

ROOMY = Shape(own_rooms=7)


@attack("list", "make everybody wait for 2,000 rooms", ROOMY)
def list_rooms(scene: Scene) -> Assault:
    with IrcClient(scene.port, "mallory") as client:
        yield
        return ask(scene, client, b"LIST\r\n")


@attack("list-masks", "have 100 masks tried on 2,000 rooms", ROOMY)
def list_masks(scene: Scene) -> Assault:
    masks = ",".join(f"*a*{n:02}" for n in range(70)).encode()
    with IrcClient(scene.port, "mallory") as client:
        yield
        return ask(scene, client, b"LIST " + masks + b"\r\n")


@attack("mode-bans", "have a list of 60 bans read out")
def mode_bans(scene: Scene) -> Assault:
    with IrcClient(scene.port, "mallory") as client:
        client.ask("JOIN #bans")
        for n in range(ROOM_BANS):
            client.ask(f"MODE #bans +b *{n}!*@*.example{n}.org")
        yield
        return ask(scene, client, b"MODE #bans b\r\n")


@attack("unread-who", "have answers pile up that it never reads")
def unread(scene: Scene) -> Assault:
    """Not the loop but the memory: 30 clients ask, and read nothing."""
    with together(people(scene.port, [HOST] * 30, receive_buffer=4096)) as clients:
        yield
        for client in clients:
            client.send_bytes(b"/who\n" * 180)
        time.sleep(scene.seconds)
    return Seen("30 x 180 asked")


def _reset_program(command: bytes, by_person: bool) -> Stages:
    """Three connections send 16 KiB of it and vanish, again and again."""

    def program(scene: Scene) -> Assault:
        yield
        deadline, rounds = time.monotonic() + scene.seconds, 0
        while time.monotonic() < deadline:
            nicks = [f"m{rounds}x{number}" for number in range(3)]
            three: list[Client] = [IrcClient(scene.port, nick) for nick in nicks if not by_person]
            three += people(scene.port, [HOST] * 3) if by_person else []
            for client in three:
                client.send_bytes(packet(command))
            for client in three:
                client.reset()
            rounds += 1
        return Seen(f"{rounds} times 3")

    return program


VANISH = "leave the work of 16 KiB behind and vanish"
for _name, _command, _human in (
    ("reset-who", b"/who\n", True),
    ("reset-names", b"/names\n", True),
    ("reset-unknown", b"/abcdefgh\n", True),
    ("reset-history", b"/history 500\n", True),
    ("reset-irc-who", b"WHO *\r\n", False),
    ("reset-irc-names", b"NAMES\r\n", False),
    ("reset-lusers", b"LUSERS\r\n", False),
):
    attack(_name, VANISH)(_reset_program(_command, _human))
attack("reset-list", VANISH, ROOMY)(_reset_program(b"LIST *a*,*b*,*c*,*d*\r\n", False))
