"""Who comes in, under which name, and whose first bytes are no chat."""

import sqlite3
import time

from loadtest.attacks.attack import Seen, claim
from loadtest.attacks.claims.first_bytes import Caller, callers
from loadtest.attacks.client import Client, Hung, IrcClient, Person
from loadtest.attacks.server import Ground

# The slowest of them sends its second half after 5.5 s; then a silence follows.
LISTEN_S = 14.0


@claim("first-bytes", "have another program's first bytes said in the lobby")
def first_bytes(ground: Ground) -> Seen:
    with (
        ground.server() as server,
        Person(server.port, "carol") as carol,
        IrcClient(server.port, "dave") as dave,
    ):
        dave.ask("JOIN #lobby")
        those = callers()
        _play(server.port, those)
        heard = carol.ask() + dave.ask()
        alive = server.alive()
    said = [line for line in heard if _is_said(line)]
    stored = _stored(ground) if ground.database == "sqlite" else 0
    joined = sum(1 for line in heard if line.endswith("here)") and " joined" in line)
    text = f"{len(those)} callers, {joined} announced, {len(said)} lines heard, {stored} stored"
    return Seen(text + "".join(f"; {line[:60]!r}" for line in said[:3]), bool(said) or not alive)


def _is_said(line: str) -> bool:
    """A line of chat, at telnet or IRC; carol and dave say nothing."""
    return " PRIVMSG #lobby " in line or (line.startswith("[") and "] <" in line)


def _stored(ground: Ground) -> int:
    with sqlite3.connect(ground.file) as database:
        found = database.execute("SELECT count(*) FROM events WHERE kind = 'said'").fetchone()
    database.close()
    return int(found[0])


def _play(port: int, those: list[Caller]) -> None:
    """Let all of them call at once, each at its own pace."""
    start = time.monotonic()
    lines = {caller.name: Client(port) for caller in those}
    steps = sorted((at, caller.name, data) for caller in those for at, data in caller.steps)
    try:
        for at, name, data in steps:
            time.sleep(max(0.0, start + at - time.monotonic()))
            try:
                lines[name].sock.send(data)
            except OSError:
                pass  # It has been hung up on: quite right.
        time.sleep(max(0.0, start + LISTEN_S - time.monotonic()))
    finally:
        for client in lines.values():
            client.close()


@claim("password", "talk on a server with a password without knowing it")
def password(ground: Ground) -> Seen:
    with (
        ground.server("--password", "sesame") as server,
        IrcClient(server.port, "alice", password="sesame") as alice,
    ):
        alice.ask("JOIN #lobby")
        with Client(server.port) as mallory:
            mallory.during(1.0)
            try:
                mallory.send("wrong", "hello from outside", "/who", "/rooms", "/msg alice psst")
                told = mallory.during(2.0)
            except Hung:
                told = ["closed"]
        heard = [line for line in alice.ask() if "outside" in line or "psst" in line]
        leaked = [line for line in told if "alice" in line]
        with IrcClient(server.port, "trudy", password="wrong") as trudy:
            let_in = any(" 001 " in line for line in trudy.welcome)
    found = heard + leaked + ["IRC let in with a wrong one"] * let_in
    return Seen(f"{found[0][:80]!r}" if found else f"told: {told[:1]}", bool(found))


GUESSER = "127.0.9.9"


@claim("password-guess", "guess the server's password, again and again on one connection")
def guesses(ground: Ground) -> Seen:
    with ground.server("--password", "sesame", limited=True) as server:
        tried = 0
        with Client(server.port, GUESSER) as mallory:
            mallory.during(1.0)
            try:
                for _ in range(40):
                    mallory.send(f"guess{tried}")
                    tried += 1
                    mallory.during(0.05)
                    if mallory.closed:
                        break
            except Hung:
                pass  # Closed between two guesses.
        log = server.log()
    text = f"{tried} tries, {'closed' if mallory.closed else 'still there'}"
    logged = GUESSER in log
    return Seen(f"{text}, address {'in the log' if logged else 'NOT logged'}", tried > 10)


DECEIVING = ("NickServ", "ChanServ", "geventchat", "server", "guest999", "OperServ", "root")
MAY = ("root",)  # of no meaning here; shown, not judged


@claim("false-names", "be called like a service, the server or another guest")
def false_names(ground: Ground) -> Seen:
    taken = []
    with ground.server() as server:
        for name in DECEIVING:
            with Person(server.port) as mallory:
                if any("now known as" in line for line in mallory.ask(f"/nick {name}")):
                    taken.append(name)
            if name not in taken:
                with IrcClient(server.port, name) as trudy:
                    if any(f" 001 {name} " in line for line in trudy.welcome):
                        taken.append(name)
    got = [name for name in taken if name not in MAY]
    return Seen(f"taken: {', '.join(taken) or 'none'}", bool(got))


INVISIBLE = ("\ufe0f", "\uffa0", "\u1160", "\u034f", "\u180b", "\U000e0100", "\u17b4", "\u200b")
ALIKE = [(f"#lobby{sign}", "#lobby") for sign in INVISIBLE]
ALIKE += [("#cafe\u0301", "#caf\u00e9"), ("#\uff4cobby", "#lobby"), ("#l\u043ebby", "#lobby")]
NICKS_ALIKE = ("\u0430lice", "alice\u200b", "\uff41lice", "a\u0131ice", "alice\ufe0f", "\u0391lice")


@claim("look-alikes", "have a room or a name that looks like another")
def alike(ground: Ground) -> Seen:
    got = []
    with (
        ground.server() as server,
        Person(server.port, "alice") as alice,
        Person(server.port) as mallory,
    ):
        for number, (false, true) in enumerate(ALIKE):
            alice.ask(f"/join {true}")
            answer = mallory.ask(f"/join {false}", f"/switch {false}", f"mark{number}")
            inside = any(line.startswith("-> You are in #") for line in answer)
            if inside and not any(f"mark{number}" in line for line in alice.ask()):
                got.append(false)
            mallory.ask(f"/part {false}")
        for nick in NICKS_ALIKE:
            if any("now known as" in line for line in mallory.ask(f"/nick {nick}")):
                got.append(nick)
    shown = ", ".join(ascii(name).strip("'") for name in got)
    of = len(ALIKE) + len(NICKS_ALIKE)
    return Seen(
        f"{len(got)} of {of} are others' own: {shown}" if got else f"none of {of}", bool(got)
    )


@claim("addresses", "learn the addresses of others")
def addresses(ground: Ground) -> Seen:
    home = "127.0.9.9"
    with ground.server() as server, IrcClient(server.port, "trudy") as trudy:
        with Person(server.port, "bob", home) as bob, Person(server.port, "mallory") as mallory:
            trudy.ask("JOIN #lobby")
            bob.ask("hello")
            heard = trudy.ask("WHOIS bob", "WHO bob", "WHO #lobby", "USERHOST bob", "WHO * %hin")
            heard += mallory.ask("/whois bob", "/who")
            mallory.ask("/join #door", "/ban bob")
            heard += mallory.ask("/bans")
        heard += trudy.ask("WHOWAS bob")
    found = [line for line in heard if home in line]
    return Seen(f"{found[0][:80]!r}" if found else "in no answer", bool(found))
