"""`kill -9` during load: no line is lost that anyone was shown, and none is there twice."""

from __future__ import annotations

import random
import re
import threading
import time

import pytest

from loadtest.storage.kept import lines
from tests.conftest import Serve
from tests.e2e.test_chat import SAID, history, said
from tests.line_client import LineClient
from tests.running import Running

WRITERS, READERS = 8, 4
SURE = re.compile(r"-> pong")


class Writer(threading.Thread):
    """Says numbered lines until the server is gone; `sure` were followed by a pong."""

    def __init__(self, line_client: LineClient, name: str, burst: int) -> None:
        super().__init__()
        self.line_client, self.name, self.burst = line_client, name, burst
        self.sent = self.sure = 0

    def run(self) -> None:
        try:
            while True:
                lines = [f"{self.name}-{self.sent + n}" for n in range(self.burst)]
                self.sent += self.burst
                self.line_client.ask(*lines)
                self.sure = self.sent
        except (OSError, AssertionError):
            pass  # The server is gone: that was the idea.


class Reader(threading.Thread):
    """Reads until the server is gone."""

    def __init__(self, line_client: LineClient, enough: threading.Event, lines: int) -> None:
        super().__init__()
        self.line_client, self.enough, self.lines = line_client, enough, lines

    def run(self) -> None:
        try:
            while True:
                self.line_client.line()
                if len(self.line_client.heard) >= self.lines:
                    self.enough.set()
        except (OSError, EOFError):
            self.enough.set()


def killed_under_load(
    server: Running, name: str, lines: int, burst: int
) -> tuple[list[Writer], list[Reader]]:
    """Load a server, and kill it once readers have seen so many lines."""
    enough = threading.Event()
    readers = [Reader(server.line_client(), enough, lines) for _ in range(READERS)]
    writers = [Writer(server.line_client(), f"{name}{n}", burst) for n in range(WRITERS)]
    for thread in (*readers, *writers):
        thread.start()
    assert enough.wait(60)
    # And once somebody was told that theirs are settled; on a slow machine that comes later.
    end = time.monotonic() + 60
    while not any(writer.sure for writer in writers) and time.monotonic() < end:
        time.sleep(0.01)
    server.kill()
    for thread in (*readers, *writers):
        thread.join(60)
        assert not thread.is_alive()
    return writers, readers


def kept_in(database: str) -> list[str]:
    return [line.text for line in lines(database)]


def seen_by(line_client: LineClient) -> list[str]:
    return [what for _, what in said(line_client.heard, SAID)]


@pytest.mark.parametrize("seed", [1, 2])
def test_what_anyone_was_shown_is_kept_exactly_once(serve: Serve, database: str, seed: int) -> None:
    dice = random.Random(seed)
    server = serve()
    count, burst = dice.randrange(200, 2000), dice.choice([1, 10, 100])
    writers, readers = killed_under_load(server, "w", count, burst)
    again = serve()
    kept = kept_in(database)
    places = {text: place for place, text in enumerate(kept)}
    assert len(places) == len(kept), "a line is there twice"
    assert all(seen_by(reader.line_client) for reader in readers)
    for witness in (*(r.line_client for r in readers), *(w.line_client for w in writers)):
        seen = seen_by(witness)
        assert set(seen) <= set(kept), "a line was shown that is not kept"
        assert [places[text] for text in seen] == sorted(places[text] for text in seen)
    for writer in writers:
        mine = [text for text in kept if text.startswith(f"{writer.name}-")]
        assert mine == [f"{writer.name}-{n}" for n in range(len(mine))]
        assert writer.sure <= len(mine) <= writer.sent
    assert max(writer.sure for writer in writers) > 0
    # And everyone who comes after can read them.
    asked = min(400, len(kept))
    assert [what for _, what in history(again.line_client(), asked)] == kept[-asked:]


def test_crash_after_crash_the_numbers_go_on(serve: Serve, database: str) -> None:
    shown: list[str] = []
    for round_ in range(3):
        _, readers = killed_under_load(serve(), f"r{round_}w", 300, 20)
        shown += [text for text in seen_by(readers[0].line_client) if text.startswith(f"r{round_}")]
    serve().line_client().ask()
    kept = kept_in(database)
    assert len(kept) == len(set(kept))
    assert [text for text in kept if text in set(shown)] == shown


def test_who_was_online_at_the_crash_is_not_any_more(serve: Serve) -> None:
    server = serve()
    server.line_client("alice").ask("hello")
    server.kill()
    bob = serve().line_client("bob")
    assert "-> 1 user online." in bob.ask("/who")
    assert "*** bob is now known as alice." in bob.ask("/nick alice")


POISON = """
from geventchat.__main__ import main
from geventchat.chat import apply, events

said = apply.KINDS[events.Said]

def poisoned(state, entry, event, outlet):
    if event.text == "poison":
        raise ZeroDivisionError("a bug")
    said.effect(state, entry, event, outlet)

apply.KINDS[events.Said] = said._replace(effect=poisoned)
main()
"""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_bug_of_ours_in_the_journal_ends_the_server(serve: Serve, database: str) -> None:
    """A server that can keep nothing any more must not go on as if it could."""
    server = serve(command=("-c", POISON), crashes=True)
    alice, bob = server.line_client("alice"), server.line_client("bob")
    alice.ask("before")
    alice.send("poison", "after")
    assert server.ended() == 70
    assert [what for _, what in said(bob.rest())] == ["before"]
    assert "before" in kept_in(database)
    assert "after" not in seen_by(bob)
