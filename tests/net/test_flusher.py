"""The one flusher: everyone is sent what is new, the same bytes, and nobody waits."""

from __future__ import annotations

import pytest

from geventchat.errors import CloseReason
from geventchat.net.flusher import Flusher
from tests.harness import Harness, HumanClient
from tests.net.socket_pair import SocketPair, attach


class Network:
    """People on a harness with connections, and the flusher that serves them."""

    def __init__(self, **settings: int) -> None:
        self.harness = Harness(**settings)
        self.flusher = Flusher(self.harness.audience)
        self.lines: list[SocketPair] = []

    def person(self, nick: str, send_buffer: int = 0) -> tuple[HumanClient, SocketPair]:
        person = self.harness.human(nick)
        line = SocketPair(send_buffer)
        self.lines.append(line)
        attach(person, line.connection)
        self.flusher.flush()
        return person, line

    def types(self, person: HumanClient, *lines: str) -> None:
        person.does("".join(f"{x}\r\n" for x in lines).encode())
        self.flusher.flush()


@pytest.fixture
def network() -> object:
    made = Network(backlog_events=32)
    yield made
    for one in made.lines:
        one.close()


def shown(line: SocketPair) -> list[str]:
    return line.received().decode().split("\r\n")[:-1]


def test_a_line_goes_to_every_member_but_its_author(network: Network) -> None:
    (alice, a), (_, b), (_, c) = (network.person(nick) for nick in ("alice", "bob", "carol"))
    for line in (a, b, c):
        shown(line)
    network.types(alice, "hello", "/me waves")
    assert shown(a) == ["[12:00] * alice waves"]
    assert shown(b) == shown(c) == ["[12:00] <alice> hello", "[12:00] * alice waves"]


def test_a_new_day_is_told_to_every_member_and_to_the_author(network: Network) -> None:
    (alice, a), (_, b) = (network.person(nick) for nick in ("alice", "bob"))
    network.types(alice, "good night")
    shown(a), shown(b)
    network.harness.clock += 43_200_000
    network.types(alice, "good morning")
    assert shown(a) == ["*** Wednesday, 15 November 2023"]
    assert shown(b) == ["*** Wednesday, 15 November 2023", "[00:00] <alice> good morning"]


def test_who_was_sent_the_same_stands_at_the_same_cursor(network: Network) -> None:
    """So that the next line is one comparison and one `send` for each of them."""
    people = [network.person(nick)[0] for nick in ("alice", "bob", "carol")]
    log = network.harness.audience.feeds["#lobby"].log
    for number in range(3):
        network.types(people[0], f"line {number}")
        assert log.flushed is log.head
        for person in people[1:]:
            assert person.outbox is not None
            assert person.outbox.subscriptions["#lobby"].cursor is log.head


def test_a_reply_stands_between_the_lines_it_came_between(network: Network) -> None:
    (alice, a), (bob, _) = network.person("alice"), network.person("bob")
    shown(a)
    bob.does(b"one\r\n")
    alice.does(b"/ping\r\n")
    bob.does(b"two\r\n")
    network.flusher.flush()
    assert shown(a) == ["[12:00] <bob> one", "-> pong", "[12:00] <bob> two"]


def test_a_reply_that_waits_is_not_overtaken(network: Network) -> None:
    (alice, a), (bob, _) = network.person("alice"), network.person("bob")
    shown(a)
    alice.does(b"/ping\r\n")
    network.types(bob, "two")
    assert shown(a) == ["-> pong", "[12:00] <bob> two"]


def test_one_who_does_not_read_stops_nobody_and_is_told_the_gap(network: Network) -> None:
    (_, deaf), (_, b) = network.person("deaf", send_buffer=4096), network.person("bob")
    writer, _ = network.person("writer")
    before = shown(deaf)
    shown(b)
    heard: list[str] = []
    for number in range(300):
        network.types(writer, f"{number} " + "x" * 2000)
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


