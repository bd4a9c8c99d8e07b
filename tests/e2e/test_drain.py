"""SIGTERM: stop accepting, tell every client, finish commits, exit with 0."""

from __future__ import annotations

import re
import signal
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.e2e.test_crash import kept_in
from tests.line_client import LineClient

FAREWELL = "-> The server is shutting down. Come back soon."
SKIPPED = re.compile(r"-- (\d+) lines? skipped")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_every_client_is_told(serve: Serve, number: int) -> None:
    server = serve()
    line_clients = [server.line_client() for _ in range(30)]
    server.process.send_signal(number)
    last = []

    def read(line_client: LineClient) -> None:
        last.append(line_client.rest()[-1])
        line_client.close()

    reading = [threading.Thread(target=read, args=(line_client,)) for line_client in line_clients]
    for thread in reading:
        thread.start()
    for thread in reading:
        thread.join()
    assert last == [FAREWELL] * 30
    assert server.ended() == 0
    assert "Traceback" not in server.errors


def test_nobody_is_let_in_any_more(serve: Serve) -> None:
    server = serve()
    waiting = server.line_client()
    server.process.send_signal(signal.SIGTERM)
    assert waiting.rest()[-1] == FAREWELL
    with pytest.raises((ConnectionRefusedError, ConnectionResetError, AssertionError)):
        server.line_client()
    server.disconnect()
    assert server.ended() == 0


def test_what_was_shown_before_the_end_is_kept(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    reader = server.line_client()
    writers = [server.line_client() for _ in range(4)]

    def write(line_client: LineClient, name: int) -> None:
        try:
            for number in range(100_000):
                line_client.send(f"{name}-{number}")
        except OSError:
            pass  # The server has closed.

    threads = [threading.Thread(target=write, args=(w, n)) for n, w in enumerate(writers)]
    for thread in threads:
        thread.start()
    for _ in range(200):
        reader.line()
    server.process.send_signal(signal.SIGTERM)
    rest = reader.rest()
    server.disconnect()
    for thread in threads:
        thread.join()
    assert server.ended() == 0
    assert rest[-1] == FAREWELL
    shown = [line.partition("> ")[2] for line in reader.heard if "> " in line and "<guest" in line]
    kept = kept_in(f"sqlite:///{tmp_path}/chat.db")
    assert shown
    assert kept[: len(shown)] == shown
    assert len(kept) == len(set(kept))


def test_departures_are_kept(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    alice = server.line_client("alice")
    server.process.send_signal(signal.SIGTERM)
    alice.rest()
    alice.close()
    assert server.ended() == 0
    database = sqlite3.connect(tmp_path / "chat.db")
    left = database.execute("SELECT nick, text FROM events WHERE kind = 'left'").fetchall()
    database.close()
    assert left == [("alice", "server is shutting down")]


def test_who_floods_and_never_reads_does_not_hold_up_the_end(serve: Serve) -> None:
    """Its greenlet waits for it to read; the drain must not wait for that as well."""
    server = serve("--drain-timeout-s", "3600")
    deaf = server.caller(receive_buffer=4096)
    deaf.sock.setblocking(False)
    try:
        for _ in range(10_000):
            deaf.sock.send(b"/help\n" * 1000)
        raise AssertionError("60 MB of questions were taken from somebody who never reads")
    except BlockingIOError:
        pass  # Both directions are full now.
    alice = server.line_client("alice")
    server.process.send_signal(signal.SIGTERM)
    assert alice.rest()[-1] == FAREWELL
    alice.close()
    assert server.ended() == 0


def test_who_is_behind_is_told_too(serve: Serve) -> None:
    server = serve("--send-buffer-bytes", "4096")
    late = server.line_client(receive_buffer=4096)
    writer = server.line_client("writer")
    late.ask()
    writer.ask(*["x" * 1000] * 100)
    server.process.send_signal(signal.SIGTERM)
    writer.rest()
    writer.close()
    assert late.rest()[-1] == FAREWELL
    late.close()
    assert server.ended() == 0


def test_asked_twice_it_goes_at_once(serve: Serve) -> None:
    server = serve("--drain-timeout-s", "3600")
    alice = server.line_client("alice")
    server.process.send_signal(signal.SIGTERM)
    assert alice.rest()[-1] == FAREWELL
    server.process.send_signal(signal.SIGTERM)
    assert server.ended() == 128 + signal.SIGTERM


def test_an_idle_server_ends(serve: Serve) -> None:
    assert serve().terminate() == 0
    assert serve("--mode", "echo").terminate() == 0


def test_whatever_was_said_before_ones_departure_was_sent_or_told(
    serve: Serve, tmp_path: Path
) -> None:
    """Others go on while one's departure is being saved; what they say until then is one's own."""
    server = serve()
    people = {f"p{n}": server.line_client(f"p{n}") for n in range(8)}

    def write(line_client: LineClient, nick: str) -> None:
        try:
            for number in range(100_000):
                line_client.send(f"{nick}-{number}")
        except OSError:
            pass

    def read(line_client: LineClient) -> None:
        line_client.rest()

    threads = [threading.Thread(target=read, args=(one,)) for one in people.values()]
    threads += [threading.Thread(target=write, args=(people[n], n)) for n in ("p0", "p1", "p2")]
    for thread in threads:
        thread.start()
    while len(people["p7"].heard) < 500:
        time.sleep(0.01)
    server.terminate()
    for thread in threads:
        thread.join()
    database = sqlite3.connect(tmp_path / "chat.db")
    rows = database.execute(
        "SELECT number, kind, nick, text FROM events ORDER BY number"
    ).fetchall()
    database.close()
    left = {nick: number for number, kind, nick, _ in rows if kind == "left"}
    for nick, one in people.items():
        heard = {line.partition("> ")[2] for line in one.heard if "> p" in line}
        missed = sum(int(found[1]) for line in one.heard if (found := SKIPPED.search(line)))
        mine = [
            text for n, kind, by, text in rows if kind == "said" and by != nick and n < left[nick]
        ]
        unseen = [text for text in mine if text not in heard]
        assert len(unseen) == missed, nick
