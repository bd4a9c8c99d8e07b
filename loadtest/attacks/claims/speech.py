"""Who may not speak, and every other way of being read; whose words go where."""

from loadtest.attacks.attack import Check, Seen, claim
from loadtest.attacks.client import Hung, IrcClient, Person
from loadtest.attacks.server import Ground

GUARDS = ("+m", "+b bob!*@*", "+b m:bob!*@*")
WATCHING = "away-notify setname message-tags echo-message account-notify draft/message-redaction"


def _by_person(port: int, room: str, spam: str, guard: IrcClient, lock: str) -> None:
    with Person(port, "bob") as bob:
        bob.ask(f"/join {room}")
        guard.ask(f"MODE {room} {lock}", f"MODE {room} -t")
        bob.ask(f"{spam} line", f"/me {spam} me", f"/topic {spam} topic", f"/pin {spam}")
        bob.ask(f"/away {spam} away", f"/nick {spam}_nick", f"{spam} line again")
        bob.ask(f"/invite carol {room}", f"/part {room} {spam} part")
        bob.send(f"/quit {spam} quit")
        bob.during(0.5)


def _by_irc(port: int, room: str, spam: str, guard: IrcClient, lock: str) -> None:
    with IrcClient(port, "bob", capabilities=WATCHING) as bob:
        bob.ask(f"JOIN {room}")
        guard.ask(f"MODE {room} {lock}", f"MODE {room} -t")
        bob.ask(f"PRIVMSG {room} :{spam}", f"NOTICE {room} :{spam}", f"TOPIC {room} :{spam}")
        bob.ask(f"PRIVMSG @{room} :{spam}", f"@+x={spam} TAGMSG {room}", f"AWAY :{spam}")
        bob.ask(f"SETNAME :{spam}", f"NICK {spam}", f"PRIVMSG {room} :{spam} again")
        bob.ask(f"PART {room} :{spam}")
        bob.send(f"QUIT :{spam}")
        bob.during(0.5)


def _mute(irc: bool) -> Check:
    def check(ground: Ground) -> Seen:
        read: list[str] = []
        with ground.server() as server, IrcClient(server.port, "alice") as alice:
            for number, lock in enumerate(GUARDS):
                room, spam = f"#quiet{number}", f"BUY{number}"
                alice.ask(f"JOIN {room}")
                # Only in that room: what bob may say elsewhere is no evasion.
                with (
                    Person(server.port, "carol") as carol,
                    IrcClient(server.port, "dave", capabilities=WATCHING) as dave,
                ):
                    carol.ask(f"/join {room}", "/part #lobby")
                    dave.ask(f"JOIN {room}")
                    (_by_irc if irc else _by_person)(server.port, room, spam, alice, lock)
                    heard = [line for line in carol.ask() + dave.ask() if spam in line]
                    read += [f"{lock}: {line[:60]!r}" for line in heard]
        return Seen("; ".join(read[:4]) or "nothing", bool(read))

    return check


MUTE = "be read by a room in which it may not speak, by any means at"
claim("mute", f"{MUTE} telnet")(_mute(irc=False))
claim("mute-irc", f"{MUTE} IRC")(_mute(irc=True))


@claim("kicked", "make somebody's next words go to another room by a kick")
def kicked(ground: Ground) -> Seen:
    words = "the root password is hunter2"
    heard: list[str] = []
    with (
        ground.server() as server,
        IrcClient(server.port, "alice") as alice,
        Person(server.port, "bob") as bob,
        Person(server.port, "carol") as carol,
    ):
        alice.ask("JOIN #ops", "JOIN #lobby")
        bob.ask("/join #ops")
        alice.ask("KICK #ops bob :out")
        bob.during(0.3)
        answer = bob.ask(words)
        heard += carol.ask() + alice.ask()
        # Whoever wants to talk elsewhere says so, and is heard there.
        bob.ask("/switch #lobby", "hello again")
        try:
            heard += carol.until("hello again", 5)
        except Hung:
            return Seen("bob is heard nowhere any more", got=True)
    found = [line for line in heard if "hunter2" in line]
    told = [line for line in answer if line.startswith("-> ")]
    return Seen(f"{(found or told or ['nothing said'])[0][:80]!r}", bool(found))
