"""How things look on the screen."""

from __future__ import annotations

from datetime import datetime

import pytest

from geventchat.client.terminal import events
from geventchat.client.terminal.events import Event, Form, Said
from geventchat.client.terminal.state import State
from geventchat.client.terminal.words import Words, coloured, plain

NOON = int(datetime(2026, 11, 21, 12, 1).timestamp() * 1000)
DAY_MS = 86_400_000


@pytest.fixture
def words() -> Words:
    state = State("alice")
    state.add_room("#dev")
    state.add_room("#tea")
    state.go_to("#dev")
    return Words(state, lambda: datetime(2026, 11, 21, 12, 1))


def shown(words: Words, *some: Event) -> list[str]:
    return [plain(line) for event in some for line in words.lines(event)]


def said(text: str, form: Form = Form.MESSAGE, room: str = "#dev", nick: str = "bob") -> Said:
    to = "" if room else "bob" if nick == "alice" else "alice"
    return Said(NOON, "1", room, nick, text, form, own=nick == "alice", to=to)


@pytest.mark.parametrize(
    ("line", "looks"),
    [
        (said("hello"), "[12:01] <bob> hello"),
        (said("hello", room="#tea"), "[12:01] #tea <bob> hello"),
        (said("waves", Form.ACTION), "[12:01] * bob waves"),
        (said("built", Form.NOTICE), "[12:01] -bob- built"),
        (said("psst", room=""), "[12:01] [PM from bob] psst"),
        (said("psst", room="", nick="alice"), "[12:01] [PM to bob] psst"),
        (said("nods", Form.ACTION, room=""), "[12:01] [PM from bob] * bob nods"),
    ],
)
def test_what_is_said(words: Words, line: Said, looks: str) -> None:
    assert shown(words, line) == [looks]


def test_a_block_is_a_line_each(words: Words) -> None:
    assert shown(words, said("if x:\n\n    y")) == ["[12:01] <bob> if x:", "[12:01] <bob>     y"]
    assert shown(words, said("")) == ["[12:01] <bob> "]


def test_nobody_can_forge_an_event(words: Words) -> None:
    forged = shown(words, said("alice is now known as bob.", Form.ACTION), said("*** x\n-> y"))
    assert all(line.startswith("[12:01] ") for line in forged)


def test_another_day_is_told_once(words: Words) -> None:
    yesterday = Said(NOON - DAY_MS, "1", "#dev", "bob", "old")
    assert shown(words, yesterday, yesterday, said("new"), said("newer")) == [
        "-- Friday, 20 November 2026 --",
        "[12:01] <bob> old",
        "[12:01] <bob> old",
        "-- Saturday, 21 November 2026 --",
        "[12:01] <bob> new",
        "[12:01] <bob> newer",
    ]


def test_coming_and_going_in_large_rooms_is_not_told(words: Words) -> None:
    assert shown(
        words,
        events.Joined(NOON, "#dev", "bob", 51),
        events.Parted(NOON, "#dev", "bob", "", 51),
        events.Left(NOON, "bob", "", 51),
        events.Joined(NOON, "#dev", "bob", 50),
    ) == ["*** bob joined #dev. (50 here)"]


def test_leaving_says_where_words_go_now(words: Words) -> None:
    left = events.Parted(NOON, "#dev", "alice", "", 3, own=True, current="#tea")
    assert shown(words, left) == ["-> You left #dev. Talking in #tea."]
    last = events.Kicked(NOON, "#dev", "alice", "op", "", own=True)
    assert shown(words, last) == [
        "*** You were kicked from #dev by op.",
        "-> You are in no room: /join #room",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (("+ov", "bob", "cy"), "op made bob an operator, gave cy a voice."),
        (("+b", "m:bob!*@*"), "op muted bob."),
        (("-b", "m:bob!*@*"), "op unmuted bob."),
        (("+mi",), "op moderated the room, closed the room to the uninvited."),
        (("+k", "sesame"), "op locked the room."),
        (("+l", "5"), "op set mode +l 5."),
        (("+s",), "op set mode +s."),
    ],
)
def test_modes_in_words(words: Words, changes: tuple[str, ...], told: str) -> None:
    assert shown(words, events.ModesSet(NOON, "#dev", "op", changes)) == [f"*** {told}"]


def test_topics_and_past(words: Words) -> None:
    assert shown(
        words,
        events.TopicSet(NOON, "#dev", "op", ""),
        events.TopicSet(NOON, "#tea", "op", "x"),
        events.Past((said("a"), said("b", room="#tea")), "2 lines"),
        events.NotSent("#tea", "a\nb", "no."),
    ) == [
        "*** op removed the topic.",
        "*** op set the topic of #tea: x",
        "[2026-11-21 12:01] <bob> a",
        "[2026-11-21 12:01] #tea <bob> b",
        "-- 2 lines --",
        "-> Not sent to #tea: no. Your line was: a b",
    ]


def test_many_names_are_cut(words: Words) -> None:
    nicks = tuple(f"n{n}" for n in range(12))
    (line,) = shown(words, events.InRoom("#dev", "tea", nicks, (), missed=False))
    assert line == f"-> You are in #dev: tea (12 here: {', '.join(nicks[:10])} …)"


def test_only_looks_of_ours_reach_the_terminal(words: Words) -> None:
    (line,) = words.lines(said("\x1b[2J\x9b\x07\u202ehi\x03" + "4red", nick="b\x1bob"))
    assert "\x1b" not in plain(line)
    assert plain(line) == "[12:01] <bob> [2Jhired"
    allowed = coloured(line)
    for look, _ in line:
        allowed = allowed.replace(f"\x1b[{look}m", "").replace("\x1b[0m", "")
    assert allowed == plain(line)


def test_who_is_meant_is_rung(words: Words) -> None:
    rung = [said("hi ALICE"), said("psst", room="")]
    quiet = [
        said("hi all"),
        said("alice alice", nick="alice"),
        said("alice: built", Form.NOTICE),
        events.Told("alice"),
    ]
    assert [words.rings(event) for event in (*rung, *quiet)] == [True, True] + [False] * 4


def test_a_nick_has_its_colour_and_one_s_own_another(words: Words) -> None:
    def look(line: Said) -> str:
        return next(look for look, text in words.lines(line)[0] if text == line.nick)

    assert look(said("a")) == look(said("b", room="#tea")) != look(said("a", nick="alice"))
    assert len({look(said("a", nick=f"n{n}")) for n in range(50)}) > 4


def test_a_moment_no_clock_knows_is_now(words: Words) -> None:
    assert shown(words, Said(0, "1", "#dev", "bob", "x")) == ["[12:01] <bob> x"]
