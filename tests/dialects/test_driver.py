"""What a dialect asks for is carried out, in order, until it is done."""

from __future__ import annotations

from typing import Any

import pytest

from geventchat.chat.events import Arrived, Entry, Identity, Joined
from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import FakeLine, Harness, HumanClient


class SlowLine(FakeLine):
    """A connection that takes nothing until somebody waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = 0
        self._waiting = False

    def deliver(self) -> None:
        if self._waiting:
            super().deliver()

    def wait_drained(self) -> None:
        self.waits += 1
        self._waiting = True
        super().deliver()
        self._waiting = False


def test_replies_are_out_before_more_is_done(harness: Harness) -> None:
    """Who asks for much and reads little waits: its answers do not pile up."""
    line = SlowLine()
    person = HumanClient(harness, line=line)
    person.come_in()
    before = line.waits
    person.does(b"/ping\r\n" * 50)
    assert line.waits - before == 50
    assert line.taken.count(b"-> pong") == 50


def test_a_room_is_entered_with_its_last_lines(harness: Harness) -> None:
    alice = harness.human("alice")
    alice.types("/join #dev", "one", "two", "/part")
    # As after a restart: the room is known, what was said in it is not.
    harness.audience.feeds.clear()
    welcome = harness.human("bob").types("/join #dev")
    assert welcome[1:] == ["[12:00] <alice> one", "[12:00] <alice> two", "-- end of history --"]


def test_a_room_can_be_entered_when_its_history_cannot_be_read(harness: Harness) -> None:
    alice = harness.human("alice")
    harness.store.read_error = "disk error"
    assert alice.types("/join #dev")[-1] == "-- no lines -- end of history --"
    assert list(alice.session.rooms) == ["#lobby", "#dev"]


def rights_asked(harness: Harness, client: Any, typed: str, monkeypatch: Any) -> int:
    """How often the rights are asked until what was typed is done."""
    from geventchat.chat import apply, events

    asked: list[object] = []
    kind = apply.KINDS[events.Joined]

    def check(state: Any, event: Any) -> None:
        asked.append(event)
        kind.check(state, event)

    monkeypatch.setitem(apply.KINDS, events.Joined, kind._replace(check=check))
    client.types(typed)
    return len(asked)


@pytest.mark.parametrize("typed", ["JOIN #dev", "@label=1 JOIN #dev key"])
def test_joining_asks_for_rights_twice(
    harness: Harness, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is proposed and when it is applied."""
    client = harness.irc("al", "labeled-response", "batch")
    assert rights_asked(harness, client, typed, monkeypatch) == 2


def test_whoever_is_put_out_is_told_and_closed() -> None:
    harness = Harness(oper_name="root", oper_password="pw")
    oper, alice = harness.irc("op"), harness.human("alice")
    oper.types("OPER root pw", "KILL alice :bye")
    assert alice.hears()[-1] == "-> You were removed from the server: Killed by op (bye)"
    assert alice.line.close_requested is CloseReason.KILLED
    assert harness.state.session_of("alice") is None


def test_the_settings_are_read_again() -> None:
    harness = Harness(oper_name="root", oper_password="pw")
    oper = harness.irc("op")
    harness.reloaded = "reloaded: 3 settings changed"
    assert oper.types("OPER root pw", "REHASH")[-1].endswith("*** reloaded: 3 settings changed")


