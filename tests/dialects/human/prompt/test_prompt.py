"""The prompt as its person sees it: on the screen of a terminal emulator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.dialects.human.keys import END_OF_FILE
from geventchat.dialects.human.prompt.prompt import _TABS_MAX
from tests.dialects.human.prompt.terminal import Terminal

KEYS = st.lists(
    st.sampled_from(
        [
            *("a", "word ", "ü", "한", "/who", "/oper root x", "x" * 60, "bo", "\t", "\r", "\r\n"),
            *("\x7f", "\x1b[D", "\x1b[C", "\x01", "\x05", "\x15", "\x17", "\x0b", "\x19", "\x14"),
            *("\x1b[A", "\x1b[B", "\x03", "\x04", "\x1bb", "\x1b[200~", "\x1b[201~", "\x0c"),
        ]
    ),
    max_size=25,
).filter(lambda keys: keys.count("\t") <= _TABS_MAX)  # Of one read no more are looked at.


@pytest.mark.parametrize(
    ("keys", "lines"),
    [
        ("hello\r\n", ["hello"]),
        ("helo\x1b[Dl\r", ["hello"]),
        ("world\x01hello \r", ["hello world"]),
        ("one two\x17three\r", ["one three"]),
        ("Grüße\x7fe 한국\r", ["Grüße 한국"]),
        ("\r\n\r\n", ["", ""]),
        ("wrong\x03right\r", ["right"]),
        ("one\r\x1b[A!\r", ["one", "one!"]),
        ("one\r  \rtwo\x1b[A\x1b[B!\r", ["one", "  ", "two!"]),
        ("abc\x02\x04\r", ["ab"]),
        ("one\x15two \x19\r", ["two one"]),
        ("\x1b[200~a\tb\r\nc\x1b[201~\r", ["a   b", "c"]),
    ],
)
def test_finished_lines(keys: str, lines: list[str]) -> None:
    terminal = Terminal()
    terminal.press(keys)
    assert terminal.lines == lines


def test_ctrl_d_ends_only_where_nothing_stands() -> None:
    terminal = Terminal()
    terminal.press("a\x04\x03\x04")
    assert terminal.lines == [END_OF_FILE.decode()]


def test_a_character_at_the_end_is_all_that_is_sent() -> None:
    terminal = Terminal()
    terminal.press("hell")
    assert terminal.press("o") == b"o"
    assert terminal.press("\x1b[D") != b""
    assert terminal.press("x") != b"x"
    assert terminal.press("\x1b[1") == b""
    assert terminal.press("~") != b""
    assert terminal.press("") == b""
    assert terminal.row == "#lobby> hellxo"


def test_what_may_be_wider_than_thought_is_painted_without_wrapping() -> None:
    terminal = Terminal()
    assert b"\x1b[?7l" in terminal.press("ü")
    assert b"\x1b[?7l" in terminal.press("x")


def test_the_cursor_stands_where_the_next_character_goes() -> None:
    terminal = Terminal()
    terminal.press("한국 a\x1b[D\x1b[D\x1b[D")
    assert (terminal.row.replace(" ", ""), terminal.column) == ("#lobby>한국a", len("#lobby> ") + 2)


@given(KEYS)
def test_the_screen_shows_the_same_however_the_keys_come(keys: list[str]) -> None:
    data = "".join(keys).encode()
    whole, single = Terminal(max_bytes=60), Terminal(max_bytes=60)
    whole.press(data)
    single.press(*(data[i : i + 1] for i in range(len(data))))
    assert whole.lines == single.lines
    one, other = whole.prompt.buffer, single.prompt.buffer
    assert (one.text, one.cursor, one.surplus) == (other.text, other.cursor, other.surplus)
    # How far it is scrolled depends on what was seen in between, and so does what was cleared.
    whole.show(whole.prompt.redraw())
    if "\x0c" not in keys:
        assert len(whole.row) < 40
        assert whole.rows[:-1] == single.rows[:-1]
    if len(one.text) < 15:
        assert (whole.row, whole.column) == (single.row, single.column)


def test_lines_go_above_what_is_being_typed() -> None:
    terminal = Terminal()
    terminal.press("half a\x1b[D")
    terminal.show(terminal.prompt.above(b"[07:39] <bob> hi\r\n[07:39] <eve> ho\r\n"))
    assert terminal.rows == ["[07:39] <bob> hi", "[07:39] <eve> ho", "#lobby> half a"]
    assert terminal.column == len("#lobby> half ")
    terminal.press("X")
    assert terminal.row == "#lobby> half Xa"


def test_a_command_stays_on_the_screen_and_a_line_said_does_not() -> None:
    terminal = Terminal()
    terminal.press("hello\r", "/who\r", "//slash\r", "\r")
    assert terminal.rows == ["#lobby> /who", "#lobby>"]


def test_a_command_stays_with_the_label_under_which_it_was_entered() -> None:
    terminal = Terminal()
    terminal.prompt.feed(b"/join #dev\r")
    terminal.label = "#dev> "
    terminal.show(terminal.prompt.above(b"You are in #dev\r\n"))
    assert terminal.rows == ["#lobby> /join #dev", "You are in #dev", "#dev>"]
    terminal.prompt.feed(b"/prompt off\r")
    terminal.show(terminal.prompt.close())
    assert terminal.rows[-2:] == ["#dev> /prompt off", ""]


def test_where_nothing_can_be_sent_little_is_kept() -> None:
    terminal = Terminal()
    for n in range(1000):
        terminal.prompt.feed(b"/who %d\rbob\t\t\x03" % n)
    assert terminal.press("").count(b"/who ") == 12


def test_a_long_command_stays_in_as_many_rows_as_it_takes() -> None:
    terminal = Terminal()
    terminal.press("/topic " + "word " * 12 + "\r")
    assert [row.count("word") for row in terminal.rows] == [5, 7, 0]


def test_of_many_commands_at_once_the_last_are_shown() -> None:
    terminal = Terminal()
    sent = terminal.press("".join(f"/a{n}\r" for n in range(1000)))
    assert sent.count(b"#lobby> /a") == 24
    assert b"/a999" in sent
    assert len(terminal.lines) == 1000


def test_a_secret_is_seen_nowhere() -> None:
    terminal = Terminal()
    terminal.press(*"/oper root hunter2")
    assert terminal.row == "#lobby> /oper root *******"
    terminal.press("\x17", "\x15", "visible\x19", "\x15", "/oper root hunter2", "\r")
    assert terminal.rows == ["#lobby> /oper root *******", "#lobby>"]
    assert terminal.lines == ["/oper root hunter2"]
    terminal.press("\x1b[A", "\x19")
    assert terminal.row == "#lobby> visible"
    assert b"hunter2" not in terminal.sent


def test_completion_as_in_a_shell() -> None:
    terminal = Terminal()
    terminal.press("/w\t")
    assert terminal.row == "#lobby> /who"
    terminal.press("al\t")
    assert terminal.prompt.buffer.text == "/who alice "
    assert terminal.asked == [("/w", True), ("al", False)]
    terminal.press("\x03AL\t")
    assert terminal.prompt.buffer.text == "alice: "
    terminal.press("\x03/j\t")
    assert terminal.prompt.buffer.text == "/jo"
    terminal.press("\t")
    assert terminal.rows == ["/join  /joke", "#lobby> /jo"]


def test_tab_rings_where_nothing_is_clear_and_tells_when_pressed_again() -> None:
    terminal = Terminal()
    assert b"\a" in terminal.press("bob\t")
    assert terminal.rows == ["#lobby> bob"]
    assert b"\a" not in terminal.press("\t")
    assert terminal.rows == ["bob  Bobby", "#lobby> bob"]
    assert b"\a" in terminal.press("zz\t")
    assert terminal.rows == ["bob  Bobby", "#lobby> bobzz"]


def test_another_key_between_two_tabs_starts_anew() -> None:
    terminal = Terminal()
    terminal.press("bob\t", "\x1b[D\x1b[C", "\t")
    assert terminal.rows == ["#lobby> bob"]


def test_a_pasted_tab_completes_nothing() -> None:
    terminal = Terminal()
    terminal.press("\x1b[200~/w\t\x1b[201~")
    assert terminal.prompt.buffer.text == "/w  "
    assert terminal.asked == []


def test_a_storm_of_tabs_asks_a_few_times() -> None:
    terminal = Terminal()
    terminal.names = [f"guest{n}" for n in range(500)]
    terminal.press("g\t\x7f" * 5000)
    assert len(terminal.asked) <= 8


def test_a_line_too_long_rings_and_is_given_out_to_be_refused() -> None:
    terminal = Terminal(max_bytes=20)
    assert b"\a" in terminal.press("x" * 25)
    assert b"\a" in terminal.press("y")
    terminal.press("\r")
    assert [len(line) for line in terminal.lines] == [26]
    terminal.press("\x1b[A\x7fz\r")
    assert terminal.lines[1:] == ["x" * 19 + "z"]


def test_a_line_far_too_long_takes_no_memory() -> None:
    terminal = Terminal(max_bytes=20)
    terminal.press("\x1b[200~" + "x" * 1_000_000 + "\x1b[201~\r")
    assert [len(line) for line in terminal.lines] == [40]


def test_a_smaller_limit_counts_at_once() -> None:
    terminal = Terminal(max_bytes=20)
    terminal.press("x" * 15)
    terminal.prompt.buffer.max_bytes = 10
    assert b"\a" in terminal.press("x")
    terminal.press("\r")
    assert [len(line) for line in terminal.lines] == [16]


def test_a_window_that_changes_its_size() -> None:
    terminal = Terminal(columns=80)
    terminal.press("word " * 10)
    terminal.screen.resize(columns=30)
    terminal.prompt.resize(30)
    terminal.press("")
    assert terminal.row.startswith("#lobby> <")
    assert len(terminal.row) < 30


def test_the_label_is_asked_for_whenever_the_row_is_painted() -> None:
    terminal = Terminal()
    terminal.press("hi")
    terminal.label = "#dev (2)> "
    terminal.show(terminal.prompt.redraw())
    assert terminal.rows == ["#dev (2)> hi"]


def test_ctrl_l_clears_the_screen() -> None:
    terminal = Terminal()
    terminal.show(terminal.prompt.above(b"one\r\ntwo\r\n"))
    terminal.press("hi\x0c")
    assert terminal.rows == ["#lobby> hi"]


def test_the_terminal_is_left_as_it_was_found() -> None:
    terminal = Terminal()
    terminal.press("half a ü")
    terminal.show(terminal.prompt.close())
    assert terminal.rows == [""]
    assert terminal.sent.startswith(b"\x1b[?2004h")
    assert terminal.sent.endswith(b"\x1b[?2004l")
    assert terminal.prompt.close() == b""
    assert terminal.prompt.buffer.pending == "half a ü".encode()
    assert terminal.prompt.redraw().startswith(b"\x1b[?2004h")


def test_a_terminal_never_shown_anything_needs_no_farewell() -> None:
    terminal = Terminal()
    terminal.prompt.close()
    assert terminal.prompt.close() == b""


@pytest.mark.parametrize("flood", ["\x1b[D", "\x7f", "a\x7f", "\x19", "\x10", "ü\x1bb"])
def test_a_flood_of_keys_paints_the_row_once(flood: str) -> None:
    terminal = Terminal()
    assert terminal.press("word\x15\x19" + flood * 5000).count(b"#lobby> ") == 1
