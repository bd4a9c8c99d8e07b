"""Whatever happens, and however it ends: the state after a restart is what it was before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from geventchat.app import open_store
from geventchat.chat import commands, commands_accounts
from geventchat.chat.commands import Command
from geventchat.chat.events import Change
from geventchat.chat.snapshot import dump
from geventchat.config import Config
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import Snapshot, Store
from tests.journal.runs import Run

ROOMS = st.sampled_from(["#a", "#A", "#b", "#b", "#Çelik", "#c", "#lobby"])
NICKS = st.sampled_from(["alice", "Alice", "bob", "{zoe}", ""])
ADDRESSES = st.sampled_from(["192.0.2.1", "192.0.2.200", "198.51.100.7", "2001:db8::1"])
HOSTS = st.sampled_from(["", "k3j2h4qp.w7d6s5aa.ip"])
KEYS = st.sampled_from(["", "sesame", "tahini"])
MASKS = st.sampled_from(["bob", "*!*@192.0.2.0/24", "m:alice", "*.w7d6s5aa.ip", "*!*@2001:db8::1"])
WORDS = st.sampled_from(["", "tea", "\x02bold\x02 \x1b[2J", "日本"])
WHICH = st.integers(0, 9)
FIRST = st.integers(0, 1)
CHANGES = st.lists(
    st.one_of(
        st.builds(Change, st.sampled_from(["+k", "-k"]), st.sampled_from(["sesame", "tahini"])),
        st.builds(Change, st.sampled_from(["+b", "-b", "+e", "+I"]), MASKS),
        st.builds(Change, st.sampled_from(["+o", "-o", "+v"]), NICKS),
        st.builds(Change, st.sampled_from(["+l"]), st.sampled_from(["1", "2"])),
        st.builds(Change, st.sampled_from(["+i", "-i", "+m", "+s", "-s", "+t", "-n", "-l"])),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
RULING: st.SearchStrategy[Command] = st.one_of(
    st.builds(commands.SetModes, ROOMS, CHANGES),
    st.builds(commands.SetModes, st.sampled_from(["#a", "#b"]), CHANGES),
    st.builds(commands.SetTopic, ROOMS, WORDS),
    st.builds(commands.Kick, ROOMS, NICKS, WORDS),
    st.builds(commands.Invite, NICKS, ROOMS),
    st.builds(commands_accounts.SetMetadata, ROOMS | NICKS, st.just("pronouns"), WORDS),
    st.builds(commands_accounts.Grant, ROOMS, NICKS, st.sampled_from(["owner", "o", "v", ""])),
    st.builds(commands_accounts.DropRoom, ROOMS),
)
MOVING: st.SearchStrategy[Command] = st.one_of(
    st.builds(commands.Join, ROOMS, KEYS, st.booleans()),
    st.builds(commands.Join, ROOMS, KEYS),
    st.builds(commands.Part, ROOMS, WORDS),
    st.builds(commands.SetNick, NICKS),
    st.builds(commands.Quit, WORDS),
)
BEING: st.SearchStrategy[Command] = st.one_of(
    st.just(commands.Appear()),
    st.builds(commands.Say, ROOMS, WORDS),
    st.builds(commands.Tell, NICKS, WORDS),
    st.builds(commands.SetAway, WORDS),
    st.builds(commands.SetRealName, WORDS),
    st.builds(commands.SetUserModes, st.sampled_from(["+o", "-o", "+iB"])),
    st.builds(commands_accounts.Register, st.just("c1")),
    st.builds(commands_accounts.LogIn, NICKS, st.just("phone")),
    st.just(commands_accounts.LogOut()),
    st.builds(commands_accounts.SetPassword, st.just("c2")),
    st.just(commands_accounts.DeleteAccount()),
    st.just(commands_accounts.BecomeOper()),
)

Action = Callable[[Run], object]


def comes(nick: str, address: str, host: str) -> Action:
    return lambda run: run.arrive(nick, address, host)


def does(which: int, command: Command) -> Action:
    """Somebody who is there asks for something."""

    def act(run: Run) -> None:
        people = list(run.state.users)
        if people:
            run.does(people[which % len(people)], command)

    return act


def rules(which: int, command: Any) -> Action:
    """Somebody asks who may, if anybody may."""

    def act(run: Run) -> None:
        room = run.state.room(getattr(command, "room", "#a"))
        members = () if room is None else room.members.values()
        people = [one.session for one in members if "o" in one.status] or list(run.state.users)
        if people:
            run.does(people[which % len(people)], command)

    return act


def attaches(which: int, to: int, alone: bool) -> Action:
    """A connection, or somebody who is there, becomes another's further device."""

    def act(run: Run) -> None:
        people = list(run.state.users)
        if people:
            own, other = people[which % len(people)], people[to % len(people)]
            number = own.number if alone else run.proposals.new_number()
            if number != other.number:
                run.attach(number, other)

    return act


