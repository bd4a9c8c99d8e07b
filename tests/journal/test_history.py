"""What is read back: nothing that was never shown, nothing private of an earlier run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from geventchat.chat.events import Arrived, Entry, Event, Identity, Left, Said, Told
from geventchat.chat.history import PRIVATE_LINES, HistoryQuery, HistoryRange
from geventchat.errors import StoreError
from geventchat.journal.history import History
from geventchat.journal.memory import MemoryStore
from geventchat.journal.store import Store
from geventchat.journal.thread import StoreThread
from tests.journal.entries import ALICE

AL, BO, CY = (Identity(n, nick, "u", "h") for n, nick in enumerate(("al", "bo", "cy"), 1))
AL_, BO_ = "~1", "~2"
# The first sessions of an earlier run: the numbers are the same, the people are not.
DAN, EVE = Identity(1, "dan", "u", "h"), Identity(2, "eve", "u", "h")
EVENTS: list[Event] = [
    Said(DAN, "#a", "earlier"),
    Told(DAN, 3, "bo", "between dan and another bo"),
    Told(EVE, 1, "dan", "between dan and eve"),
    Arrived(AL, "telnet"),
    Arrived(BO, "telnet"),
    Said(AL, "#a", "one"),
    Told(AL, 2, "bo", "psst"),
    Told(BO, 1, "al", "yes?"),
    Said(BO, "#a", "two"),
    # A failed save left this; nobody was shown it.
    Said(AL, "#a", "lost"),
    Told(AL, 2, "bo", "lost"),
    Told(CY, 1, "al", "lost"),
    Left(AL, "lost"),
]
ARRIVED, SHOWN = 4, 9
END = 1 << 60
WHOLE = HistoryRange()


@pytest.fixture
def past(store: Store) -> Iterator[History]:
    """Al's server has shown the first nine events; al came with the fourth."""
    store.append([Entry(n, n * 10, event) for n, event in enumerate(EVENTS, 1)])
    thread = StoreThread(store.in_thread)
    yield History(store.reader, thread, lambda: SHOWN)
    thread.join()


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.number for entry in entries]


def room(within: HistoryRange, latest: bool = True) -> HistoryQuery:
    return HistoryQuery(within, 9, latest, room="#a")


def talk(within: HistoryRange, peer: str = "bo", latest: bool = True) -> HistoryQuery:
    return HistoryQuery(within, 9, latest, peer=peer, kinds=PRIVATE_LINES)


def test_hosts_of_earlier_runs_are_cloaked_too() -> None:
    store = MemoryStore(9)
    told = Identity(1, "al", "u", "192.0.2.1"), Identity(2, "bo", "u", "a.cloak")
    events: list[Event] = [Arrived(told[0], "irc"), *(Said(by, "#a", "hello") for by in told)]
    store.append([Entry(n, n, event) for n, event in enumerate(events, 1)])
    thread = StoreThread(store.in_thread)
    hosts = {"192.0.2.1": "hidden", "a.cloak": "a.cloak"}
    past = History(store.reader, thread, lambda: 3, cloak=hosts.__getitem__)
    query = HistoryQuery(WHOLE, 9, True, room="#a")
    found = past.history(query, "~1", 0), past.lines("#a", None, 9)
    for lines in found:
        assert [entry.event.by.host for entry in lines] == ["hidden", "a.cloak"]
        assert [entry.number for entry in lines] == [2, 3]
    for entry in (past.event(2), past.last_seen("al")):
        assert entry is not None and entry.event.by.host == "hidden"
    assert past.event(9) is past.last_seen("nobody") is None


@pytest.mark.parametrize("before", [None, SHOWN + 1, SHOWN + 2, END])
def test_no_line_is_read_that_was_never_shown(past: History, before: int | None) -> None:
    assert numbers(past.lines("#a", before, 9)) == [1, 6, 9]


def test_lines_before_a_line(past: History) -> None:
    assert numbers(past.lines("#a", SHOWN, 9)) == [1, 6]
    assert numbers(past.lines("#a", SHOWN, 1)) == [6]


@pytest.mark.parametrize("latest", [True, False])
@pytest.mark.parametrize("before", [SHOWN + 1, SHOWN + 2, END])
def test_no_part_of_a_room_goes_past_what_was_shown(
    past: History, before: int, latest: bool
) -> None:
    query = room(HistoryRange(before=before), latest)
    assert numbers(past.history(query, AL_, ARRIVED)) == [1, 6, 9]


@pytest.mark.parametrize("latest", [True, False])
def test_no_part_of_a_private_talk_goes_past_what_was_shown(past: History, latest: bool) -> None:
    read = past.history(talk(WHOLE, latest=latest), AL_, ARRIVED)
    assert numbers(read) == [7, 8]
    assert past.history(talk(WHOLE, "cy", latest), AL_, ARRIVED) == []


def test_a_narrower_part_stays_as_narrow(past: History) -> None:
    within = HistoryRange(after=1, before=SHOWN)
    assert numbers(past.history(room(within), AL_, ARRIVED)) == [6]
    assert numbers(past.history(talk(HistoryRange(after=7)), AL_, ARRIVED)) == [8]


def test_a_rooms_history_goes_back_beyond_ones_arrival(past: History) -> None:
    assert numbers(past.history(room(WHOLE), BO_, ARRIVED + 1)) == [1, 6, 9]


