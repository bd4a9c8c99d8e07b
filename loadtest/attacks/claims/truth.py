"""What a slow reader is told of the lines it was not sent."""

import re
import time

from loadtest.attacks.attack import Seen, claim
from loadtest.attacks.client import CAPABILITIES, Hung, IrcClient, Person
from loadtest.attacks.server import Ground

LINES = 8000
FILLING = "y" * 300
SKIPPED = re.compile(r"([\d,]+) (?:lines?|messages?) skipped")


def _skipped(heard: list[str]) -> int:
    return sum(int(found[1].replace(",", "")) for line in heard if (found := SKIPPED.search(line)))


@claim("gap-count", "have a slow reader told a wrong number of lines it was not sent")
def gap_count(ground: Ground) -> Seen:
    wrong = []
    for kind in ("plain", "CTCP between", "typing between", "joins between"):
        said, others, heard = _gap(ground, kind)
        told = _skipped(heard)
        read = sum(1 for line in heard if line.endswith(FILLING))
        seen = sum(1 for line in heard if line.startswith("*** third "))
        # News of people may count as lines or not, as long as it is one of the two.
        if told not in (said - read, said + others - read - seen):
            wrong.append(f"{kind}: {said:,} said, {read:,} read, {told:,} told as skipped")
        elif not told:
            wrong.append(f"{kind}: nothing was skipped, so nothing is shown")
    return Seen("; ".join(wrong) or "exact, with signs and joins between", bool(wrong))


def _gap(ground: Ground, kind: str) -> tuple[int, int, list[str]]:
    """How many lines were said, how much news of people there was, and what the slow one heard."""
    ground.file.unlink(missing_ok=True)
    said = others = 0
    with (
        ground.server() as server,
        Person(server.port, "slow", receive_buffer=4096) as slow,
        IrcClient(server.port, "quick", capabilities=CAPABILITIES) as quick,
        Person(server.port, "third") as third,
    ):
        slow.ask("/join #gap")
        quick.ask("JOIN #gap")
        third.ask("/join #gap")
        slow.ask()
        for _ in range(LINES // 100):
            quick.ask(*[f"PRIVMSG #gap :line {FILLING}"] * 100)
            said += 100
            if kind == "CTCP between":
                quick.ask(*["PRIVMSG #gap :\x01VERSION\x01"] * 20)
            if kind == "typing between":
                quick.ask(*["@+typing=active TAGMSG #gap"] * 20)
            if kind == "joins between":
                third.ask("/part #gap", "/join #gap")
                others += 2
        heard = slow.ask()
    return said, others, heard


@claim("ghosts", "leave an IRC client with people who are gone, behind a gap")
def ghosts(ground: Ground) -> Seen:
    with (
        ground.server() as server,
        IrcClient(server.port, "quick") as quick,
        IrcClient(server.port, "slow") as slow,
        IrcClient(server.port, "ghost") as ghost,
    ):
        for one in (quick, slow, ghost):
            one.ask("JOIN #gap")
        slow.ask()
        for number in range(LINES // 100):
            quick.ask(*[f"PRIVMSG #gap :line {FILLING}"] * 100)
            if number == LINES // 200:
                ghost.ask("NICK renamed")
                ghost.send("QUIT :gone")
                quick.ask("TOPIC #gap :new", "MODE #gap +m")
        time.sleep(0.5)
        heard = slow.ask()
    skipped = _skipped(heard)
    left = any("QUIT" in line and "renamed" in line for line in heard)
    names = any(" 353 " in line for line in heard)
    topic = any(" 332 " in line or " TOPIC " in line for line in heard)
    mode = any(" 324 " in line or " MODE " in line for line in heard)
    text = f"{skipped:,} lines skipped; names {names}, topic {topic}, modes {mode}, quit {left}"
    return Seen(text, not ((names or left) and topic and mode))


LONG_ROOMS = 1500


@claim("long-list", "have an IRC client thrown out by the length of an answer it asked for")
def long_list(ground: Ground) -> Seen:
    with (
        ground.server("--rooms-per-session", "2000") as server,
        Person(server.port, "host") as host,
        Person(server.port, "pal") as pal,
        IrcClient(server.port, "asker") as asker,
    ):
        for first in range(0, LONG_ROOMS, 50):
            rooms = [f"#long{number}" for number in range(first, first + 50)]
            host.ask(*(line for room in rooms for line in (f"/join {room}", f"/topic {room * 4}")))
        asker.send("LIST", "WHO *", "LIST", "LIST")
        pal.ask(*(f"/msg asker psst {number}" for number in range(20)))
        time.sleep(1.0)
        try:
            heard = asker.ask()
        except Hung as why:
            return Seen(str(why)[:100], got=True)
    rows = sum(1 for line in heard if " 322 " in line)
    private = sum(1 for line in heard if "psst" in line)
    wrong = rows < 3 * LONG_ROOMS or private != 20
    return Seen(f"{rows:,} rows in three lists, {private} private lines meanwhile", wrong)


WORDS = "my password is hunter2"


@claim("redacted", "read what was taken back, from history, after a kill, or in the file")
def redacted(ground: Ground) -> Seen:
    capable = f"{CAPABILITIES} draft/message-redaction"
    with ground.server(database="sqlite") as server:
        with IrcClient(server.port, "alice", capabilities=capable) as alice:
            heard = alice.ask("JOIN #back", f"PRIVMSG #back :{WORDS}")
            heard += alice.ask()
            msgids = [re.search(r"msgid=(\w+)", line) for line in heard if WORDS in line]
            if not msgids or not msgids[0]:
                return Seen(f"no msgid to take back: {heard[-1:]}", got=True)
            alice.ask(f"REDACT #back {msgids[0][1]} :oops")
        again = _history(server.port)
        server.kill()
    with ground.server(database="sqlite") as server:
        again += _history(server.port)
    kept = b"".join(file.read_bytes() for file in ground.directory.glob("chat.db*"))
    found = [line for line in again if WORDS in line]
    text = f"in history: {found[:1] or 'no'}; in the file after a stop: {WORDS.encode() in kept}"
    return Seen(text, bool(found) or WORDS.encode() in kept)


def _history(port: int) -> list[str]:
    with IrcClient(port, "trudy", capabilities=CAPABILITIES) as trudy:
        heard = trudy.ask("JOIN #back", "CHATHISTORY LATEST #back * 100")
    with Person(port) as mallory:
        return heard + mallory.ask("/join #back", "/history 100")
