"""An answer of thousands of lines is made as it is read, whoever asks for it and how."""

from __future__ import annotations

import pytest

from geventchat.chat.events import Arrived, Event, Identity, Invited, Joined, Left, Told
from tests.harness import HOST, FakeLine, Harness, HumanClient, IrcClient

MANY = 3000
SIZES = {"watching_max": MANY, "departed_max": MANY, "history_max_lines": MANY}


class SlowLine(FakeLine):
    """A client that takes nothing until it is waited for; the most that ever waited for it."""

    most = 0

    def deliver(self) -> None:
        self.most = max(self.most, 0 if self.outbox is None else len(self.outbox.items))

    def wait_drained(self) -> None:
        self.deliver()
        super().deliver()


@pytest.fixture(scope="module")
def slow() -> tuple[IrcClient, HumanClient]:
    """A client and a person among thousands of people and rooms, with as many lines to read."""
    harness = Harness(name="irc.test", motd="tea\n" * MANY, **SIZES)  # type: ignore[arg-type]
    client = IrcClient(harness, "batch", "labeled-response", "draft/chathistory", line=SlowLine())
    client.registers("al")
    person = HumanClient(harness, line=SlowLine())
    person.come_in()
    person.driver.announce()
    people = [Identity(9_000 + n, f"p{n}", "~p", HOST) for n in range(MANY)]
    gone = [Identity(20_000 + n, "gone", "~p", HOST) for n in range(MANY)]
    done: list[Event] = [Arrived(who, "irc", "Real") for who in people]
    done += [Joined(who, "#all") for who in people]
    done += [Joined(who, f"#r{n}") for n, who in enumerate(people)]
    done += [Invited(who, f"#r{n}", 1, "al") for n, who in enumerate(people)]
    done += [Told(people[0], 1, "al", f"line {n}") for n in range(MANY)]
    for event in done:
        harness.journal.propose(event.by.session, event)
    harness.settle()
    for who in gone:
        for event in (Arrived(who, "irc"), Left(who, "")):
            harness.journal.propose(who.session, event)
            harness.settle()
    for one in (client, person):
        one.sends(b"\r\n")  # Reads what has come.
    return client, person


def waiting(slow: HumanClient) -> float:
    """How much waited for a client at the most since last asked, of what ends it."""
    most, slow.line.most = slow.line.most, 0
    return most / slow.harness.config.outbox_max_items


WATCHED = [f"MONITOR + {','.join(f'p{n + i}' for i in range(60))}" for n in range(0, MANY, 60)]


@pytest.mark.parametrize(
    ("asked", "answered", "rows"),
    [
        (["LIST"], " 322 ", MANY + 2),
        (["LIST #*,>0"], " 322 ", MANY + 2),
        (["NAMES"], " 353 ", MANY + 2),
        (["NAMES #all"], " 353 ", 10),
        (["WHO *"], " 352 ", MANY + 2),
        (["WHO #all"], " 352 ", MANY),
        (["WHO * %tnuhr,7"], " 354 ", MANY + 2),
        (["WHOWAS gone"], " 314 ", MANY),
        (["INVITE"], " 336 ", MANY),
        (["MOTD"], " 372 ", MANY),
        (["WHOIS p1"] * 300, " 311 ", 300),
        (WATCHED, " 730 ", MANY // 60),
        ([*WATCHED, "MONITOR L"], " 732 ", 10),
        ([*WATCHED, "MONITOR S"], " 730 ", 100),
        ([f"CHATHISTORY LATEST p0 * {MANY}"], " PRIVMSG al :line ", MANY),
    ],
)
@pytest.mark.parametrize("label", ["", "@label=x "])
def test_programs(
    slow: tuple[IrcClient, HumanClient], asked: list[str], answered: str, rows: int, label: str
) -> None:
    client, _ = slow
    waiting(client)
    heard = [line for ask in asked for line in client.types(label + ask)]
    found = [line for line in heard if answered in line]
    assert len(found) >= rows
    assert waiting(client) < 1 / 2
    assert client.end is None


@pytest.mark.parametrize(
    ("asked", "rows"), [("/who", MANY + 4), ("/rooms", MANY + 2), ("/names #all", 1)]
)
def test_people(slow: tuple[IrcClient, HumanClient], asked: str, rows: int) -> None:
    _, person = slow
    waiting(person)
    assert len(person.types(asked)) == rows
    assert waiting(person) < 1 / 2


@pytest.mark.parametrize("asked", ["LIST", "MOTD"])  # As it comes; as one item.
def test_a_long_answer_with_a_label_is_one_batch(
    slow: tuple[IrcClient, HumanClient], asked: str
) -> None:
    first, *lines, last = slow[0].types(f"@label=x {asked}")
    name = first.split(" ")[3].removeprefix("+")
    assert first == f"@label=x :irc.test BATCH +{name} labeled-response"
    assert last == f":irc.test BATCH -{name}"
    assert len(lines) > MANY
    assert all(line.startswith(f"@batch={name} :irc.test 3") for line in lines)
