"""Whole conversations with a real server over real sockets."""

from __future__ import annotations

import re
import sqlite3
import threading
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.line_client import LineClient
from tests.running import Running

SAID = re.compile(r"\[\d\d:\d\d\] <(\w+)> (.*)")
KEPT = re.compile(r"\[\d{4}-\d\d-\d\d \d\d:\d\d\] <(\w+)> (.*)")


def said(lines: list[str], form: re.Pattern[str] = SAID) -> list[tuple[str, str]]:
    """(who, what) of every line somebody said."""
    return [found.groups() for line in lines if (found := form.fullmatch(line))]  # type: ignore[misc]


def history(line_client: LineClient, count: int) -> list[tuple[str, str]]:
    """The last lines of the room, page by page."""
    lines = line_client.ask(f"/history {min(count, 500)}")
    found = said(lines, KEPT)
    while lines[-1].endswith("/more for earlier --") and len(found) < count:
        lines = line_client.ask("/more")
        found = said(lines, KEPT) + found
    return found[-count:]


def test_a_line_goes_to_the_others_and_not_back(server: Running) -> None:
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask()
    assert alice.ask("hello") == []
    assert said(bob.ask()) == [("alice", "hello")]


def test_rooms_are_apart(server: Running) -> None:
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask("/join #dev")
    bob.ask()
    alice.ask("secret")
    assert bob.ask() == []
    assert "-> You are in #dev: no topic (2 here: alice, bob)" in bob.ask("/join #dev")
    assert said(bob.heard)[-1:] == [("alice", "secret")]


def test_private_lines(server: Running) -> None:
    alice, bob, carol = (server.line_client(nick) for nick in ("alice", "bob", "carol"))
    assert "-> [PM to bob] psst" in alice.ask("/msg bob psst")
    assert any(line.endswith("] [PM from alice] psst") for line in bob.ask())
    assert "what?" not in str(carol.ask())
    assert not [line for line in carol.heard if "psst" in line]


def speak(line_client: LineClient, name: str, count: int) -> None:
    for number in range(count):
        line_client.send(f"{name} {number}")
    line_client.ask()


def test_one_order_for_every_member_and_the_history(server: Running) -> None:
    count = 200
    names = ["anna", "berta", "carl", "dora"]
    speakers = {name: server.line_client(name) for name in names}
    listeners = [server.line_client() for _ in range(3)]
    threads = [
        threading.Thread(target=speak, args=(line_client, name, count))
        for name, line_client in speakers.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = len(names) * count
    for listener in listeners:
        listener.ask()
    orders = [said(listener.heard)[-total:] for listener in listeners]
    assert orders[0] == orders[1] == orders[2]
    assert len(orders[0]) == total
    assert history(listeners[0], total) == orders[0]
    for name, line_client in speakers.items():
        # Each sender's own order is kept, and each sender sees the same order of the others.
        mine = [what for who, what in orders[0] if who == name]
        assert mine == [f"{name} {number}" for number in range(count)]
        others = [line for line in orders[0] if line[0] != name]
        line_client.ask()
        assert said(line_client.heard)[-len(others) :] == others


def test_answers_keep_their_place_among_the_lines(server: Running) -> None:
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask()
    bob.send("one", "/nick rob", "two", "/me three", "/ping", "four", "/ping")
    bob.expect("-> pong")
    bob.expect("-> pong")
    assert [line.partition("] ")[2] or line for line in alice.ask()] == [
        "<bob> one",
        "*** bob is now known as rob.",
        "<rob> two",
        "* rob three",
        "<rob> four",
    ]


def test_telnet_and_text_in_one_packet(server: Running) -> None:
    alice, bob = server.line_client("alice"), server.line_client("bob")
    bob.ask()
    alice.send_raw(b"\xff\xf1he\xff\xf1llo\r\0latin \xe9 \xff\xff\r\n")
    alice.ask()
    assert said(bob.ask()) == [("alice", "hello"), ("alice", "latin é ÿ")]


def test_only_printable_text_reaches_a_terminal(server: Running) -> None:
    alice, bob = server.line_client("alice"), server.line_client("bob")
    evil = "\x1b]0;x\x07\x9b2J\u202e\u2028\0\b"
    commands = ("", "/me ", "/topic ", "/away ", "/msg bob ", "/nick a", "/join #a", "/part ")
    alice.send(*[f"{command}x{evil}y" for command in commands], f"/seen {evil}", f"/{evil}")
    alice.ask("/join #lobby", f"/msg {evil} x", f"/names {evil}", f"/set {evil} {evil}")
    bob.ask("/history 20", "/topic", "/who", "/rooms", "/whois alice", "/names")
    late = server.line_client()
    for line in (*alice.heard, *bob.heard, *late.heard):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]", line), line


