"""A restart: the latest snapshot, and the events since, by the code that runs live."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.chat.apply import apply
from geventchat.chat.events import (
    SERVER,
    Arrived,
    Change,
    Entry,
    Event,
    Identity,
    Joined,
    ModesSet,
    Restarted,
    Said,
)
from geventchat.chat.keys import UNKNOWN
from geventchat.chat.outlet import Silent
from geventchat.chat.snapshot import dump
from geventchat.chat.state import ChatState
from geventchat.errors import Refused
from geventchat.journal.memory import MemoryStore
from geventchat.journal.replay import Replay
from geventchat.journal.rows import entry_of, row_of
from geventchat.journal.store import Snapshot
from tests.chat.happenings import EVENTS

fresh = partial(ChatState, "#lobby", 8)


def lived(store: MemoryStore, some: list[Event], *snapshots: int) -> ChatState:
    """Have events happen, and be stored as rows tell them; snapshots are made after some."""
    state = fresh()
    for number, event in enumerate(some, 1):
        entry = Entry(number, number * 1000, event)
        try:
            apply(state, entry, Silent())
        except Refused:
            continue
        store.append([entry_of(row_of(entry))])
        if number in snapshots:
            store.save_snapshot(taken(state, number))
    return state


def taken(state: ChatState, number: int) -> Snapshot:
    return Snapshot(number, "\n".join(dump(state)).encode())


def replayed(store: MemoryStore, last: int = 1 << 60) -> Replay:
    replay = Replay(store, fresh)
    replay.run(last)
    return replay


def lasting(state: ChatState, number: int = 1 << 60) -> list[str]:
    """What is left of a state after a restart."""
    apply(state, Entry(number, 0, Restarted(SERVER)), Silent())
    return list(dump(state))


@given(st.lists(EVENTS, max_size=60), st.sets(st.integers(1, 60), max_size=3))
def test_a_state_that_was_replayed_is_what_it_was(some: list[Event], snapshots: set[int]) -> None:
    store = MemoryStore(1000)
    state = lived(store, some, *snapshots)
    assert lasting(replayed(store).state) == lasting(state)


BY = Identity(1, "alice", "u", "h")
BOB = Identity(2, "bob", "u", "h")
SOME: list[Event] = [Joined(BY, f"#{n}") for n in range(200)]


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(10_000)


@pytest.fixture
def state(store: MemoryStore) -> ChatState:
    """A state of 201 events, with snapshots after two of them."""
    return lived(store, [Arrived(BY, "irc"), *SOME], 50, 150)


def test_only_what_came_after_the_latest_snapshot_is_read(
    store: MemoryStore, state: ChatState
) -> None:
    replay = replayed(store)
    assert (replay.taken, replay.damaged) == (51, 0)
    assert list(dump(replay.state)) == list(dump(state))


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"nonsense", b'["state",[99,8,[]]]', b'["state",[1,8,["#l",0,0,0]]]']
)
def test_a_damaged_snapshot_is_a_longer_replay(
    store: MemoryStore, state: ChatState, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    store.save_snapshot(Snapshot(150, body))
    replay = replayed(store)
    assert (replay.taken, replay.damaged) == (151, 1)
    assert list(dump(replay.state)) == list(dump(state))
    store.save_snapshot(Snapshot(50, body))
    replay = replayed(store)
    assert (replay.taken, replay.damaged) == (201, 2)
    assert list(dump(replay.state)) == list(dump(state))
    replay.report()
    assert "could not be read: 2" in caplog.text


def test_a_snapshot_of_what_is_not_kept_any_more_is_not_taken_up(
    store: MemoryStore, state: ChatState
) -> None:
    replay = replayed(store, 120)
    assert (replay.taken, replay.damaged, replay.number) == (70, 1, 120)
    assert list(replay.state.rooms)[-1] == "#118"


def test_events_that_cannot_be_are_passed_over_and_counted(
    store: MemoryStore, state: ChatState, caplog: pytest.LogCaptureFixture
) -> None:
    nonsense: Any = ModesSet(BY, "#1", (Change("+o", "nobody", 0),))
    store.append([Entry(300, 0, Joined(BOB, "#a")), Entry(301, 0, nonsense)])
    store.append([Entry(302, 0, Joined(BY, "#last"))])
    with caplog.at_level(logging.DEBUG):
        replay = replayed(store)
        replay.report()
    assert replay.refused == 2
    assert list(replay.state.rooms)[-1] == "#last"
    assert "54 events read, of which 2 changed nothing" in caplog.text


def test_it_lets_others_work_in_between(store: MemoryStore, state: ChatState) -> None:
    """Commits go on meanwhile: no step is longer than some lines or events."""
    steps = sum(1 for _ in Replay(store, fresh).steps(201))
    assert steps >= 4
    store.save_snapshot(taken(state, 201))
    assert sum(1 for _ in Replay(store, fresh).steps(201)) >= len(list(dump(state))) // 64


def old(number: int, kind: str, room: str | None, text: str | None, detail: str | None) -> Entry:
    """An event of alice's as an earlier version wrote it."""
    return entry_of(
        (number, number * 10, kind, room, 1, "alice", "u", "192.0.2.1", text, detail),
    )


def test_a_journal_of_an_earlier_version_is_replayed(store: MemoryStore) -> None:
    """Its rows lack the lobby, the verifier, what was opened and what was forgotten."""
    founding = '{"founding": [0, "old tea", "bob", 7], "room": "#Dev"}'
    store.append(
        [
            old(1, "restarted", None, None, None),
            old(2, "arrived", None, "telnet", None),
            old(3, "joined", "#dev", None, founding),
            old(4, "topic", "#dev", "tea", '{"room": "#Dev"}'),
            old(5, "said", "#dev", "hello", None),
            old(6, "joined", "#vault", None, '{"founding": [0, "", "", 0]}'),
            old(7, "modes", "#vault", None, '{"changes": [["+k", "", 0]]}'),
            old(8, "topic", "#vault", "4711", None),
            # A run that ended in a crash; numbers of sessions begin again.
            old(9, "restarted", None, None, None),
            old(10, "arrived", None, "telnet", None),
            old(11, "joined", "#dev", None, '{"room": "#Dev"}'),
            old(12, "joined", "#vault", None, None),
            old(13, "modes", "#vault", None, '{"changes": [["+k", "", 0]]}'),
        ]
    )
    replay = replayed(store)
    state = replay.state
    assert replay.refused == 0
    dev, vault = state.rooms["#dev"], state.rooms["#vault"]
    assert (dev.name, dev.topic, dev.reads_from) == ("#Dev", "tea", 3)
    # What was said behind the lost guard is over for whoever came after.
    assert (vault.topic, vault.reads_from, vault.modes.key) == ("", 12, UNKNOWN)
    bob = Identity(2, "bob", "u", "h")
    apply(state, Entry(14, 0, Arrived(bob, "irc")), Silent())
    for opened in (0, 7, 12):
        with pytest.raises(Refused):
            apply(state, Entry(15, 0, Joined(bob, "#vault", opened=opened)), Silent())
    assert (state.lobby, state.last_session) == ("#lobby", 2)
    assert lasting(state, 16)
    assert list(state.empty) == ["#dev", "#vault"]
    assert (state.rooms["#dev"].reads_from, state.rooms["#vault"].reads_from) == (3, 17)


def test_words_are_not_read(store: MemoryStore, state: ChatState) -> None:
    store.append([Entry(number, 0, Said(BY, "#1", "hi")) for number in range(300, 400)])
    assert replayed(store).taken == 51
