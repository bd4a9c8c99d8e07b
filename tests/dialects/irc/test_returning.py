"""What IRC clients are given of what was said while they were away."""

from __future__ import annotations

import base64

import pytest

from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.dialects.irc.logins import logged_in
from tests.harness import Harness, HumanClient, IrcClient

PASSWORD = "correct horse"
NEW = ("server-time", "message-tags", "batch", "draft/chathistory", "draft/read-marker")


def comes(harness: Harness, *caps: str, device: str = "phone") -> list[str]:
    """Anna comes in by SASL; what she is sent, from the welcome on, and after joining."""
    client = IrcClient(harness, "sasl", *caps)
    harness.anna = client  # type: ignore[attr-defined]
    token = base64.b64encode(f"\0anna/{device}\0{PASSWORD}".encode()).decode()
    client.come_in()
    asked = " ".join(("sasl", *caps))
    client.types(f"CAP REQ :{asked}", "NICK anna", "USER anna 0 * :Anna")
    client.types("AUTHENTICATE PLAIN")
    client.types(f"AUTHENTICATE {token}")
    lines = client.types("CAP END")
    lines += client.types("JOIN #dev")
    words = ("PRIVMSG", "NOTICE", "MARKREAD")
    return [line for line in lines if any(f" {word} " in line for word in words)]


def goes(harness: Harness, reason: CloseReason = CloseReason.RESET) -> None:
    client = harness.anna  # type: ignore[attr-defined]
    harness.marks.look(harness.audience.outboxes)
    client.driver.finish(HangUp(reason))


@pytest.fixture
def bob(harness: Harness) -> HumanClient:
    """Who talks while Anna, who has an account, is away."""
    bob = harness.human("bob")
    bob.types("/join #dev")
    anna = harness.human("anna")
    anna.types(f"/register {PASSWORD}")
    anna.driver.finish(HangUp(CloseReason.QUIT))
    comes(harness)
    goes(harness)
    bob.types("one", "/msg anna psst", "two")
    return bob


def test_clients_with_the_time_are_given_lines_that_bear_it(
    harness: Harness, bob: HumanClient
) -> None:
    lines = comes(harness, "server-time")
    assert [line.split(" ", 1)[1] for line in lines if line[0] == "@" and "PRIVMSG" in line] == [
        ":bob!~telnet@192.0.2.7 PRIVMSG anna :psst",
        ":bob!~telnet@192.0.2.7 PRIVMSG #dev :one",
        ":bob!~telnet@192.0.2.7 PRIVMSG #dev :two",
    ]
    goes(harness)
    assert not any("PRIVMSG" in line for line in comes(harness, "server-time"))


def test_old_clients_are_told_by_the_server_with_the_time_as_words(
    harness: Harness, bob: HumanClient
) -> None:
    lines = comes(harness)
    assert not any("PRIVMSG" in line for line in lines)
    words = [line.split(" :", 1)[1] for line in lines if " NOTICE " in line]
    assert [word for word in words if "<bob>" in word] == [
        "[2023-11-14 12:00] <bob> psst",
        "[2023-11-14 12:00] <bob> one",
        "[2023-11-14 12:00] <bob> two",
    ]


def test_clients_that_read_back_themselves_are_given_nothing_twice(
    harness: Harness, bob: HumanClient
) -> None:
    assert not any("PRIVMSG" in line for line in comes(harness, *NEW))
    goes(harness)
    assert not any("PRIVMSG" in line for line in comes(harness, "server-time"))


def test_a_marker_is_the_accounts_on_every_device(harness: Harness, bob: HumanClient) -> None:
    stamp = "timestamp=2023-11-14T12:00:00.000Z"
    comes(harness, *NEW)
    first = harness.anna  # type: ignore[attr-defined]
    second = comes(harness, *NEW, device="desk")
    assert any(line.endswith("MARKREAD #dev *") for line in second)
    first.types(f"MARKREAD #dev {stamp}")
    heard = harness.anna.hears()  # type: ignore[attr-defined]
    (line,) = (line for line in heard if "MARKREAD" in line)
    assert line.endswith(f":geventchat MARKREAD #dev {stamp}")
    first.driver.finish(HangUp(CloseReason.RESET))
    goes(harness)
    assert any(line.endswith(f"MARKREAD #dev {stamp}") for line in comes(harness, *NEW))


def test_who_knows_batches_is_told_that_it_is_history(harness: Harness, bob: HumanClient) -> None:
    client = logged_in(harness, "anna", "server-time", "batch")
    begin, line, end = (line for line in client.seen if "psst" in line or " BATCH " in line)
    assert begin.endswith(" chathistory bob")
    assert line.startswith("@batch=") and line.endswith("PRIVMSG anna :psst")
    assert end.split(" ")[2].startswith("-")


def test_comings_goings_and_names_are_played_back(harness: Harness) -> None:
    bob = harness.human("bob")
    bob.types("/join #dev")
    late = IrcClient(harness, *NEW, "draft/event-playback")
    late.registers("late")
    late.types("JOIN #dev")
    bob.types("/nick rob", "/join #other", "/nick bert")
    bob.driver.finish(HangUp(CloseReason.QUIT, "so long"))
    late.hears()
    played = late.types("CHATHISTORY LATEST #dev * 50")
    shown = [line.partition(" :")[2].replace("!~telnet@192.0.2.7", "") for line in played]
    assert [line for line in shown if "NICK" in line or "QUIT" in line] == [
        "bob NICK rob",
        "rob NICK bert",
        "bert QUIT :Quit: so long",
    ]


def test_who_registers_is_not_told_again_what_came_by_itself(harness: Harness) -> None:
    bob, carol = harness.human("bob"), harness.irc("carol")
    carol.types(f"REGISTER * * :{PASSWORD}")
    bob.types("/msg carol psst")
    assert carol.hears()[-1].endswith("PRIVMSG carol :psst")
    harness.marks.look(harness.audience.outboxes)
    carol.driver.finish(HangUp(CloseReason.QUIT))
    lines = harness.human().types(f"/login carol {PASSWORD}")
    assert "-> You are logged in as carol." in lines
    assert not any("missed" in line for line in lines)