def test_who_was_numbered_alike_in_an_earlier_run_keeps_their_secrets(past: History) -> None:
    """Al is session 1, as dan was. Dan talked with a bo, too, and with eve."""
    assert numbers(past.history(talk(WHOLE, "bo"), AL_, ARRIVED)) == [7, 8]
    assert past.history(talk(WHOLE, "eve"), AL_, ARRIVED) == []
    wider = HistoryRange(after=0, after_at=-1)
    assert past.history(talk(wider, "eve", latest=False), AL_, ARRIVED) == []


def test_whom_one_talked_with_since_one_came(past: History) -> None:
    """Neither eve, of an earlier run, nor cy, whose words were never shown."""
    assert past.peers(WHOLE, 9, AL_, ARRIVED) == [("bo", 80)]


def test_peers_end_at_what_was_shown(past: History) -> None:
    assert past.peers(HistoryRange(after=SHOWN), 9, AL_, ARRIVED) == []
    assert past.peers(HistoryRange(before=END), 9, AL_, ARRIVED) == [("bo", 80)]


def test_peers_begin_with_ones_arrival(past: History) -> None:
    assert past.peers(HistoryRange(before=ARRIVED), 9, AL_, ARRIVED) == []


def test_an_event_by_its_number_if_it_was_shown(past: History) -> None:
    assert past.event(SHOWN) == Entry(SHOWN, SHOWN * 10, EVENTS[SHOWN - 1])
    assert past.event(SHOWN + 1) is None


@pytest.mark.parametrize("number", [0, -1, -(1 << 70), 1 << 70])
def test_a_number_that_no_event_has(past: History, number: int) -> None:
    """SQLite could not even be asked for some of them."""
    assert past.event(number) is None


def test_a_departure_that_was_never_shown_is_not_when_one_was_last_seen(past: History) -> None:
    assert past.last_seen("al") == Entry(4, 40, Arrived(AL, "telnet"))
    assert past.last_seen("bo") == Entry(5, 50, Arrived(BO, "telnet"))
    assert past.last_seen("zoe") is None


class Unreadable(MemoryStore):
    """A store in a native thread, on a disk that cannot be read."""

    in_thread = True

    def _fail(self, *args: object) -> None:
        raise StoreError("disk error")

    lines = history = peers = event = last_seen = _fail  # type: ignore[assignment]


READS: list[Callable[[History], object]] = [
    lambda past: past.lines("#a", None, 9),
    lambda past: past.history(room(WHOLE), "~1", 1),
    lambda past: past.peers(WHOLE, 9, "~1", 1),
    lambda past: past.event(1),
    lambda past: past.last_seen(ALICE.nick),
]


@pytest.mark.parametrize("read", READS, ids=["lines", "history", "peers", "event", "last_seen"])
def test_what_the_store_could_not_read_is_told_to_who_asked(
    read: Callable[[History], object], capfd: pytest.CaptureFixture[str]
) -> None:
    store = Unreadable(9)
    thread = StoreThread(store.in_thread)
    with pytest.raises(StoreError, match=r"^disk error$"):
        read(History(store, thread, lambda: SHOWN))
    thread.join()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("after_at", "before_at", "found"),
    [
        (-1, 1 << 62, [1, 6, 9]),
        (10, 1 << 62, [6, 9]),
        (9, 1 << 62, [1, 6, 9]),
        (-1, 90, [1, 6]),
        (-1, 91, [1, 6, 9]),
        (10, 90, [6]),
        (1 << 40, 1 << 62, []),
        (-1, 0, []),
    ],
)
@pytest.mark.parametrize("latest", [True, False])
def test_moments(
    past: History, after_at: int, before_at: int, found: list[int], latest: bool
) -> None:
    within = HistoryRange(after_at=after_at, before_at=before_at)
    assert numbers(past.history(room(within, latest), AL_, ARRIVED)) == found


def test_moments_do_not_open_what_is_closed(past: History) -> None:
    """Neither what was never shown nor what is of an earlier run."""
    within = HistoryRange(after_at=5, before_at=10_000)
    assert numbers(past.history(talk(within), AL_, ARRIVED)) == [7, 8]
    assert past.peers(within, 9, AL_, ARRIVED) == [("bo", 80)]
    assert past.peers(HistoryRange(after_at=75), 9, AL_, ARRIVED) == [("bo", 80)]
    assert past.peers(HistoryRange(after_at=80), 9, AL_, ARRIVED) == []


def test_what_is_still_to_be_taken_out_is_not_read(past: History) -> None:
    past._hidden = lambda: {9, 8, 4}
    assert numbers(past.lines("#a", None, 1)) == [6]
    assert numbers(past.lines("#a", None, 9)) == [1, 6]
    assert past.lines("#a", None, 0) == []
    assert numbers(past.history(room(WHOLE)._replace(limit=1), AL_, ARRIVED)) == [6]
    first = room(WHOLE, latest=False)._replace(limit=2)
    assert numbers(past.history(first, AL_, ARRIVED)) == [1, 6]
    assert numbers(past.history(talk(WHOLE), AL_, ARRIVED)) == [7]
    assert past.event(9) is None
    assert past.last_seen("al") is None


def test_an_event_without_sense_is_told_of_once(
    past: History, caplog: pytest.LogCaptureFixture
) -> None:
    past._reader.unreadable.add(7)
    assert numbers(past.lines("#a", None, 9)) == [1, 6, 9]
    past.lines("#a", None, 9)
    assert caplog.messages == ["event 7 in the journal makes no sense; such are left out"]
