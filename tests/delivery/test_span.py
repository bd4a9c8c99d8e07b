"""What is left of a room's log for one reader: chunks, gaps, and what is counted in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.delivery.span import CHUNK_BYTES, Span
from tests.harness import Harness, HumanClient


@pytest.fixture
def harness() -> Harness:
    return Harness(backlog_events=16)


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8), st.booleans())
def test_a_gap_is_told_exactly(steps: list[tuple[int, bool]], replies: bool) -> None:
    """Delivered and skipped make up all of it, however reading and writing alternate."""
    harness = Harness(backlog_events=16)
    late, writer = harness.human("late"), harness.human("writer")
    late.hears()
    number = 0
    screen: list[str] = []
    for count, reads in steps:
        late.line.reads = False
        for _ in range(count):
            writer.types(f"line {number}")
            number += 1
        if replies:
            late.does(b"/ping\r\nmine\r\n")
        if reads:
            late.line.reads = True
            screen += late.hears()
    late.line.reads = True
    screen += late.hears()
    came = [int(line.split()[-1]) for line in screen if "> line" in line]
    skipped = sum(int(line.split()[1]) for line in screen if "skipped" in line)
    assert len(came) + skipped == number
    assert came == sorted(came)
    assert not any("mine" in line for line in screen)


def test_the_end_of_the_backlog_is_what_comes_after_a_gap(harness: Harness) -> None:
    late, writer = harness.human("late"), harness.human("writer")
    late.hears()
    for number in range(100):
        writer.types(f"line {number}")
    assert late.hears() == ["-- 84 lines skipped; /history 84 --"] + [
        f"[12:00] <writer> line {number}" for number in range(84, 100)
    ]


def test_a_chunk_has_its_size() -> None:
    harness = Harness()
    late, writer = harness.human("late"), harness.human("writer")
    late.hears()
    for _ in range(200):
        writer.types("x" * 4000)
    sizes = []
    assert late.outbox is not None
    while chunk := late.outbox.next_chunk():
        assert chunk.endswith(b"\r\n")
        sizes.append(len(chunk))
    assert sum(sizes) > 200 * 4000
    assert max(sizes) < CHUNK_BYTES + 4200


SAYS = st.sampled_from(
    [
        "al PRIVMSG #lobby :plain",
        "al PRIVMSG #lobby :\x01VERSION\x01",
        "al PRIVMSG #lobby :\x01ACTION waves\x01",
        "al NOTICE #lobby :note",
        "al @+typing=active TAGMSG #lobby",
        "al multiline",
        "bo PRIVMSG #lobby :plain",
        "bo multiline",
        "al TOPIC #lobby :tea",
        "late PRIVMSG #lobby :mine",
        "late @+typing=active TAGMSG #lobby",
        "late PRIVMSG #lobby :\x01VERSION\x01",
    ]
)
MULTILINE = ("BATCH +1 draft/multiline #lobby", *["@batch=1 PRIVMSG #lobby :x"] * 3, "BATCH -1")
CAPS = ("message-tags", "draft/multiline", "batch")


def says(client: HumanClient, what: str) -> None:
    lines = MULTILINE if what == "multiline" else (what,)
    client.does("".join(f"{line}\r\n" for line in lines).encode())


def lines_of(screen: list[str], reader: str) -> int:
    """How many lines somebody else said on a screen, gaps counted by what they tell."""
    total = 0
    for line in screen:
        if "skipped" in line:
            told = re.search(r"[:-] ?(\d+) lines? skipped", line)
            total += int(told[1]) if told else 0
        elif reader == "human":
            total += line[0] == "[" or line.startswith("* ")
        else:
            total += "PRIVMSG" in line or "NOTICE #lobby :note" in line
    return total


@pytest.mark.parametrize("reader", ["human", "ignores bo", "irc", "echo-message"])
@given(says=st.lists(SAYS, min_size=30, max_size=70), looks=st.sets(st.integers(0, 70)))
def test_every_kind_of_reader_is_told_exactly(
    reader: str, says: list[str], looks: set[int]
) -> None:
    """One who reads all along and one who is behind see and are told of the same number."""
    counts = []
    for behind in (False, True):
        harness = Harness(backlog_events=16 if behind else 1000, outbox_max_items=10_000)
        al, bo = harness.irc("al", *CAPS), harness.irc("bo", *CAPS)
        human = reader in ("human", "ignores bo")
        late = harness.human("late") if human else harness.irc("late", reader, "message-tags")
        if reader == "irc":
            late.types("CAP REQ :-echo-message")
        for client in (al, bo, late):
            client.types("/ignore bo" if client is late and reader[:1] == "i" else "JOIN #lobby")
        counts.append(_run(late, {"al": al, "bo": bo, "late": late}, says, looks, behind, human))
    assert counts[0] == counts[1]


def _run(
    late: HumanClient,
    by: dict[str, HumanClient],
    said: list[str],
    looks: set[int],
    behind: bool,
    human: bool,
) -> int:
    late.hears()
    screen: list[str] = []
    for nth, one in enumerate(said):
        late.line.reads = not behind or nth in looks
        who, _, what = one.partition(" ")
        if who == "late" and human:
            what = "mine"
        says(by[who], what)
        if late.line.reads:
            screen += late.hears()
    late.line.reads = True
    return lines_of(screen + late.hears(), "human" if human else "irc")


def test_only_own_lines_leave_no_gap(harness: Harness) -> None:
    late = harness.human("late")
    late.line.reads = False
    for _ in range(100):
        late.does(b"mine\r\n")
    late.line.reads = True
    assert late.hears() == []


def test_a_gap_without_lines_is_told_and_how_things_stand(harness: Harness) -> None:
    al, late = harness.irc("al"), harness.irc("late")
    al.types("JOIN #a")
    late.types("JOIN #a")
    late.line.reads = False
    for n in range(30):
        al.types(f"NICK al{n}", f"TOPIC #a :{n}")
    al.types("MODE #a +m")
    late.line.reads = True
    heard = late.hears()
    server = ":geventchat"
    assert heard[:6] == [
        f"{server} NOTICE #a :Events skipped",
        f"{server} 332 late #a 29",
        f"{server} 333 late #a al29 {harness.clock // 1000}",
        f"{server} 324 late #a +mn",
        f"{server} 329 late #a {harness.clock // 1000}",
        f"{server} 353 late = #a :@al29 late",
    ]
    assert heard[6] == f"{server} 366 late #a :End of /NAMES list"


def test_what_is_not_sent_any_more_is_told(harness: Harness) -> None:
    """The last words name how many lines of which room somebody hung up on will not see."""
    late, al = harness.human("late"), harness.human("al")
    late.types("/join #a")
    al.types("/join #a")
    late.hears()
    late.line.reads = False
    al.types("one", "two", "/switch #lobby", "three", "/msg late psst")
    late.does(b"/quit\r\n")
    assert late.end is not None
    words = late.driver.finish(late.end)
    assert words.decode().splitlines() == [
        "-- 1 line skipped; /history 1 #lobby --",
        "-- 2 lines skipped; /history 2 #a --",
        "-- 1 private line skipped: you did not read fast enough --",
    ]


def test_news_of_several_rooms_is_read_in_one_and_lost_in_none(harness: Harness) -> None:
    """What stood for other rooms too and was skipped: how things stand is told for each."""
    al, late = harness.irc("al"), harness.irc("late")
    for client in (al, late):
        client.types("JOIN #a", "JOIN #b", "JOIN #c")
    late.line.reads = False
    al.types("NICK rob")
    assert late.outbox is not None
    late.outbox.put(["a reply"])
    (span, _) = late.outbox.items
    assert isinstance(span, Span)
    assert [room.key for room in span.covers] == ["#b", "#c"]
    for n in range(30):
        al.types(f"PRIVMSG #a :{n}", f"PRIVMSG #b :{n}", f"PRIVMSG #c :{n}")
    late.line.reads = True
    heard = late.hears()
    reply = heard.index("a reply")
    assert [line for line in heard[:reply] if " 353 " in line] == [
        f":geventchat 353 late = #{room} :@rob late" for room in "abc"
    ]


def test_a_departure_is_shown_where_it_is_shown(harness: Harness) -> None:
    """A large room keeps silent on it; of two rooms alike one speaks."""
    harness = Harness(join_lines_max_members=2)
    alice, bob = harness.human("alice"), harness.human("bob")
    for person in (alice, bob):
        person.types("/join #small", "/join #little")
    for _ in range(3):
        harness.human()
    alice.hears()
    bob.leaves()
    assert alice.hears() == ["*** bob left."]
