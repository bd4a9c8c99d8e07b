"""Text becomes bytes in one place: another way to travel is a frame function and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from geventchat.dialects.base import Dialect, HangUp
from geventchat.dialects.irc.dialect import IrcDialect
from geventchat.errors import CloseReason
from tests.harness import HOST, Harness, IrcClient


def boxed(lines: Sequence[str]) -> bytes:
    """One message a line, as a WebSocket has it."""
    return b"".join(b"<" + line.encode() + b">" for line in lines)


class BoxedClient(IrcClient):
    """An IRC client whose lines travel as messages."""

    def _dialect(self, via: str) -> Dialect:
        harness = self.harness
        return IrcDialect(harness.proposals, harness.audience, harness.now, HOST, HOST, boxed)

    def hears(self) -> list[str]:
        raw = self.receives().decode()
        assert "\r" not in raw and "\n" not in raw
        assert not raw or (raw[0], raw[-1]) == ("<", ">")
        return raw[1:-1].split("><") if raw else []


CAPS = ("batch", "labeled-response", "message-tags", "echo-message", "draft/multiline")


def test_whatever_is_sent_is_framed() -> None:
    harness = Harness(name="irc.test", motd="hi", backlog_events=16)
    al = BoxedClient(harness, *CAPS)
    assert al.registers("al")[0] == ":irc.test 001 al :Welcome to irc.test, al!~al@192.0.2.7"
    bo, eve = harness.irc("bo", *CAPS), harness.human("eve")
    joined, names, end = al.types("JOIN #a")
    assert joined.endswith(" :al!~al@192.0.2.7 JOIN #a")
    assert (names.split(" ")[1], end.split(" ")[1]) == ("353", "366")
    bo.types("JOIN #a")
    eve.types("/join #a", "hello", "/me waves", "/msg al psst")
    heard = [line.partition(" ")[2] for line in al.hears()]
    assert ":eve!~telnet@192.0.2.7 PRIVMSG #a :hello" in heard
    assert ":eve!~telnet@192.0.2.7 PRIVMSG al :psst" in heard
    labelled = al.types("@label=x PRIVMSG #a :mine", "@label=y WHOIS bo")
    assert labelled[0].startswith("@label=x;") and labelled[0].endswith("PRIVMSG #a :mine")
    assert labelled[1] == "@label=y :irc.test BATCH +b1 labeled-response"
    bo.types("BATCH +1 draft/multiline #a", "@batch=1 PRIVMSG #a :one", "@batch=1 PRIVMSG #a :two")
    bo.types("BATCH -1")
    assert [line.split(" ")[-1] for line in al.hears() if "PRIVMSG" in line] == [":one", ":two"]
    al.line.reads = False
    for number in range(40):
        eve.types(f"line {number}")
    al.line.reads = True
    assert "24 lines skipped" in al.hears()[0]
    assert al.driver.finish(HangUp(CloseReason.DRAIN)).startswith(b"<ERROR :Closing Link")


def test_an_event_is_framed_once_for_all_who_travel_alike() -> None:
    harness = Harness()
    boxes = [BoxedClient(harness) for _ in range(3)]
    for number, client in enumerate(boxes):
        client.registers(f"box{number}")
        client.types("JOIN #a")
    plain = harness.irc("al")
    plain.types("JOIN #a")
    feed = harness.audience.feeds["#a"]
    encoders = {subscription.encoder for subscription in feed.subscriptions.values()}
    assert len(encoders) == 2
    for client in boxes:
        client.hears()
    plain.types("PRIVMSG #a :hello")
    assert {client.hears()[-1] for client in boxes} == {":al!~al@192.0.2.7 PRIVMSG #a :hello"}
