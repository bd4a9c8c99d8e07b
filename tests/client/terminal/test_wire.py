"""IRC's lines, read and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geventchat.client.terminal.wire import LineReader, LineTooLong, Message, compose, parse


def test_a_line_with_everything() -> None:
    line = r"@time=2026-11-21T12:01:02.345Z;a=b\:\s\\\r\nc\q;flag :bob!b@h privmsg #dev :hi  there "
    message = parse(line)
    tags = {"time": "2026-11-21T12:01:02.345Z", "a": "b; \\\r\ncq", "flag": ""}
    assert message == (tags, "bob!b@h", "PRIVMSG", ["#dev", "hi  there "])
    assert (message.nick, message.at) == ("bob", 1795262462345)


@pytest.mark.parametrize(
    ("line", "verb", "params"),
    [
        ("", "", []),
        ("PING", "PING", []),
        (":srv 001 a :", "001", ["a", ""]),
        ("A  b   c :d :e", "A", ["b", "c", "d :e"]),
        ("A b:c d", "A", ["b:c", "d"]),
        (":only", "", []),
        ("@tags", "", []),
        ("PING :\0a\rb", "PING", ["ab"]),
    ],
)
def test_odd_lines(line: str, verb: str, params: list[str]) -> None:
    message = parse(line)
    assert (message.verb, message.params) == (verb, params)
    assert (message.param(7), message.param(-9)) == ("", "")


@pytest.mark.parametrize("time", ["", "yesterday", "9999-12-31T23:59:59.999Z", "0001-01-01", "-1"])
def test_a_moment_that_no_clock_shows_is_none(time: str) -> None:
    assert Message({"time": time}, "", "", []).at == 0


@pytest.mark.parametrize(
    ("params", "why"),
    [
        (("#a", "b\nQUIT"), "one line"),
        (("#a\r", "b"), "one line"),
        (("a\0",), "one line"),
        (("a b", "c"), "last"),
        ((":a", "c"), "last"),
        (("", "c"), "last"),
    ],
)
def test_words_never_become_commands(params: tuple[str, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        compose("PRIVMSG", *params)


_WORDS = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]))


@given(_WORDS, _WORDS)
def test_what_is_written_is_read_back(text: str, label: str) -> None:
    message = parse(compose("PRIVMSG", "#dev", text, label=label))
    assert message == ({"label": label}, "", "PRIVMSG", ["#dev", text])


def test_lines_come_in_any_pieces() -> None:
    sent = ":a X :é\r\nY\n\r\nZ".encode()
    whole = LineReader().feed(sent)
    reader = LineReader()
    assert [line for byte in sent for line in reader.feed(bytes([byte]))] == whole
    assert whole == [":a X :é", "Y", ""]
    assert reader.feed(b"!\n") == ["Z!"]


def test_a_line_without_an_end_is_no_line() -> None:
    reader = LineReader(10)
    reader.feed(b"1234567890")
    with pytest.raises(LineTooLong):
        reader.feed(b"1")
    with pytest.raises(LineTooLong):
        LineReader(10).feed(b"12345678901\nx")
