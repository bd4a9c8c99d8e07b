"""Cut off from a real server, and back: the same name and rooms, and what was missed."""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable, Iterator
from itertools import islice, repeat

import pytest

from geventchat.client.terminal.address import Address
from geventchat.client.terminal.caller import Caller, Wish, nick_from
from geventchat.client.terminal.errors import ConnectionLost
from geventchat.client.terminal.events import Event
from geventchat.client.terminal.lifeline import Lifeline, pauses
from geventchat.client.terminal.link import Door
from geventchat.client.terminal.tls import Tls, context_of
from geventchat.client.terminal.words import Words, plain
from tests.client.terminal.between import Between, Listener, says
from tests.conftest import Serve
from tests.line_client import HANG_S
from tests.running import Running


class Person:
    """Somebody whose connection is kept up; `expect` waits for what is shown."""

    def __init__(self, port: int, nick: str = "alice", *rooms: str, pause_s: float = 0.02) -> None:
        door = Door(Address("127.0.0.1", port), Tls.OFF, context_of(), False)
        caller = Caller(door, Wish(nick, rooms or ("#dev",)))
        self.state = caller.state
        self.over = threading.Event()
        self._shown: queue.Queue[str] = queue.Queue()
        self._words = Words(caller.state)
        link, _ = caller.call()
        waits = lambda: repeat(pause_s)  # noqa: E731
        self.chat = Lifeline(caller, link, self._show, self.over.set, waits)
        self.chat.start()

    def _show(self, event: Event) -> None:
        for line in self._words.lines(event):
            self._shown.put(plain(line))

    def says(self, text: str) -> None:
        with self.chat.talk() as talk:
            assert talk is not None
            talk.say(self.state.current, text)

    def expect(self, pattern: str) -> list[str]:
        """Wait for a line like this; those before it."""
        before: list[str] = []
        while True:
            try:
                line = self._shown.get(timeout=HANG_S)
            except queue.Empty:
                raise AssertionError(f"not shown: {pattern!r}; but {before}") from None
            if re.fullmatch(pattern, line):
                return before
            before.append(line)

    def close(self) -> None:
        self.chat.leave()
        self.chat.join(HANG_S)
        assert not self.chat.is_alive()
        self.chat.close()


Come = Callable[..., Person]


@pytest.fixture
def come() -> Iterator[Come]:
    """come(port, nick, *rooms): somebody who is ended with the test."""
    people: list[Person] = []

    def start(*arguments: object, **more: object) -> Person:
        people.append(Person(*arguments, **more))  # type: ignore[arg-type]
        return people[-1]

    yield start
    for one in people:
        one.close()


def test_pauses_grow_and_differ() -> None:
    assert list(islice(pauses(lambda: 0.0), 7)) == [1, 2, 4, 8, 16, 30, 30]
    assert list(islice(pauses(lambda: 1.0), 3)) == [1.5, 3, 6]


@pytest.mark.parametrize(
    ("login", "nick"), [("alice", "alice"), ("a.b-c", "ab-c"), ("1st", "st"), ("é", ""), ("", "")]
)
def test_a_nick_from_a_login(login: str, nick: str) -> None:
    assert nick_from(login) == nick


def test_talking(server: Running, come: Come) -> None:
    alice = come(server.port)
    alice.expect(r"-> You are in #dev \(1 here: @alice\)")
    bob = server.line_client("bob")
    bob.ask("/join #dev")
    alice.expect(r"\*\*\* bob joined #dev\. \(2 here\)")
    alice.says("hello")
    alice.expect(r"\[..:..\] <alice> hello")
    bob.expect(r".*<alice> hello")
    alice.chat.leave("so long")
    assert alice.over.wait(HANG_S)
    assert alice.chat.error is None
    bob.expect(r"\*\*\* alice left \(so long\)\.")


def test_what_was_missed_comes_once_and_in_order(server: Running, come: Come) -> None:
    bob = server.line_client("bob")
    bob.ask("/join #gap")
    with Listener(says(b"", "closes")) as nowhere, Between(server.port) as between:
        alice = come(between.port, "alice", "#gap")
        alice.expect(r"-> You are in #gap .*")
        bob.ask("before")
        alice.expect(r".*<bob> before")
        between.behind = nowhere.port
        between.cut()
        alice.expect(r"-> Connection lost: .*")
        alice.expect(r"-> Trying again in 0 s\.")
        bob.expect(r"\*\*\* alice left.*")
        bob.ask("missed one", "missed two")
        between.behind = server.port
        alice.expect(r"-> Connected again, as alice\.")
        assert alice.expect(r"-- 2 lines in #gap while you were away --")[-1].startswith("-> You")
        missed = alice.expect(r"-- end of history --")
        assert [line.partition("] ")[2] for line in missed] == [
            "<bob> missed one",
            "<bob> missed two",
        ]
        bob.ask("live")
        alice.expect(r".*<bob> live")


