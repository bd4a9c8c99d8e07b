"""A whole screen in prompt mode: all lines above, the row last, whatever happens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.dialects.human.prompter import TAKES_BACK, Prompter, window
from tests.harness import Harness


def test_others_talk_while_somebody_types(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    alice.presses("half a sen")
    bob.types("in between")
    assert alice.rows[-2:] == ["[12:00] <bob> in between", "#lobby> half a sen"]
    alice.presses("tence\r\0")
    assert alice.rows[-2:] == ["[12:00] <alice> half a sentence", "#lobby>"]


def test_the_label_goes_with_the_room(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    assert alice.types("/join #dev")[-1] == "#dev>"
    assert alice.types("/switch #lobby")[-1] == "#lobby>"


def test_a_bug_or_a_kill_gives_the_terminal_back(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    alice.presses("half")
    last = alice.client.driver.finish(HangUp(CloseReason.DRAIN))
    assert last == (
        b"\r\x1b[K\x1b[?2004l" + TAKES_BACK + b"-> The server is shutting down. Come back soon.\r\n"
    )


def test_who_does_not_read_is_told_of_the_gap_above_the_row() -> None:
    harness = Harness(backlog_events=16)
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    alice.client.line.reads = False
    for n in range(40):
        bob.types(f"line {n}")
        alice.client.does(b"x")
    assert alice.client.outbox is not None
    assert alice.client.outbox.items == []
    alice.client.line.reads = True
    assert alice.rows[-18:] == [
        "-- 24 lines skipped; /history 24 --",
        *(f"[12:00] <bob> line {n}" for n in range(24, 40)),
        "#lobby> " + "x" * 40,
    ]


def test_a_paste_of_a_megabyte_is_refused_in_a_line(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    bob.hears()
    alice.presses("\x1b[200~")
    for _ in range(64):
        alice.client.does(b"y" * 16384)
    alice.presses("\x1b[201~\r\0")
    assert alice.rows[-2:] == ["-> Line too long: 8,192 of 4,096 bytes, not sent.", "#lobby>"]
    assert alice.client.end is None
    assert bob.hears() == []


def test_a_paste_of_lines_is_said_line_by_line(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    bob.hears()
    alice.presses("\x1b[200~one\r\ttwo\rthree\x1b[201~")
    assert bob.hears() == ["[12:00] <alice> one", "[12:00] <alice>     two"]
    assert alice.row == "#lobby> three"


KEYS = (
    "hello wörld 한국어 👍🏽\x1b[D\x1b[D\x7f!\r\0/me waves\r\0\x1b[A\x1b[A\x05 again\r\0"
    "/jo\t#dev\r\0\x1b[200~two\r\tlines\x1b[201~\r\0/nick al\r\0half a lin"
).encode() + window(50)


def test_whole_and_byte_by_byte(harness: Harness) -> None:
    """As over a line of one byte a second."""
    seen = []
    for pieces in ([KEYS], [KEYS[i : i + 1] for i in range(len(KEYS))]):
        harness = Harness()
        bob = harness.human("bob")
        alice = Prompter(harness, "alice")
        for piece in pieces:
            alice.sends(piece)
        seen.append((alice.row, bob.hears(), harness.state.session_of("al") is not None))
    assert seen[0] == seen[1]
    assert seen[0][0] == "#dev> half a lin"
    assert seen[0][2]


DOES = st.lists(
    st.one_of(
        st.tuples(
            st.just("bob"), st.sampled_from(["hi", "안녕 " * 30, "x" * 100, "alice!", "/me is"])
        ),
        st.tuples(
            st.just("alice"),
            st.sampled_from(
                ["a", "é", "한", "word ", "\x1b[D", "\x1b[A", "\x7f", "\x15", "\t", "\r\0", "\x01"]
            ),
        ),
        st.tuples(st.just("reads"), st.booleans()),
    ),
    max_size=40,
)


@given(DOES)
def test_every_line_stands_above_the_row(does: list[tuple[str, object]]) -> None:
    """What bob says is on the screen in order, and in the last row what alice types."""
    harness = Harness()
    bob = harness.human("bob")
    alice = Prompter(harness, "alice", columns=50, rows=200)
    said = []
    for who, what in does:
        if who == "reads":
            alice.client.line.reads = bool(what)
        elif who == "bob":
            bob.types(str(what))
            said.append(str(what))
        else:
            alice.client.does(str(what).encode())
    alice.client.line.reads = True
    rows = alice.rows
    prompt = alice.client.dialect.screen.prompt
    assert rows[-1].startswith("#lobby>")
    typed = prompt.buffer.text
    if len(typed) < 15:
        assert rows[-1] == f"#lobby> {typed}".rstrip()
    screen = "".join(rows[:-1]).replace(" ", "")
    at = 0
    for line in said:
        words = line.removeprefix("/me ").replace(" ", "")
        start = "*bob" if line.startswith("/me") else "<bob>"
        at = screen.index(f"{start}{words}", at) + 1


def test_of_many_keys_at_once_some_are_looked_at_in_a_turn(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    turns: list[bool] = []
    line = alice.client.line
    go_on = line.go_on

    def counted() -> CloseReason | None:
        turns.append(True)
        return go_on()

    line.go_on = counted
    alice.client.does(b"x" + b"\x1b[D" * 5000)
    assert len(turns) == 8  # For 15,001 bytes.
