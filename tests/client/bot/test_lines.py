"""The server's lines, as values."""

import pytest

from geventchat.client.bot.lines import (
    EndOfHistory,
    Event,
    Form,
    Gap,
    Line,
    Parsed,
    Parser,
    Reply,
)


def parsed(raw: bytes, current: str = "#lobby") -> Parsed:
    parser = Parser()
    parser.current = current
    return parser.parse(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"[12:01] <alice> hello\r\n", Line("#lobby", "alice", "hello", "12:01")),
        (b"[12:01] #dev <bob> hi\r\n", Line("#dev", "bob", "hi", "12:01")),
        (b"<alice> no times\n", Line("#lobby", "alice", "no times")),
        (b"[12:01] <alice> \r\n", Line("#lobby", "alice", "", "12:01")),
        (b"[12:01] <a> [12:02] #dev <b> c\n", Line("#lobby", "a", "[12:02] #dev <b> c", "12:01")),
        (b"[12:01] <a> -> pong\n", Line("#lobby", "a", "-> pong", "12:01")),
        (b"[12:01] -bot- note\n", Line("#lobby", "bot", "note", "12:01", Form.NOTICE)),
        (b"* alice waves\r\n", Line("#lobby", "alice", "waves", form=Form.ACTION)),
        (b"#dev * bob waves\r\n", Line("#dev", "bob", "waves", form=Form.ACTION)),
        (b"[PM from bob] psst\n", Line("", "bob", "psst")),
        (b"[PM from bob] * x y\n", Line("", "bob", "* x y")),
        (b"[PM] -bob- psst\n", Line("", "bob", "psst", form=Form.NOTICE)),
        (b"[PM from bob] -x- y\n", Line("", "bob", "-x- y")),
        (b"[PM] * bob waves\n", Line("", "bob", "waves", form=Form.ACTION)),
        (b"*** alice joined #dev. (6 here)\r\n", Event("alice joined #dev. (6 here)")),
        (b"-> Talking in #dev.\n", Reply("Talking in #dev.")),
        (b"-- 37 lines skipped; /history 37 --\r\n", Gap("#lobby", 37)),
        (b"-- 1 line skipped; /history 1 #dev --\n", Gap("#dev", 1)),
        (b"-- 1,024 lines skipped; /history 1,024 --\n", Gap("#lobby", 1024)),
        (b"-- end of history --\r\n", EndOfHistory()),
        (b"-- no lines -- end of history --\r\n", EndOfHistory()),
        (b"some message of the day\r\n", None),
        (b"\r\n", None),
        (
            b"\xff\xfd\x1f\xff\xf1[12:01] <a> b\xff\xfa\x1f\0P\0\x18\xff\xf0\r\n",
            Line("#lobby", "a", "b", "12:01"),
        ),
        ("[12:01] <a> grüße\r\n".encode(), Line("#lobby", "a", "grüße", "12:01")),
        (b"[12:01] <a> \xc3(\n", Line("#lobby", "a", "\ufffd(", "12:01")),
    ],
)
def test_each_kind_of_line(raw: bytes, value: Parsed) -> None:
    assert parsed(raw) == value


@pytest.mark.parametrize(
    ("raw", "room"),
    [
        (b"Welcome to A. B. You are guest7 in #hall (12 here). /nick NAME to choose\n", "#hall"),
        (b"-> Talking in #dev.\n", "#dev"),
        (b"-> You are in #dev: no topic (5 here: alice, bob)\n", "#dev"),
        (b"-> You were kicked from #lobby by eve: why\n", ""),
        (b"-> You were kicked from #dev by eve.\n", "#lobby"),
        (b"-> You left #old. Talking in #dev.\n", "#dev"),
        (b"-> You are in #dev already. /switch #dev to talk there.\n", "#lobby"),
        (b"-> You are not in #dev. /join #dev\n", "#lobby"),
        (b"[12:01] <eve> Talking in #dev.\n", "#lobby"),
    ],
)
def test_replies_change_the_room_that_is_talked_in(raw: bytes, room: str) -> None:
    parser = Parser()
    parser.current = "#lobby"
    parser.parse(raw)
    assert parser.current == room