def test_a_server_that_puts_everybody_into_a_room(serve: Serve, come: Come) -> None:
    server = serve("--irc-on-connect", "join")
    bob = server.line_client("bob")
    with Between(server.port) as between:
        alice = come(between.port, "alice", "#dev")
        alice.expect(r"-> You are in #dev .*")
        between.cut()
        # The server may yet have to find out that the former connection has ended.
        alice.expect(r"-> Connected again, as alice_?\.")
        alice.expect(r"-> You are in #dev .*")
        bob.ask("hello")
        alice.expect(r".*#lobby <bob> hello")
        alice.says("in dev")
        alice.expect(r"\[..:..\] <alice_?> in dev")


def test_a_line_whose_confirmation_was_lost(server: Running, come: Come) -> None:
    bob = server.line_client("bob")
    bob.ask("/join #lost")
    with Between(server.port) as between:
        alice = come(between.port, "alice", "#lost")
        alice.expect(r"-> You are in #lost .*")
        between.holds_back = True
        alice.says("did it arrive?")
        bob.expect(r".*<alice> did it arrive\?")
        between.cut()
        alice.expect(r"-> 1 line is not confirmed yet\.")
        between.holds_back = False
        alice.expect(r"-> Your line did arrive in #lost: did it arrive\?")


def test_a_server_that_is_killed_and_started_again(serve: Serve, come: Come) -> None:
    first = serve()
    with Between(first.port) as between:
        alice = come(between.port)
        alice.expect(r"-> You are in #dev .*")
        alice.says("before the crash")
        alice.expect(r".*<alice> before the crash")
        first.kill()
        alice.expect(r"-> Connection lost: .*")
        second = serve()
        between.behind = second.port
        alice.expect(r"-> Connected again, as alice\.")
        alice.expect(r"-- no lines in #dev while you were away --")
        alice.says("after it")
        alice.expect(r".*<alice> after it")
        bob = second.line_client("bob")
        bob.ask("/join #dev")
        said = [line.partition("> ")[2] for line in bob.ask("/history 10") if "<alice>" in line]
        assert said == ["before the crash", "after it"]


def test_a_nick_that_is_in_use_comes_back(server: Running, come: Come) -> None:
    with Listener(says(b"", "closes")) as nowhere, Between(server.port) as between:
        alice = come(between.port, "alice", "#lobby")
        alice.expect(r"-> You are in #lobby .*")
        bob = server.line_client("bob")
        between.behind = nowhere.port
        between.cut()
        bob.expect(r"\*\*\* alice left.*")
        thief = server.line_client("alice")
        between.behind = server.port
        alice.expect(r"-> Connected again, as alice_\.")
        alice.expect(r"-> You are in #lobby .*")
        thief.send("/quit")
        alice.expect(r"\*\*\* alice_ is now known as alice\.")


def test_put_out_by_an_operator_one_stays_out(serve: Serve, come: Come) -> None:
    server = serve("--oper-name", "root", "--oper-password", "pw")
    alice = come(server.port)
    alice.expect(r"-> You are in #dev .*")
    root = come(server.port, "root_")
    root.expect(r"-> You are in #dev .*")
    with root.chat.talk() as talk:
        assert talk is not None
        talk.ask(lambda _: [], "OPER", "root", "pw")
        talk.ask(lambda _: [], "KILL", "alice", "enough")
    assert alice.over.wait(HANG_S)
    assert isinstance(alice.chat.error, ConnectionLost)
    assert "Killed by root_ (enough)" in str(alice.chat.error)


def test_leaving_while_waiting_for_the_server(server: Running, come: Come) -> None:
    with Between(server.port) as between:
        alice = come(between.port, pause_s=3600.0)
        alice.expect(r"-> You are in #dev .*")
        between.cut()
        alice.expect(r"-> Trying again in 3600 s\.")
        with alice.chat.talk() as talk:
            assert talk is None
        alice.chat.leave()
        assert alice.over.wait(HANG_S)
        assert alice.chat.error is None
