"""What is said arrives whole, whatever its length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geventchat.client.terminal.batches import Batches, Now
from geventchat.client.terminal.events import Form
from geventchat.client.terminal.outgoing import Limits, messages_of, written
from geventchat.client.terminal.wire import SENT_MAX_BYTES, parse

SERVER = Limits(4096, 32)


def sent(text: str, limits: Limits, form: Form = Form.MESSAGE) -> list[list[str]]:
    """The lines of each message."""
    some = messages_of(text, "#dev", "alice", limits, form)
    return [written(pieces, "#dev", f"c{n}", form) for n, pieces in enumerate(some)]


def arrived(text: str, limits: Limits, form: Form = Form.MESSAGE) -> list[str]:
    """What a server that puts batches together makes of it."""
    batches = Batches()
    return [
        piece.message.param(1)
        for lines in sent(text, limits, form)
        for line in lines
        for piece in batches.take(parse(f"{line}"))
        if isinstance(piece, Now)
    ]


def test_a_short_line_is_a_line() -> None:
    assert sent("hello all", SERVER) == [["@label=c0 PRIVMSG #dev :hello all"]]
    assert sent("waves", SERVER, Form.ACTION) == [["@label=c0 PRIVMSG #dev :\x01ACTION waves\x01"]]


def test_a_pasted_block_is_one_message() -> None:
    assert sent("if x:\n\n    y", SERVER) == [
        [
            "@label=c0 BATCH +c0 draft/multiline #dev",
            "@batch=c0 PRIVMSG #dev :if x:",
            "@batch=c0 PRIVMSG #dev :",
            "@batch=c0 PRIVMSG #dev :    y",
            "BATCH -c0",
        ]
    ]


def test_without_multiline_every_line_is_a_message_and_blank_ones_are_none() -> None:
    assert arrived("a\n\n b", Limits()) == ["a", " b"]


def test_long_lines_are_cut_behind_words() -> None:
    text = "wörter " * 200
    pieces = arrived(text, Limits())
    assert "".join(pieces) == text
    assert all(piece.endswith(" ") for piece in pieces)


_TEXT = st.text(
    st.characters(exclude_characters="\r\0\n\x01", exclude_categories=["Cs"]), max_size=3000
)


@given(_TEXT)
def test_every_line_fits_and_nothing_is_lost(text: str) -> None:
    for lines in sent(text, SERVER):
        for line in lines:
            bare = line.partition(" ")[2] if line[0] == "@" else line
            around = len(f":alice!{'u' * 10}@{'h' * 64} \r\n")
            assert len(bare.encode()) + around <= SENT_MAX_BYTES
    assert "".join(arrived(text, SERVER)) == (text if text.strip() else "")


@given(st.lists(_TEXT, min_size=1, max_size=40))
def test_blocks_keep_to_the_limits_of_the_server(lines: list[str]) -> None:
    limits = Limits(2000, 8)
    text = "\n".join(lines)
    for pieces in messages_of(text, "#dev", "alice", limits):
        size = sum(len(p.text.encode()) + (not p.concat) for p in pieces) - 1
        assert size <= 2000
        assert len(pieces) <= 8
        assert not pieces[0].concat


def test_a_long_action_is_framed_once() -> None:
    (whole,) = arrived("waves and " * 100, SERVER, Form.ACTION)
    assert whole == "\x01ACTION " + "waves and " * 100 + "\x01"


def test_limits_as_servers_tell_them() -> None:
    assert Limits.of("max-bytes=4096,max-lines=32") == (4096, 32)
    assert Limits.of("max-bytes=4096") == (4096, 100)
    assert Limits.of("") == Limits.of("max-bytes=x") == (0, 0)
