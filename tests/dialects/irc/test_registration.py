"""From the first byte to the welcome."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import Harness, IrcClient


@pytest.fixture
def harness() -> Harness:
    return Harness(name="irc.test")


def test_the_welcome(harness: Harness) -> None:
    lines = IrcClient(harness).registers("alice")
    verbs = [line.split(" ")[1] for line in lines]
    assert verbs[:4] == ["001", "002", "003", "004"]
    assert {"005", "251", "255", "265", "266", "422"} <= set(verbs)
    assert lines[0] == ":irc.test 001 alice :Welcome to irc.test, alice!~alice@192.0.2.7"
    tokens = " ".join(line for line in lines if " 005 " in line).split(" ")
    assert {"CASEMAPPING=ascii", "PREFIX=(ov)@+", "UTF8ONLY", "CHANTYPES=#"} <= set(tokens)
    assert all(len(line.encode()) <= 510 for line in lines)


def test_byte_by_byte(harness: Harness) -> None:
    client = IrcClient(harness)
    client.come_in()
    heard: list[str] = []
    for byte in b"CAP LS 302\r\nNICK alice\r\nUSER alice 0 * :Alice\r\nCAP END\r\n":
        heard += client.sends(bytes([byte]))
    assert [line.split(" ")[1] for line in heard[:3]] == ["CAP", "CAP", "001"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("NICK", ":irc.test 431 * :No nickname given"),
        ("NICK *", ":irc.test 432 * * :Erroneous nickname"),
        ("NICK NickServ", ":irc.test 432 * NickServ :Nickname is reserved"),
        ("NICK guest7", ":irc.test 432 * guest7 :Nickname is reserved"),
        ("NICK bob", ":irc.test 433 * bob :Nickname is already in use"),
        ("USER a", ":irc.test 461 * USER :Not enough parameters"),
        ("USER a 0 * :", ":irc.test 461 * USER :Not enough parameters"),
        ("USER !! 0 * :x", ":irc.test 468 * :Your username is invalid"),
        ("JOIN #a", ":irc.test 451 * :You have not registered"),
        ("CAP FOO", ":irc.test 410 * FOO :Invalid CAP command"),
        ("CAP LIST", ":irc.test CAP * LIST :"),
        ("CAP REQ :nonsense", ":irc.test CAP * NAK :nonsense"),
        ("PING x", ":irc.test PONG irc.test :x"),
    ],
)
def test_what_is_wrong_is_told(harness: Harness, line: str, answer: str) -> None:
    harness.irc("bob")
    client = IrcClient(harness)
    client.come_in()
    assert client.types(line) == [answer]


def test_a_nick_lost_while_arriving(harness: Harness) -> None:
    one, two = IrcClient(harness), IrcClient(harness)
    for client in (one, two):
        client.come_in()
        client.types("NICK alice")
    assert one.types("USER a 0 * :A")[0].split(" ")[1] == "001"
    assert two.types("USER b 0 * :B") == [":irc.test 433 alice alice :Nickname is already in use"]
    assert two.types("NICK bob")[0].split(" ")[1] == "001"


def test_the_password() -> None:
    harness = Harness(password="secret")
    wrong = IrcClient(harness)
    wrong.come_in()
    assert wrong.types("PASS no", "NICK a", "USER a 0 * :A")[-1].split(" ")[1] == "464"
    assert wrong.end is not None and wrong.end.reason is CloseReason.WRONG_PASSWORD
    assert harness.recorded == ["192.0.2.7: wrong password of the server"]
    right = IrcClient(harness)
    right.come_in()
    assert right.types("PASS secret", "NICK a", "USER a 0 * :A")[0].split(" ")[1] == "001"
    assert right.types("PASS x", "USER a 0 * :A")[0].split(" ")[1] == "462"


def test_who_never_registers_is_counted(harness: Harness) -> None:
    client = IrcClient(harness)
    client.come_in()
    other = harness.irc("al")
    unknown = [f":irc.test 253 al {n} :unknown connection(s)" for n in (1, 0)]
    assert unknown[0] in other.types("LUSERS")
    assert client.driver.finish(HangUp(CloseReason.EOF)).startswith(b"ERROR :Closing Link")
    assert unknown[1] in other.types("LUSERS")


def after_the_welcome(client: IrcClient, nick: str = "al") -> list[str]:
    """What an IRC client is told behind the end of the message of the day."""
    lines = client.registers(nick)
    (end,) = [nth for nth, line in enumerate(lines) if line.split(" ")[1] in ("422", "376")]
    return lines[end + 1 :]


def test_newcomers_are_told_where_the_people_are() -> None:
    harness = Harness(name="chat", lobby="#hall")
    start = ":chat NOTICE al :People meet in #hall (0 there now): /join #hall"
    past = ". What was said before you came: /msg chat history"
    assert after_the_welcome(IrcClient(harness)) == [start + past]
    harness.human("tess")
    start = start.replace("(0", "(1").replace("NOTICE al", "NOTICE bo")
    assert after_the_welcome(IrcClient(harness, "draft/chathistory"), "bo") == [start]


def test_newcomers_may_be_put_into_the_lobby() -> None:
    harness = Harness(name="chat", irc_on_connect="join")
    tess = harness.human("tess")
    tess.types("hello")
    lines = after_the_welcome(IrcClient(harness), "bo")
    assert lines[0] == ":bo!~bo@192.0.2.7 JOIN #lobby"
    assert [line.split(" ")[1] for line in lines] == ["JOIN", "353", "366", "NOTICE", "NOTICE"]
    assert tess.hears()[-1] == "*** bo joined #lobby. (2 here)"


def test_newcomers_may_be_left_alone() -> None:
    assert after_the_welcome(IrcClient(Harness(irc_on_connect="nothing"))) == []
