"""The one flusher: everyone is sent what is new, the same bytes, and nobody waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from geventchat.net.flusher import Flusher
from tests.harness import Harness, HumanClient
from tests.net.socket_pair import Line, attach


class House:
    """People on a harness with connections, and the flusher that serves them."""

    def __init__(self, **settings: int) -> None:
        self.harness = Harness(**settings)
        self.later: list[Callable[[], None]] = []
        self.flusher = Flusher(self.harness.state, self.later.append)
        self.lines: list[Line] = []

    def person(self, nick: str, send_buffer: int = 0) -> tuple[HumanClient, Line]:
        person = self.harness.human(nick)
        line = Line(send_buffer)
        self.lines.append(line)
        attach(person, line.connection)
        self.flusher.flush()
        return person, line

    def types(self, person: HumanClient, *lines: str) -> None:
        person._drive(person.dialect.received("".join(f"{x}\r\n" for x in lines).encode()))
        self.flusher.flush()


@pytest.fixture
def house() -> object:
    made = House(backlog_events=32)
    yield made
    for one in made.lines:
        one.close()


def shown(line: Line) -> list[str]:
    return line.received().decode().split("\r\n")[:-1]


def test_a_line_goes_to_every_member_but_its_author(house: House) -> None:
    (alice, a), (_, b), (_, c) = (house.person(nick) for nick in ("alice", "bob", "carol"))
    for line in (a, b, c):
        shown(line)
    house.types(alice, "hello", "/me waves")
    assert shown(a) == ["* alice waves"]
    assert shown(b) == shown(c) == ["[12:00] <alice> hello", "* alice waves"]


def test_a_reply_stands_between_the_lines_it_came_between(house: House) -> None:
    (alice, a), (bob, _) = house.person("alice"), house.person("bob")
    shown(a)
    bob._drive(bob.dialect.received(b"one\r\n"))
    alice._drive(alice.dialect.received(b"/ping\r\n"))
    bob._drive(bob.dialect.received(b"two\r\n"))
    house.flusher.flush()
    alice.session.link.deliver()
    assert shown(a) == ["[12:00] <bob> one", "-> pong", "[12:00] <bob> two"]


def test_a_reply_that_waits_is_not_overtaken(house: House) -> None:
    (alice, a), (bob, _) = house.person("alice"), house.person("bob")
    shown(a)
    alice._drive(alice.dialect.received(b"/ping\r\n"))
    house.types(bob, "two")
    assert shown(a) == ["-> pong", "[12:00] <bob> two"]


def test_one_who_does_not_read_stops_nobody_and_is_told_the_gap(house: House) -> None:
    (_, deaf), (_, b) = house.person("deaf", send_buffer=4096), house.person("bob")
    writer, _ = house.person("writer")
    before = shown(deaf)
    shown(b)
    heard: list[str] = []
    for number in range(300):
        house.types(writer, f"{number} " + "x" * 2000)
        heard += shown(b) if number % 50 == 49 else []
    assert [int(line.split()[2]) for line in heard] == list(range(300))
    late = before + shown(deaf)
    while more := shown(deaf):
        late += more
    came = [int(line.split()[2]) for line in late if "<writer>" in line]
    skipped = [int(line.split()[1]) for line in late if "skipped" in line]
    assert skipped
    assert len(came) + sum(skipped) == 300
    assert came[-1] == 299


def test_a_touched_session_is_delivered_when_the_turn_ends(house: House) -> None:
    alice, a = house.person("alice")
    shown(a)
    for text in (b"-> one\r\n", b"-> two\r\n"):
        alice.session.queue(text)
        house.flusher.touch(alice.session)
    assert shown(a) == []
    assert len(house.later) == 1
    house.later.pop()()
    assert shown(a) == ["-> one", "-> two"]


def test_who_has_gone_is_skipped(house: House) -> None:
    (alice, _), (_, b), (carol, c) = (house.person(n) for n in ("alice", "bob", "carol"))
    shown(b)
    c.client.close()
    for _ in range(5):
        house.types(alice, "hello")
    assert shown(b) == ["[12:00] <alice> hello"] * 5
    carol.session.link = None
    house.types(alice, "still here")
    assert shown(b) == ["[12:00] <alice> still here"]


def test_choosing_readers_see_only_what_they_want(house: House) -> None:
    (alice, _), (bob, b) = house.person("alice"), house.person("bob")
    house.types(bob, "/ignore alice")
    bob.session.link.deliver()
    shown(b)
    house.types(alice, "hello")
    assert shown(b) == []
    house.types(bob, "/unignore alice")
    house.types(alice, "again")
    assert shown(b)[-1] == "[12:00] <alice> again"