def test_finishing_takes_the_session_out_and_gives_the_last_words(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    words = alice.driver.finish(HangUp(CloseReason.DRAIN))
    assert words == b"-> The server is shutting down. Come back soon.\r\n"
    assert bob.hears() == ["*** alice left (server is shutting down)."]
    assert alice.line.outbox is None
    assert len(harness.audience.outboxes) == 1


def test_private_history_begins_with_ones_own_arrival(harness: Harness) -> None:
    """Earlier versions used the numbers of sessions again in each run; that gives no access."""
    caps = ("batch", "draft/chathistory", "message-tags")
    al, bo = harness.irc("al", *caps), harness.irc("bo", *caps)
    al.types("PRIVMSG bo :secret")
    bo.hears()
    number = bo.session.number
    bo.end = bo.driver.received(b"QUIT\r\n")
    bo.driver.finish(HangUp(CloseReason.QUIT))
    harness.proposals._numbers = harness.state.last_session = number - 1
    eve = harness.irc("bo", *caps)
    assert eve.session.number == number
    assert not any("secret" in line for line in eve.types("CHATHISTORY LATEST al * 9"))
    targets = "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z"
    assert not any(
        " al " in x for x in eve.types(f"{targets} timestamp=2040-01-01T00:00:00.000Z 9")
    )
    al.types("PRIVMSG bo :for you")
    assert any("for you" in line for line in eve.types("CHATHISTORY LATEST al * 9"))


def test_the_short_way_and_the_long_way_say_the_same(harness: Harness) -> None:
    """Plain words in a room are proposed by a shorter way; nobody may see a difference."""
    for text in ("hello", "a  b", " x", ":)", "\x02bold\x02", "tab\there", "ü한👍🏽", "x" * 400):
        seen = []
        for verb in ("PRIVMSG", "privmsg"):  # The second goes the long way.
            al, bo = harness.irc(f"al{len(seen)}"), harness.irc(f"bo{len(seen)}")
            for client in (al, bo):
                client.types("JOIN #a")
            before = len(harness.applied)
            al.types(f"{verb} #A :{text}")
            (entry,) = [e for e in harness.applied[before:] if isinstance(e, Entry)]
            seen.append((entry.event.text, entry.event.room, bo.hears()[-1].partition(" ")[2]))  # type: ignore[attr-defined]
            for client in (al, bo):
                client.leaves()
        assert seen[0] == seen[1]


class GoneLine(FakeLine):
    """A connection that breaks after it was asked so many times whether to go on."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def go_on(self) -> CloseReason | None:
        self.times -= 1
        return None if self.times > 0 else CloseReason.RESET


def test_nothing_more_is_done_for_whoever_has_gone(harness: Harness) -> None:
    alice, line = harness.human("alice"), GoneLine(100)
    person = HumanClient(harness, line=line)
    person.come_in()
    alice.hears()
    line.times = 12
    person.does(b"one\r\n/ping\r\n" * 1000)
    assert person.end == HangUp(CloseReason.RESET)
    assert line.taken.count(b"pong") < 12
    person.driver.finish(person.end)
    assert sum("> one" in heard for heard in alice.hears()) < 12


@pytest.mark.parametrize("typed", ["/who", "/rooms"])
def test_long_answers_to_people_are_made_in_slices(harness: Harness, typed: str) -> None:
    slices = asked_to_go_on(harness, harness.human("alice"), typed)
    assert slices > 3


@pytest.mark.parametrize("typed", ["WHO *", "WHO #lobby", "NAMES", "LIST"])
def test_long_answers_to_programs_are_made_in_slices(harness: Harness, typed: str) -> None:
    slices = asked_to_go_on(harness, harness.irc("al"), typed)
    assert slices > 3


def asked_to_go_on(harness: Harness, client: Any, typed: str) -> int:
    """How often the connection is asked while a thousand people and rooms are told of."""
    people = [Identity(n + 1000, f"guest{n + 10}", "u", "h") for n in range(1000)]
    rooms = [f"#{who.nick}" for who in people[::2]]
    for come in (
        [Arrived(who, "irc") for who in people],
        [Joined(who, "#lobby") for who in people],
        [Joined(who, room) for who, room in zip(people[::2], rooms, strict=True)],
    ):
        for event in come:
            harness.journal.propose(0, event)
        harness.settle()  # Nobody proposes what may not happen yet.
    client.hears()
    count = [0]
    go_on = client.line.go_on

    def counted() -> CloseReason | None:
        count[0] += 1
        found: CloseReason | None = go_on()
        return found

    client.line.go_on = counted
    lines = client.types(typed)
    assert len(" ".join(lines)) > 5000
    return count[0]
