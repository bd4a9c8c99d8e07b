"""Rooms that are closed and what was said there; secret rooms; who may open a door."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from loadtest.attacks.attack import Check, Seen, claim
from loadtest.attacks.client import CAPABILITIES, IrcClient, Person
from loadtest.attacks.server import Ground, Server

ROOM = "#board"
SECRET = "the password of the vault is 4711"
TOPIC = "the coup is on friday"
READABLE = ("4711", "coup")
LOCKS = {"a key": "+k sesame", "+i": "+i", "+s": "+s", "all three": "+iks sesame"}


def _talk_behind(port: int, lock: str) -> IrcClient:
    alice = IrcClient(port, "alice")
    alice.ask(f"JOIN {ROOM}", f"MODE {ROOM} {lock}", f"TOPIC {ROOM} :{TOPIC}")
    alice.ask(f"PRIVMSG {ROOM} :{SECRET}")
    return alice


def _try_to_read(port: int) -> list[str]:
    """All that a newcomer is told who tries everything."""
    heard: list[str] = []
    with Person(port, "mallory") as mallory:
        heard += mallory.ask(f"/join {ROOM}")
        asks = ("/history 100", "/more", "/pins", "/topic", f"/history 100 {ROOM}", "/rooms")
        heard += mallory.ask(*asks, "/search vault", "/missed", "/seen alice", f"/names {ROOM}")
    with IrcClient(port, "trudy", capabilities=CAPABILITIES) as trudy:
        heard += trudy.ask(f"JOIN {ROOM}", f"TOPIC {ROOM}", "LIST", f"MODE {ROOM}")
        heard += trudy.ask(f"CHATHISTORY LATEST {ROOM} * 100")
        heard += trudy.ask(f"CHATHISTORY BEFORE {ROOM} timestamp=2099-01-01T00:00:00.000Z 100")
        heard += trudy.ask(f"CHATHISTORY AFTER {ROOM} msgid=1 100")
    return [line for line in heard if any(word in line for word in READABLE)]


def _by_emptying(ground: Ground, lock: str) -> list[str]:
    with ground.server() as server:
        with _talk_behind(server.port, lock) as alice:
            alice.ask(f"PART {ROOM}")
        return _try_to_read(server.port)


def _by_leaving(ground: Ground, lock: str) -> list[str]:
    with ground.server() as server:
        _talk_behind(server.port, lock).reset()
        with Person(server.port) as later:
            later.during(0.5)  # the server notices that alice is gone
        return _try_to_read(server.port)


def _by_ending(end: Callable[[Server], None]) -> Callable[[Ground, str], list[str]]:
    def way(ground: Ground, lock: str) -> list[str]:
        with ground.server() as server, _talk_behind(server.port, lock):
            end(server)
        with ground.server() as server:
            return _try_to_read(server.port)

    return way


WAYS = {
    "emptied": (_by_emptying, "its last member has parted"),
    "reset": (_by_leaving, "its last member has vanished"),
    "killed": (_by_ending(Server.kill), "a kill -9 of the server"),
    "restarted": (_by_ending(Server.stop), "a restart of the server"),
}


def _closed_room(way: Callable[[Ground, str], list[str]]) -> Check:
    def check(ground: Ground) -> Seen:
        read = []
        for lock, mode in LOCKS.items():
            ground.file.unlink(missing_ok=True)
            if found := way(ground, mode):
                read.append(f"behind {lock}: {found[0][:60]!r}")
        return Seen("; ".join(read) or f"nothing, behind {', '.join(LOCKS)}", bool(read))

    return check


for _name, (_way, _when) in WAYS.items():
    claim(f"closed-{_name}", f"read what was said in a closed room, after {_when}")(
        _closed_room(_way)
    )


@contextmanager
def _secret_room(ground: Ground) -> Iterator[int]:
    with (
        ground.server() as server,
        _talk_behind(server.port, "+s") as alice,
        IrcClient(server.port, "ghost") as ghost,
    ):
        alice.ask("MODE alice +i")
        ghost.ask("JOIN #open", "MODE ghost +i")
        yield server.port


@claim("secret-room", "learn of a secret room, its topic and who is in it")
def secret_room(ground: Ground) -> Seen:
    with _secret_room(ground) as port:
        with Person(port, "mallory") as mallory:
            asks = ("/rooms", "/who", "/whois alice", "/seen alice", "/names")
            heard = mallory.ask(*asks)
            named = mallory.ask(f"/names {ROOM}", f"/topic {ROOM}", f"/history 10 {ROOM}")
        with IrcClient(port, "trudy", capabilities=CAPABILITIES) as trudy:
            heard += trudy.ask("LIST", "NAMES", "WHO *", "WHOIS alice", "WHOWAS alice")
            named += trudy.ask(f"NAMES {ROOM}", f"WHO {ROOM}", f"TOPIC {ROOM}", f"MODE {ROOM} b")
            named += trudy.ask(f"CHATHISTORY LATEST {ROOM} * 100", f"KICK {ROOM} alice")
    told = [line for line in heard if ROOM in line]
    told += [line for line in heard + named if any(word in line for word in READABLE)]
    told += [line for line in named if "alice" in line and "KICK" not in line]
    told += [line for line in named if " 442 " in line or " 482 " in line]
    return Seen(f"{told[0][:80]!r}" if told else "as if there were none", bool(told))


@claim("invisible", "find people who are invisible, without a room in common")
def invisible(ground: Ground) -> Seen:
    with _secret_room(ground) as port:
        with Person(port, "mallory") as mallory:
            heard = mallory.ask("/who", "/names", "/rooms")
        with IrcClient(port, "trudy") as trudy:
            heard += trudy.ask("WHO *", "NAMES", "WHO 0")
    told = [line for line in heard if "ghost" in line]
    return Seen(f"{told[0][:80]!r}" if told else "they are in no list", bool(told))


@claim("invitation", "come into a closed room by the invitation of somebody who may not open it")
def invitation(ground: Ground) -> Seen:
    opened = []
    with ground.server() as server, IrcClient(server.port, "alice") as alice:
        for number, lock in enumerate(("+k sesame", "+i", "+l 2", "+b mallory!*@*")):
            room = f"#door{number}"
            alice.ask(f"JOIN {room}")
            with IrcClient(server.port, "pal") as pal, IrcClient(server.port, "mallory") as other:
                pal.ask(f"JOIN {room}")
                alice.ask(f"MODE {room} {lock}")
                pal.ask(f"INVITE mallory {room}")
                if any(" 366 " in line for line in other.ask(f"JOIN {room}")):
                    opened.append(lock)
    return Seen(f"opened: {', '.join(opened) or 'none of four'}", bool(opened))
