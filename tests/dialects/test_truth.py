"""What is told is what is: success only after it, nothing twice, nothing swallowed."""

from __future__ import annotations

import pytest

from geventchat.errors import CloseReason
from tests.harness import Harness, HumanClient, IrcClient


@pytest.mark.parametrize(
    ("typed", "success"), [("OPER root pw", "381"), ("AWAY :tea", "306"), ("INVITE bo #a", "341")]
)
def test_success_is_told_only_when_it_is_saved(typed: str, success: str) -> None:
    harness = Harness(name="irc.test", oper_name="root", oper_password="pw")
    al = harness.irc("al")
    harness.irc("bo")
    al.types("JOIN #a")
    harness.store.write_error = "disk full"
    heard = al.types(typed)
    assert any("Not saved: disk full" in line for line in heard)
    assert not any(f" {success} " in line for line in heard)
    harness.store.write_error = ""
    assert any(f" {success} " in line for line in al.types(typed))


def test_a_rename_is_told_to_whoever_watches_both_names_once(harness: Harness) -> None:
    al, bo = harness.irc("al"), harness.irc("bo")
    al.types("MONITOR + bo,cy")
    al.hears()
    bo.types("NICK cy")
    assert [line.split(" ")[1] for line in al.hears()] == ["731", "730"]


def test_whoever_watches_themselves_hears_of_it_once(harness: Harness) -> None:
    al = harness.irc("al", "setname", "extended-monitor")
    al.types("MONITOR + al")
    assert al.types("SETNAME :New") == [":al!~al@192.0.2.7 SETNAME :New"]
    assert al.types("NICK bo") == [":al!~al@192.0.2.7 NICK bo"]


def test_an_answer_is_not_swallowed_by_the_end_of_the_connection() -> None:
    harness = Harness(name="irc.test", password="secret")
    client = IrcClient(harness)
    client.come_in()
    client.types("CAP REQ :labeled-response batch", "NICK al", "USER al 0 * :A")
    assert any(" 464 " in line for line in client.types("@label=z CAP END"))
    assert client.end is not None and client.end.reason is CloseReason.WRONG_PASSWORD


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("WHOIS a :", "401 al * :No such nick"),
        ("KICK #a :foo bar", "401 al * :No such nick"),
        ("TOPIC :a b", "403 al * :No such channel"),
        ("KICK #a :", "401 al * :No such nick"),
    ],
)
def test_what_cannot_stand_in_the_middle_of_a_line_does_not(typed: str, told: str) -> None:
    al = Harness(name="irc.test").irc("al")
    al.types("JOIN #a")
    assert al.types(typed)[0] == f":irc.test {told}"


def test_a_clients_own_batch_tag_stays_in_its_batch(harness: Harness) -> None:
    caps = ("batch", "message-tags", "draft/chathistory")
    al, bo = harness.irc("al", *caps), harness.irc("bo", *caps)
    for client in (al, bo):
        client.types("JOIN #a")
    al.types("@+batch=1 PRIVMSG #a :x")
    bo.hears()
    (line,) = [line for line in bo.types("CHATHISTORY LATEST #a * 9") if "PRIVMSG" in line]
    assert line.startswith("@batch=b")


def test_private_messages_of_several_lines_keep_their_lines(harness: Harness) -> None:
    alice = harness.human("alice")
    al = harness.irc("al", "batch", "draft/multiline", "message-tags")
    al.types(
        "BATCH +1 draft/multiline alice",
        "@batch=1 PRIVMSG alice :one",
        "@batch=1 PRIVMSG alice :two",
        "BATCH -1",
    )
    assert alice.hears() == ["[12:00] [PM from al] one", "[12:00] [PM from al] two"]


@pytest.fixture
def muted(harness: Harness) -> HumanClient:
    """Somebody muted in #dev."""
    alice, bob = harness.human("alice"), harness.human("bob")
    alice.types("/join #dev")
    bob.types("/join #dev")
    alice.types("/mute bob")
    bob.hears()
    return bob


@pytest.mark.parametrize("typed", ["hello", "/pin hello", "/topic hello", "/me waves"])
def test_whoever_may_not_speak_may_not_speak_otherwise(muted: HumanClient, typed: str) -> None:
    assert muted.types(typed)[0].startswith("-> You may not speak in #dev")


def test_a_long_pin_has_one_msgid(harness: Harness) -> None:
    al, alice = harness.irc("al", "message-tags"), harness.human("alice")
    al.types("JOIN #lobby")
    alice.types("/pin " + "x" * 900)
    lines = [line for line in al.hears() if "[pinned]" in line]
    assert len(lines) > 1
    assert [line.startswith("@msgid=") for line in lines] == [True] + [False] * (len(lines) - 1)


def test_a_welcome_after_two_came_at_once_still_has_the_last_lines(harness: Harness) -> None:
    """One who joins a room that another has just made has read its lines; so has the room."""
    alice = harness.human("alice")
    alice.types("/join #dev", "one", "/part")
    harness.audience.feeds.clear()
    bob = harness.human("bob")
    harness.audience.feed_of(harness.state.rooms["#dev"])
    bob.types("/join #dev", "two")
    assert [line for line in alice.types("/join #dev") if "> " in line][1:] == [
        "[12:00] <alice> one",
        "[12:00] <bob> two",
    ]


def test_an_away_reason_reaches_a_terminal_as_text(harness: Harness) -> None:
    alice, al = harness.human("alice"), harness.irc("al")
    al.types("AWAY :\x02bold\x0304red\x0f")
    assert alice.types("/msg al hi") == ["-> [PM to al] hi", "-> (away: boldred)"]