def test_what_is_for_one_alone_is_sent_with_the_next_flush(network: Network) -> None:
    alice, a = network.person("alice")
    shown(a)
    assert alice.outbox is not None
    for text in ("-> one", "-> two"):
        alice.outbox.put([text])
    assert shown(a) == []
    network.flusher.flush()
    assert shown(a) == ["-> one", "-> two"]


def test_who_has_gone_is_skipped(network: Network) -> None:
    (alice, _), (_, b), (carol, c) = (network.person(n) for n in ("alice", "bob", "carol"))
    shown(b)
    c.client.close()
    for _ in range(5):
        network.types(alice, "hello")
    assert shown(b) == ["[12:00] <alice> hello"] * 5
    assert carol.outbox is not None
    carol.outbox.sink = None
    network.types(alice, "still here")
    assert shown(b) == ["[12:00] <alice> still here"]


def test_choosing_readers_see_only_what_they_want(network: Network) -> None:
    (alice, _), (bob, b) = network.person("alice"), network.person("bob")
    network.types(bob, "/ignore alice")
    shown(b)
    network.types(alice, "hello")
    assert shown(b) == []
    network.types(bob, "/unignore alice")
    network.types(alice, "again")
    assert shown(b)[-1] == "[12:00] <alice> again"


def test_a_rename_in_many_rooms_is_one_delivery_for_each_member(network: Network) -> None:
    (alice, _), (bob, b) = network.person("alice"), network.person("bob")
    rooms = [f"/join #r{number}" for number in range(20)]
    network.types(alice, *rooms)
    network.types(bob, *rooms)
    shown(b)
    deliveries = 0
    connection = b.connection
    assert bob.outbox is not None

    class Counting:
        send, failed, keep = connection.send, connection.failed, connection.keep
        request_close, abort = connection.request_close, connection.abort

        def deliver(self) -> None:
            nonlocal deliveries
            deliveries += 1
            connection.deliver()

    bob.outbox.sink = Counting()
    network.types(alice, "/nick al")
    assert deliveries == 1
    assert shown(b) == ["*** alice is now known as al."]


def test_a_bug_in_wording_for_one_client_is_its_trouble_alone(
    network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    (alice, _), (bob, b), (_, c) = (network.person(nick) for nick in ("alice", "bob", "carol"))
    shown(c)

    def broken(entry: object, echo: bool) -> list[str]:
        raise ZeroDivisionError("a bug")

    bob.outbox.presenter = type("Broken", (), {"present": staticmethod(broken)})()  # type: ignore[union-attr]
    network.types(alice, "/msg bob psst", "hello")
    assert b.connection.closed is CloseReason.CRASH
    assert shown(c) == ["[12:00] <alice> hello"]
    assert "a bug" in caplog.text


def test_the_logs_of_all_rooms_have_one_bound_and_the_heaviest_gives_way() -> None:
    """Who fills the memory loses it; a room of few words keeps them."""
    network = Network(logs_max_bytes=1 << 20, backlog_bytes=1 << 30, backlog_events=65536)
    audience = network.harness.audience
    alice, bob = network.harness.human("alice"), network.harness.human("bob")
    network.types(alice, "/join #small", "one", "two", "three")
    network.types(bob, "/join #big")
    small, big = audience.feeds["#small"], audience.feeds["#big"]
    heaviest = 0
    for _ in range(200):
        network.types(bob, *["x" * 4000] * 3)
        assert audience.logs_bytes == sum(feed.weighed for feed in audience.feeds.values())
        heaviest = max(heaviest, audience.logs_bytes)
    assert (1 << 20) - 20_000 < heaviest <= 1 << 20
    assert small.log.first == 0
    assert 100 < big.log.first < big.log.end - 100
    network.types(bob, "/part")  # Nothing is kept of a room nobody is in.
    assert audience.logs_bytes == sum(feed.weighed for feed in audience.feeds.values()) < 20_000