ACTIONS = st.lists(
    st.one_of(
        st.builds(rules, WHICH, RULING),
        st.builds(rules, FIRST, RULING),
        st.builds(does, WHICH, RULING),
        st.builds(does, WHICH, MOVING),
        st.builds(does, WHICH, MOVING),
        st.builds(does, WHICH, BEING),
        st.builds(comes, NICKS, ADDRESSES, HOSTS),
        st.builds(attaches, WHICH, WHICH, st.booleans()),
    ),
    min_size=10,
    max_size=60,
)
# Who is there when it begins, so that something happens; alice and bob have accounts.
CROWD = (
    *(comes("alice", "192.0.2.1", ""), comes("", "192.0.2.7", "")),
    *(comes("bob", "192.0.2.200", "k3j2h4qp.w7d6s5aa.ip"), comes("", "198.51.100.7", "")),
    *(does(n, commands_accounts.Register("c0")) for n in (0, 2)),
    *(does(n, commands_accounts.LogIn(name, "")) for n, name in ((0, "alice"), (1, "bob"))),
    *(does(n, commands.Join("#a")) for n in range(4)),
    *(does(n, commands.Join("#b")) for n in (1, 2)),
)


class InMemory(RuleBasedStateMachine):
    """Few people and rooms, so that they meet; few places, so that rooms make place."""

    run: Run

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000
        self.expected: list[str] = []

    def opened(self) -> Store:
        """The store, as the last run left it."""
        if not hasattr(self, "run"):
            self.shelf = MemoryStore(100_000)
        return self.shelf

    def closed(self) -> None:
        """The last run has ended."""

    @initialize()
    def begin(self) -> None:
        self.start(self.opened())
        self.people_do_things([*CROWD])

    def start(self, store: Store, **settings: Any) -> None:
        self.run = Run(store, lambda: self.now, rooms_max=3, departed_max=4, **settings)

    @rule(some=ACTIONS)
    def people_do_things(self, some: list[Action]) -> None:
        for action in some:
            self.now += 1
            action(self.run)

    @rule()
    def a_snapshot_is_saved(self) -> None:
        self.run.checkpoints.save()

    @rule(damaged=st.sets(st.integers(0, 1)), cut=st.integers(0, 400), clean=st.booleans())
    def it_is_started_again(self, damaged: set[int], cut: int, clean: bool) -> None:
        """After a stop or a crash; snapshots may have become unreadable."""
        self.expected = self.run.after_a_restart()
        before = self.run.journal.shown
        if clean:
            self.run.checkpoints.stop(60)
        self.run.dies()
        self.closed()
        store = self.opened()
        kept = store.snapshots()
        for nth in damaged & set(range(len(kept))):
            kept[nth] = Snapshot(kept[nth].number, kept[nth].body[:cut])
        store.snapshots = lambda: kept  # type: ignore[method-assign]
        self.start(store)
        del store.snapshots
        assert list(dump(self.run.state)) == self.expected
        assert self.run.journal.shown == before + 1
        self.people_do_things([*CROWD])

    @invariant()
    def numbers_of_sessions_are_used_once(self) -> None:
        if hasattr(self, "run"):
            state = self.run.state
            assert state.last_session >= max(state.sessions, default=0)

    def teardown(self) -> None:
        if hasattr(self, "run"):
            self.it_is_started_again(set(), 0, False)
            self.run.dies()
            self.closed()


class OnDisk(InMemory):
    """The same through rows of a real database."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())

    def opened(self) -> Store:
        return open_store(Config(database=f"sqlite:///{self.folder}/chat.db"))

    def closed(self) -> None:
        self.run.store.close()

    def teardown(self) -> None:
        super().teardown()
        shutil.rmtree(self.folder)


# To make a failure short takes longer than any test.
pytestmark = pytest.mark.timeout(900)
TestInMemory = InMemory.TestCase
TestInMemory.settings = settings(max_examples=30, stateful_step_count=8)
TestOnDisk = OnDisk.TestCase
TestOnDisk.settings = settings(max_examples=8, stateful_step_count=6)
