"""The conversation: bad input, labels, and one room with people at terminals."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import Harness


@pytest.fixture
def harness() -> Harness:
    return Harness(name="irc.test")


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"NONSENSE\r\n", ":irc.test 421 al NONSENSE :Unknown command"),
        (b"@a=b\r\n", ":irc.test 421 al * :Unknown command"),
        (b"JOIN\r\n", ":irc.test 461 al JOIN :Not enough parameters"),
        (b"PING " + b"x" * 506 + b"\r\n", ":irc.test 417 al :Input line was too long"),
        (b"@a=" + b"x" * 4093 + b" PING x\r\n", ":irc.test 417 al :Input line was too long"),
        (
            b"PRIVMSG #a hi\xaa\r\n",
            ":irc.test FAIL PRIVMSG INVALID_UTF8 :Message is not valid UTF-8",
        ),
        (b"PI\0NG x\r\n", ":irc.test PONG irc.test :x"),
        (b"@a=" + b"x" * 4092 + b" PING x\r\n", ":irc.test PONG irc.test :x"),
        (b"MODE al +x\r\n", ":irc.test 501 al :Unknown MODE flag"),
    ],
)
def test_bad_input_is_answered(harness: Harness, data: bytes, answer: str) -> None:
    assert harness.irc("al").sends(data) == [answer]


def test_an_empty_line_is_nothing(harness: Harness) -> None:
    assert harness.irc("al").sends(b"\r\n   \r\n") == []


def test_a_line_without_an_end_ends_the_connection(harness: Harness) -> None:
    client = harness.irc("al")
    client.sends(b"x" * 20_000)
    assert client.end is not None and client.end.reason is CloseReason.LINE_TOO_LONG


def test_nothing_becomes_a_command(harness: Harness) -> None:
    client, other = harness.irc("al"), harness.irc("bo")
    client.types("JOIN #a")
    other.types("JOIN #a")
    client.hears()
    other.sends(b"PRIVMSG #a :x\rQUIT\0 :y\r\n")
    assert client.hears() == [":bo!~bo@192.0.2.7 PRIVMSG #a :xQUIT :y"]


def test_a_line_may_be_as_long_as_others_can_be_sent_it(harness: Harness) -> None:
    client, other = harness.irc("al"), harness.irc("bo")
    client.types("JOIN #a")
    other.types("JOIN #a")
    client.hears()
    start = ":al!~al@192.0.2.7 PRIVMSG #a :"
    longest = "x" * (510 - len(start))
    assert client.types(f"PRIVMSG #a :{longest}") == []
    assert other.hears() == [start + longest]
    # One byte more, said in either way: plainly, and with what takes a closer look.
    for line in (f"PRIVMSG #a :{longest}x", f"privmsg #a :{longest}x"):
        assert client.types(line) == [":irc.test 417 al :Input line was too long"]
    assert other.hears() == []


def test_what_was_read_is_told_on_joining(harness: Harness) -> None:
    client = harness.irc("al", "draft/read-marker")
    stamp = "timestamp=2020-01-02T00:00:00.000Z"
    client.types(f"MARKREAD #a {stamp}")
    verbs = [line.split(" ")[1:] for line in client.types("JOIN #a", "JOIN #b")]
    assert ["MARKREAD", "#a", stamp] in verbs and ["MARKREAD", "#b", "*"] in verbs
    names = [verb[0] for verb in verbs]
    assert names == ["JOIN", "353", "MARKREAD", "366"] * 2
    for target in ("bad name", "#" + "x" * 64, "1bad"):
        (told,) = client.types(f"MARKREAD :{target}")
        assert told.startswith(":irc.test FAIL MARKREAD INVALID_PARAMS ")


def test_a_labelled_answer_holds_what_one_did(harness: Harness) -> None:
    """One's own event is told once: in the answer, not in the room's lines as well."""
    client = harness.irc("al", "labeled-response", "batch", "echo-message")
    other = harness.irc("bo")
    other.types("JOIN #a")
    client.types("JOIN #a")
    other.types("MODE #a +o al", "JOIN #b")
    client.types("JOIN #b")
    client.hears()
    me = ":al!~al@192.0.2.7"
    assert client.types("@label=1 TOPIC #a :t") == [f"@label=1 {me} TOPIC #a :t"]
    assert client.types("@label=2 NICK ali") == [f"@label=2 {me} NICK ali"]
    me = ":ali!~al@192.0.2.7"
    assert client.types("@label=3 KICK #a bo :x") == [f"@label=3 {me} KICK #a bo :x"]
    assert client.types("@label=4 PART #a") == [f"@label=4 {me} PART #a"]
    first, *lines, _last = client.types("@label=5 PRIVMSG #b,bo :hi")
    assert first == "@label=5 :irc.test BATCH +b1 labeled-response"
    assert lines == [f"@batch=b1 {me} PRIVMSG #b :hi", f"@batch=b1 {me} PRIVMSG bo :hi"]
    other.types("PRIVMSG #b :after")
    assert client.hears() == [":bo!~bo@192.0.2.7 PRIVMSG #b :after"]


def test_labels(harness: Harness) -> None:
    client = harness.irc("al", "labeled-response", "batch", "echo-message")
    assert client.types("@label=1 PING x") == ["@label=1 :irc.test PONG irc.test :x"]
    assert client.types("@label=2 PONG x") == ["@label=2 :irc.test ACK"]
    joined = client.types("@label=3 JOIN #a")
    assert joined[0] == "@label=3 :irc.test BATCH +b1 labeled-response"
    assert joined[-1] == ":irc.test BATCH -b1"
    assert all(line.startswith("@batch=b1 ") for line in joined[1:-1])
    assert client.types("@label=4 PRIVMSG #a hi") == ["@label=4 :al!~al@192.0.2.7 PRIVMSG #a :hi"]
    assert client.types("@label=5 PRIVMSG #b hi") == [
        "@label=5 :irc.test 404 al #b :Cannot send to channel"
    ]
    assert len([line for line in client.types("@label=6 TOPIC #a :t") if "TOPIC" in line]) == 1


def test_one_room_for_all(harness: Harness) -> None:
    person, client = harness.human("tess"), harness.irc("ira")
    client.types("JOIN #lobby")
    assert person.hears() == ["*** ira joined #lobby. (2 here)"]
    person.types("hello", "/me waves", "/topic tea", "/nick tom")
    assert client.hears() == [
        ":tess!~telnet@192.0.2.7 PRIVMSG #lobby :hello",
        ":tess!~telnet@192.0.2.7 PRIVMSG #lobby :\x01ACTION waves\x01",
        ":tess!~telnet@192.0.2.7 TOPIC #lobby :tea",
        ":tess!~telnet@192.0.2.7 NICK tom",
    ]
    client.types(
        "PRIVMSG #lobby :\x02bold\x02 \x0304,05red\x03 text",
        "PRIVMSG #lobby :\x01ACTION dances\x01",
        "PRIVMSG #lobby :\x01VERSION\x01",
        "PRIVMSG tom :psst",
        "NICK iris",
    )
    assert person.hears() == [
        "[12:00] <ira> bold red text",
        "[12:00] * ira dances",
        "[12:00] [PM from ira] psst",
        "*** ira is now known as iris.",
    ]
    person.types("/msg iris hi")
    assert client.hears()[-1] == ":tom!~telnet@192.0.2.7 PRIVMSG iris :hi"


def test_a_long_line_of_a_person_becomes_several(harness: Harness) -> None:
    person, client = harness.human("tess"), harness.irc("ira")
    client.types("JOIN #lobby")
    words = " ".join(f"word{n}" for n in range(300))
    person.types(words)
    lines = client.hears()
    assert len(lines) > 4
    assert all(len(line.encode()) <= 510 for line in lines)
    assert "".join(line.partition(" :")[2] for line in lines) == words


def test_watching(harness: Harness) -> None:
    client = harness.irc("al", "extended-monitor", "away-notify")
    assert client.types("MONITOR + bo") == [":irc.test 731 al bo"]
    other = harness.irc("bo")
    assert client.hears() == [":irc.test 730 al bo!~bo@192.0.2.7"]
    other.types("AWAY :tea")
    assert client.hears() == [":bo!~bo@192.0.2.7 AWAY :tea"]
    other.types("NICK BO", "NICK cy")
    # A change of case is no going; the next name is one that nobody watches.
    assert client.hears() == [":irc.test 731 al BO"]
    other.leaves()
    assert client.hears() == []


def test_who_leaves_says_so(harness: Harness) -> None:
    """Nobody can word their leaving as a netsplit, by whatever they use; people see it once."""
    person, client = harness.human("tess"), harness.irc("ira")
    client.types("JOIN #lobby")
    for leave, told, seen in (
        ("QUIT :irc.a.net irc.b.net", "Quit: irc.a.net irc.b.net", "(irc.a.net irc.b.net)"),
        ("QUIT :Quit: bye", "Quit: Quit: bye", "(Quit: bye)"),
        ("QUIT", "Quit", "left."),
    ):
        other = harness.irc("bo")
        other.types("JOIN #lobby")
        client.hears(), person.hears()
        other.types(leave)
        assert other.end is not None
        other.driver.finish(other.end)
        assert client.hears() == [f":bo!~bo@192.0.2.7 QUIT :{told}"]
        (line,) = person.hears()
        assert line.startswith("*** bo left") and seen in line
    person.types("/quit a.net b.net")
    assert person.end is not None
    person.driver.finish(person.end)
    assert client.hears() == [":tess!~telnet@192.0.2.7 QUIT :Quit: a.net b.net"]
    other = harness.irc("bo")
    other.types("JOIN #lobby")
    client.hears()
    other.driver.finish(HangUp(CloseReason.RESET))
    assert client.hears() == [":bo!~bo@192.0.2.7 QUIT :connection lost"]


def test_being_put_out(harness: Harness) -> None:
    oper, client = harness.irc("op"), harness.irc("al")
    harness.proposals.canon.config = Harness(
        name="irc.test", oper_name="root", oper_password="pw"
    ).config
    assert oper.types("OPER root no") == [":irc.test 464 op :Password incorrect"]
    assert oper.types("OPER root pw")[-1] == ":irc.test 381 op :You are now an IRC operator"
    assert client.types("KILL op")[0].split(" ")[1] == "481"
    oper.types("KILL al :bye")
    assert harness.state.session_of("al") is None
    assert client.line.close_requested is CloseReason.KILLED
    (words,) = client.dialect.farewell(CloseReason.KILLED)
    assert words == "ERROR :Closing Link: 192.0.2.7 (Killed by op (bye))"