def test_a_restart_finds_rooms_topics_and_history(serve: Serve) -> None:
    server = serve()
    alice = server.line_client("alice")
    alice.ask("hello", "/join #Dev", "/topic tea time", "code", "/me compiles", "/join #Empty")
    server.disconnect()
    assert server.terminate() == 0
    bob = serve().line_client("bob")
    assert "[PM" not in "".join(bob.heard)
    assert said(bob.heard) == [("alice", "hello")]
    rooms = bob.ask("/rooms")
    assert [line.split() for line in rooms if "#Dev" in line] == [
        ["->", "#Dev", "0", "tea", "time"]
    ]
    here = bob.ask("/join #dev")
    assert here[0] == "-> You are in #Dev: tea time (1 here: bob)"
    assert [line.partition("] ")[2] or line for line in here[1:-1]] == [
        "<alice> code",
        "* alice compiles",
    ]
    assert history(bob, 10) == [("alice", "code")]
    assert bob.ask("/topic")[0].startswith("-> Topic of #Dev: tea time (set by alice ")
    assert re.fullmatch(r"-> alice was last here \d+s ago in #.*", bob.ask("/seen alice")[0])
    assert bob.ask("/whois alice") == ["-> alice is not here. /seen alice tells when they were."]


def test_what_the_database_holds_reaches_no_terminal_raw(serve: Serve, tmp_path: Path) -> None:
    """Another program may have written there."""
    server = serve()
    server.line_client("alice").ask("/join #dev", "/topic tea", "hello", "/join #lobby", "hi")
    server.disconnect()
    server.terminate()
    database = sqlite3.connect(tmp_path / "chat.db")
    evil = "x\x1b[2J\x9b\u202ey"
    database.execute("UPDATE events SET text = ?, nick = ?, user = ?", (evil, evil, evil))
    database.commit()
    database.close()
    bob = serve().line_client("bob")
    bob.ask("/rooms", "/join #dev", "/topic", "/history", "/names", "/who", f"/seen {evil}")
    assert any("hello" in line or "x[2Jy" in line for line in bob.heard)
    for line in bob.heard:
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", line), line


def test_a_pipe_that_ends_is_answered_before_it_is_closed(server: Running) -> None:
    """`printf 'hello\\n/ping\\n' | nc -N` reads everything."""
    caller = server.caller()
    caller.send("hello", "/ping")
    caller.finish_sending()
    heard = caller.rest()
    assert heard[0].startswith("Welcome to geventchat.")
    assert heard[-1] == "-> pong"


def test_memory_only(serve: Serve) -> None:
    server = serve("--database", "none")
    alice = server.line_client("alice")
    alice.ask("hello")
    assert history(alice, 5) == [("alice", "hello")]
    server.disconnect()
    assert server.terminate() == 0
    assert said(serve("--database", "none").line_client().heard) == []


@pytest.mark.parametrize("sent", [b"hello", b"one\nhello", b"/nick pipe\nhello"])
def test_the_last_line_of_a_pipe_needs_no_end(server: Running, sent: bytes) -> None:
    alice, pipe = server.line_client("alice"), server.caller()
    pipe.send_raw(sent)
    pipe.finish_sending()
    alice.expect(r"\[\d\d:\d\d\] <(guest\d+|pipe)> hello")
    alice.expect(r"\*\*\* (guest\d+|pipe) left.*")


@pytest.mark.parametrize("sent", [b"PASS secret", b"EHLO x", b"\xff\xfb\x1fhalf a line", b"GET /"])
def test_what_was_not_finished_is_not_said(server: Running, sent: bytes) -> None:
    alice, other = server.line_client("alice"), server.caller()
    alice.ask()
    other.send_raw(sent)
    other.finish_sending()
    while other.sock.recv(65536):
        pass  # Not lines: telnet's options stand between them.
    assert said(alice.ask()) == []
