"""Lines as they look in a window: broken under what was said, one's own among them."""

from __future__ import annotations

import pytest

from geventchat.dialects.human.prompt.wrapping import wrapped
from geventchat.dialects.human.window import broken
from tests.dialects.human.prompter import Prompter, window
from tests.harness import Harness


@pytest.mark.parametrize(
    ("line", "rows"),
    [
        ("short", ["short"]),
        (
            "[12:01] <alice> one two three four",
            ["[12:01] <alice> one two three", "               four"],
        ),
        (
            "[12:01] #dev <bob> one two three four",
            ["[12:01] #dev <bob> one two", "               three four"],
        ),
        (
            "[12:01] * alice waves and waves and goes",
            ["[12:01] * alice waves and", "               waves and goes"],
        ),
        ("-> You are in #dev: no topic yet", ["-> You are in #dev: no topic", "   yet"]),
        ("*** alice is now known as al-ice.", ["*** alice is now known as", "    al-ice."]),
        (
            "[12:01] [PM from bob] psst psst psst",
            ["[12:01] [PM from bob] psst", "               psst psst"],
        ),
        (
            "[2026-11-21 12:01] <bob> one two",
            ["[2026-11-21 12:01] <bob> one", "               two"],
        ),
        (
            "안녕하세요 여러분 반갑습니다 그래요",
            ["안녕하세요 여러분 반갑습니다", "  그래요"],
        ),
        ("al: one two three four five *** you", ["al: one two three four five", "  *** you"]),
        (
            "\x1b[2m[12:01] \x1b[0m<\x1b[1mal\x1b[0m> one two three four\a",
            ["\x1b[2m[12:01] \x1b[0m<\x1b[1mal\x1b[0m> one two three", "             four\a"],
        ),
    ],
)
def test_a_line_goes_on_under_what_was_said(line: str, rows: list[str]) -> None:
    """But never farther to the right than the middle: the window has 31 columns."""
    assert broken(line, 30) == rows


def test_a_line_is_shown_to_its_author_as_to_everybody(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    assert alice.types("hello", "/me waves", "/set colour off", "hello")[-7:] == [
        "[12:00] <alice> hello",
        "#lobby> /me waves",
        "[12:00] * alice waves",
        "#lobby> /set colour off",
        "-> colour is off now.",
        "[12:00] <alice> hello",
        "#lobby>",
    ]


def test_a_private_line_is_shown_as_it_was_sent(harness: Harness) -> None:
    harness.human("bob")
    alice = Prompter(harness, "alice")
    assert alice.types("/msg bob psst")[-3:] == [
        "#lobby> /msg bob psst",
        "-> [PM to bob] psst",
        "#lobby>",
    ]


def test_nicks_have_colours_unless_they_are_not_wanted(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    bob.types("hi")
    assert b"<\x1b[38;5;99mbob\x1b[0m> hi\r\n" in alice.looks()
    alice.types("/set colour off")
    bob.types("hi")
    assert b"[12:00] <bob> hi\r\n" in alice.looks()


def test_a_name_rings_and_is_marked(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    bob.types("alice, psst", "/msg alice psst")
    came = alice.looks()
    assert b"<\x1b[1m\x1b[7mbob\x1b[0m> alice, psst\a\r\n" in came
    assert b"\x1b[1m[PM from bob]\x1b[0m psst\a\r\n" in came


def test_a_screen_reader_is_spared_colours_and_bells(harness: Harness) -> None:
    bob, alice = harness.human("bob"), Prompter(harness, "alice", "/set screenreader on")
    bob.types("alice: hi")
    assert alice.looks() == b"\r\x1b[K[12:00] bob: alice: hi\r\n\r#lobby> \x1b[K"


def test_history_and_tables_are_broken_too(harness: Harness) -> None:
    bob = harness.human("bob")
    bob.types("one two three four five six seven")
    alice = Prompter(harness, "alice", columns=40)
    rows = alice.types("/history 1")
    at = rows.index("[2023-11-14 12:00] <bob> one two three")
    assert rows[at + 1] == " " * 19 + "four five six seven"


def test_what_is_said_elsewhere_is_counted_and_what_is_ignored_is_not(harness: Harness) -> None:
    bob, carol = harness.human("bob"), harness.human("carol")
    alice = Prompter(harness, "alice")
    alice.types("/join #dev", "/ignore carol")
    bob.types("hello")
    carol.types("hello")
    assert alice.row == "#dev (#lobby 1)>"
    assert alice.types("/switch #lobby")[-1] == "#lobby>"
    assert alice.types("hi", "/switch #dev")[-1] == "#dev>"


def test_private_lines_are_counted_until_the_next_line(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    bob.types("/msg alice psst", "/msg alice hey")
    assert alice.row == "#lobby (2 PMs)>"
    assert alice.types("/ping")[-1] == "#lobby>"


def test_what_was_skipped_counts_as_unread() -> None:
    harness = Harness(backlog_events=16)
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    alice.types("/join #dev")
    bob.types(*(f"line {n}" for n in range(40)))
    assert alice.row == "#dev (#lobby 40)>"
    assert "-- 24 lines skipped; /history 24 #lobby --" in alice.rows[-20:]


def test_a_narrow_window_is_told_the_sum(harness: Harness) -> None:
    bob = harness.human("bob")
    alice = Prompter(harness, "alice")
    alice.types("/join #development")
    bob.types("hello")
    alice.sends(window(40))
    assert alice.row == "#development +1>"


def test_who_is_nowhere_is_told_so(harness: Harness) -> None:
    alice = Prompter(harness, "alice")
    assert alice.types("/part")[-1] == "(nowhere)>"


def test_a_long_line_is_broken_once_for_all_who_see_it(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a millisecond: half a second in a room of 500, and all would wait for it."""
    broke: list[str] = []

    def counted(line: str, columns: int, indent: int) -> list[str]:
        broke.append(line)
        return wrapped(line, columns, indent)

    monkeypatch.setattr("geventchat.dialects.human.window.wrapped", counted)
    alice, readers = harness.human("alice"), []
    for nick in ("bob", "carol", "dave"):
        readers.append(Prompter(harness, nick, columns=50))
        harness.clients.clear()  # What a newcomer does to others' screens is not looked at.
    alice.types("once " * 20 + "is enough")
    assert all("once is enough" in reader.looks().decode() for reader in readers)
    assert sum("once" in line for line in broke) == 1
