"""The process: its files, its signals, its places, its rooms, and what it leaves on disk."""

import re
import signal
import time
from contextlib import ExitStack

from loadtest.attacks.attack import Seen, claim
from loadtest.attacks.client import HOST, Client, Hung, IrcClient, Person, people, together
from loadtest.attacks.server import Ground, Server

IDLE_CPU = 0.05
FILES = 100
CALLERS = 140


@claim("descriptors", "keep a core busy by taking all the descriptors")
def descriptors(ground: Ground) -> Seen:
    with ground.server(files=FILES) as server, ExitStack() as stack:
        for _ in range(CALLERS):
            stack.enter_context(Client(server.port))
        time.sleep(2.0)
        cpu, start = server.cpu_seconds(), time.monotonic()
        time.sleep(4.0)
        share = (server.cpu_seconds() - cpu) / (time.monotonic() - start)
        full = server.log()
        stack.close()
        time.sleep(1.5)
        with Person(server.port) as later:
            later.ask()
    logged = re.search(r"descriptor|open files|full", full, re.IGNORECASE)
    text = f"{share:.0%} of a core idle and full; {'logged' if logged else 'NOT logged'}"
    return Seen(f"{text}; lets people in afterwards", share > IDLE_CPU or not logged)


@claim("sighup", "end the server by closing the terminal it was started from")
def sighup(ground: Ground) -> Seen:
    with ground.server() as server, Person(server.port, "alice") as alice:
        server.child.process.send_signal(signal.SIGHUP)
        time.sleep(1.0)
        try:
            alice.ask(seconds=5)
        except Hung:
            return Seen("the server is gone", got=True)
        alive = server.alive()
    return Seen("it answers on", got=not alive)


@claim("slots", "take a place for ever by each connection while everything is logged")
def slots(ground: Ground) -> Seen:
    places = 20
    flags = ("--log-level", "debug", "--max-connections", str(places))
    with ground.server(*flags) as server:
        for _ in range(4):
            with together(people(server.port, [HOST] * (places // 2))) as those:
                for one in those:
                    one.ask("hello", "/join #a", "/part #a")
            time.sleep(0.3)
        try:
            with Person(server.port) as later:
                later.ask()
        except Hung as why:
            return Seen(str(why)[:80], got=True)
    return Seen(f"{4 * places // 2} came and went on {places} places, the next is let in")


@claim("squatting", "open rooms with topics until nobody else can open one")
def squatting(ground: Ground) -> Seen:
    most = 200
    with ground.server("--rooms-max", str(most)) as server:
        with Person(server.port, "mallory") as mallory:
            for number in range(most + 20):
                room = f"#squat{number}"
                mallory.ask(f"/join {room}", "/topic mine", "a line", f"/part {room}")
        now = _newcomer(server, "#news")
    if ground.database == "none":
        return Seen(f"at once: {now or 'all well'}", bool(now))
    with ground.server("--rooms-max", str(most)) as server:
        later = _newcomer(server, "#later")
    text = f"at once: {now or 'all well'}; after a restart: {later or 'all well'}"
    return Seen(text, bool(now or later))


def _newcomer(server: Server, room: str) -> str:
    """What is wrong with coming in, talking in the lobby and opening a room; nothing is well."""
    try:
        with Person(server.port, "carol") as carol, Person(server.port, "dave") as dave:
            if not any("#lobby" in line for line in carol.welcome):
                return f"no lobby: {carol.welcome[-2:]}"
            carol.ask("hello lobby")
            dave.until("hello lobby", 5)
            answer = carol.ask(f"/join {room}")
        with IrcClient(server.port, "erin") as erin:
            if not any(" 366 " in line for line in erin.ask("JOIN #lobby")):
                return "IRC does not get into the lobby"
    except Hung as why:
        return str(why)[:80]
    inside = any(line.startswith(f"-> You are in {room}") for line in answer)
    return "" if inside else f"{answer[-1:]}"


KEY, PRIVATE = "sesame4711", "for your eyes only 4712"


@claim("database-file", "read keys and private lines in the database, or read it at all")
def database_file(ground: Ground) -> Seen:
    with (
        ground.server(database="sqlite") as server,
        IrcClient(server.port, "alice") as alice,
        Person(server.port, "bob") as bob,
    ):
        alice.ask("JOIN #keyed", f"MODE #keyed +k {KEY}", f"PRIVMSG bob :{PRIVATE}")
        bob.ask("/msg alice indeed")
        files = sorted(ground.directory.glob("chat.db*"))
        open_to_all = [file.name for file in files if file.stat().st_mode & 0o077]
    time.sleep(0.2)
    with ground.server(database="sqlite") as server, Person(server.port) as later:
        later.ask("hello")
    kept = b"".join(file.read_bytes() for file in ground.directory.glob("chat.db*"))
    found = [f"open to all: {', '.join(open_to_all)}"] * bool(open_to_all)
    found += ["the key of a room"] * (KEY.encode() in kept)
    found += ["a private line whose both ends are gone"] * (PRIVATE.encode() in kept)
    return Seen("; ".join(found) or "0600, no keys, no private lines", bool(found))
