"""No server can break the client, whatever it says in whatever order."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from geventchat.client.terminal.conversation import Conversation
from geventchat.client.terminal.errors import ConnectError
from geventchat.client.terminal.registration import Registration
from geventchat.client.terminal.state import State
from geventchat.client.terminal.words import plain
from tests.client.terminal.talker import in_room
from tests.harness import Harness

VERBS = (
    *("JOIN", "PART", "QUIT", "NICK", "KICK", "TOPIC", "MODE", "AWAY", "INVITE", "WALLOPS"),
    *("PRIVMSG", "NOTICE", "BATCH", "PING", "PONG", "ERROR", "FAIL", "ACK", "CAP", "001", "005"),
    *("301", "332", "353", "366", "372", "376", "401", "404", "433", "464", "696"),
)
WORDS = (
    *("", "alice", "bob", "#dev", "#Dev", "#tea", "#a b", "#", ":x", "*", "+m", "-m", "+1", "-1"),
    *("+ob-l+k", "draft/multiline", "chathistory", "labeled-response", "\x01ACTION x\x01", "LS"),
    *("CHATHISTORY=5", "\x00", "a\rb", "\x1b[2J", "5", "=", "@alice +bob", "é\ue000" * 9, "ACK"),
)
TAGS = (
    *("", "", "@label=c1 ", "@label=c2 ", "@batch=1 ", "@batch=m;draft/multiline-concat "),
    *("@msgid=7 ", "@time=2026-11-21T12:01:02.345Z;msgid=8 ", "@time=x;label=c3;batch=1 "),
)
SOURCES = ("", ":srv ", ":alice!a@h ", ":bob!b@h ", ":\x1b[1m!x@y ")


@st.composite
def server_lines(draw: st.DrawFn) -> str:
    """A line as no server should send it: known words in any order."""
    *middles, last = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
    params = " ".join([*middles, f":{last}"])
    tags, source, verb = (draw(st.sampled_from(some)) for some in (TAGS, SOURCES, VERBS))
    return f"{tags}{source}{verb} {params}"


@settings(max_examples=200)
@given(st.lists(server_lines(), max_size=30))
@example(["PING :\x00"])
@example([":alice!a@h JOIN :#a b"])
@example([":alice!a@h JOIN ::x"])
@example([":alice!a@h NICK :two words", "PING :a b"])
def test_in_a_room(lines: list[str]) -> None:
    alice = in_room(Harness())
    alice.talk.say("#dev", "on its way")
    shown = []
    for line in lines:
        for event in alice.talk.take(line):
            alice.state.remember(event)
            shown += [plain(one) for one in alice.words.lines(event)]
    assert [line for line in shown if not line.isprintable()] == []
    for line in alice.talk.outgoing().decode().split("\r\n"):
        assert not set(line) & {"\r", "\n", "\0"}


@given(st.lists(server_lines(), max_size=10))
@example(["PING :\x00"])
def test_while_coming_in(lines: list[str]) -> None:
    conversation = Conversation(State("alice"), Registration("alice"))
    with suppress(ConnectError):
        for line in lines:
            conversation.take(line)
    said = conversation.outgoing().decode().split("\r\n")
    # Who we are comes first, whatever the server says; and no line of its becomes one of ours.
    assert said[:3] == ["CAP LS 302", "NICK alice", "USER chat 0 * alice"]
    assert [line for line in said if set(line) & {"\r", "\n", "\0"}] == []
    assert {line.partition(" ")[0] for line in said} <= {
        *("CAP", "NICK", "USER", "PONG", "JOIN", "MODE", ""),
    }
