"""Whoever comes and says nothing is nobody's news, in whatever way they are looked for."""

from __future__ import annotations

import pytest

from geventchat.chat import events
from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.harness import Harness, HumanClient, IrcClient

JOINED = "*** guest2 joined #lobby. (3 here)"


@pytest.fixture
def harness() -> Harness:
    return Harness(name="irc.test", oper_name="root", oper_password="root")


@pytest.fixture
def room(harness: Harness) -> tuple[HumanClient, IrcClient]:
    """A person and a program in the lobby."""
    ann, bo = harness.human("ann"), harness.irc("bo", "extended-join", "away-notify")
    bo.types("JOIN #lobby")
    ann.hears()
    return ann, bo


def newcomer(harness: Harness) -> HumanClient:
    """Somebody who has read the welcome and done nothing."""
    person = HumanClient(harness)
    told = person.come_in()
    assert told[0].startswith("Welcome to irc.test. You are guest2 in #lobby (3 here).")
    return person


def join_of(nick: str) -> str:
    return f":{nick}!~telnet@192.0.2.7 JOIN #lobby * :{nick}"


def test_the_silent_are_not_told_of(harness: Harness, room: tuple[HumanClient, IrcClient]) -> None:
    ann, bo = room
    person = newcomer(harness)
    assert ann.hears() == bo.hears() == []
    for typed in ("/names", "/who", "/rooms"):
        assert not any("guest2" in line for line in ann.types(typed))
    assert ann.types("/whois guest2")[0] == "-> guest2 is in no room"
    assert ann.types("/names")[-1] == "-> 2 in #lobby: ann, bo"
    assert ann.types("/who")[-1] == "-> 2 users online."
    assert ann.types("/rooms")[0].split()[-2:] == ["#lobby", "2"]
    for asked in ("NAMES #lobby", "WHO #lobby", "WHO *", "LIST", "OPER root root", "WHO gue*"):
        assert not any("guest2" in line for line in bo.types(asked))
    assert ":irc.test 322 bo #lobby 2 " in bo.types("LIST")[1]
    # They see themselves, and read along.
    assert person.types("/names")[-1] == "-> 3 in #lobby: ann, bo, guest2"
    ann.types("hello")
    assert person.hears()[-1].endswith("<ann> hello")


@pytest.mark.parametrize("said", ["hello", "/me waves", "/msg ann hi", "/topic x", "/away tea"])
def test_the_first_word_is_preceded_by_the_news(
    harness: Harness, room: tuple[HumanClient, IrcClient], said: str
) -> None:
    ann, bo = room
    person = newcomer(harness)
    person.types(said, "again")
    heard = ann.hears()
    assert heard[0] == JOINED
    assert len([line for line in heard if "joined" in line]) == 1
    assert heard[-1].endswith("<guest2> again")
    assert bo.hears()[0] == join_of("guest2")
    assert ann.types("/names")[-1] == "-> 3 in #lobby: ann, bo, guest2"


def test_going_to_another_room_tells_both(
    harness: Harness, room: tuple[HumanClient, IrcClient]
) -> None:
    ann, bo = room
    bo.types("JOIN #dev")
    newcomer(harness).types("/join #dev")
    assert ann.hears() == [JOINED]
    assert [line.split(" ")[2] for line in bo.hears()] == ["#lobby", "#dev"]


def test_who_takes_a_name_is_announced_by_it(
    harness: Harness, room: tuple[HumanClient, IrcClient]
) -> None:
    ann, bo = room
    person = newcomer(harness)
    assert person.types("/nick carol") == ["*** guest2 is now known as carol."]
    assert ann.hears() == ["*** carol joined #lobby. (3 here)"]
    assert bo.hears() == [join_of("carol")]
    person.types("/nick cy")
    assert ann.hears() == ["*** carol is now known as cy."]


def test_what_only_reads_announces_nobody(
    harness: Harness, room: tuple[HumanClient, IrcClient]
) -> None:
    ann, _ = room
    newcomer(harness).types("", "/help", "/who", "/names", "/nick ann", "/nosuch", "/history")
    assert ann.hears() == []


@pytest.mark.parametrize("before", ["", "/quit", "/quit BUY THINGS"])
def test_who_leaves_unseen_leaves_unseen(
    harness: Harness, room: tuple[HumanClient, IrcClient], before: str
) -> None:
    ann, bo = room
    person = newcomer(harness)
    end = person.types(before) and person.end
    person.driver.leave(end or HangUp(CloseReason.EOF))
    assert ann.hears() == bo.hears() == []
    assert bo.types("WHOWAS guest2")[0].split(" ")[1] == "406"
    assert ann.types("/names")[-1] == "-> 2 in #lobby: ann, bo"


def test_silence_is_announced_once(harness: Harness, room: tuple[HumanClient, IrcClient]) -> None:
    ann, _ = room
    person = newcomer(harness)
    assert person.driver.hidden
    person.driver.announce()
    person.driver.announce()
    assert not person.driver.hidden
    assert ann.hears() == [JOINED]
    assert person.types("hello") == []
    assert [line.split("] ")[-1] for line in ann.hears()] == ["<guest2> hello"]
    person.driver.leave(HangUp(CloseReason.EOF))
    assert ann.hears() == ["*** guest2 left (closed by the client)."]
    assert len([e for e in harness.applied if isinstance(e.event, events.Appeared)]) == 2


def test_news_that_could_not_be_saved_are_told_later(
    harness: Harness, room: tuple[HumanClient, IrcClient]
) -> None:
    ann, _ = room
    person = newcomer(harness)
    harness.store.write_error = "disk full"
    assert person.types("lost") == ["-> Not saved: disk full. Your line was not sent."]
    assert person.driver.hidden
    harness.store.write_error = ""
    person.types("hello")
    assert [line.split("] ")[-1] for line in ann.hears()] == [JOINED, "<guest2> hello"]


def test_who_is_put_out_unseen_is_seen_outside(
    harness: Harness, room: tuple[HumanClient, IrcClient]
) -> None:
    ann, bo = room
    person = newcomer(harness)
    bo.types("OPER root root", "KICK #lobby guest2")
    assert not person.driver.hidden
    assert ann.types("/names")[-1] == "-> 2 in #lobby: ann, bo"
    assert ann.types("/who")[-1] == "-> 3 users online."
    ann.hears()
    person.types("/join #lobby")
    assert ann.hears() == [JOINED]


def test_the_news_is_in_what_is_played_back(harness: Harness) -> None:
    caps = ("batch", "draft/chathistory", "draft/event-playback", "server-time", "message-tags")
    bo = harness.irc("bo", *caps)
    bo.types("JOIN #lobby")
    person = HumanClient(harness)
    person.come_in()
    person.types("hello")
    bo.hears()
    played = bo.types("CHATHISTORY LATEST #lobby * 10")
    assert [line.split(" ")[-2:] for line in played if "guest" in line] == [
        ["JOIN", "#lobby"],
        ["#lobby", ":hello"],
    ]
