"""Coming in, or finding out why not."""

from __future__ import annotations

import pytest

from geventchat.client.terminal.errors import NotLetIn, NotTaken, Unreachable, WrongPassword
from geventchat.client.terminal.registration import NEEDED, Registration, other_nicks
from geventchat.client.terminal.wire import parse

OFFERED = ":srv CAP * LS :" + " ".join([*NEEDED, "draft/multiline=max-bytes=4096,max-lines=32"])


def talk(registration: Registration, *lines: str) -> list[str]:
    """What is sent in answer to these lines."""
    registration.out.clear()
    for line in lines:
        registration.take(parse(line), line)
    return registration.out


def test_the_first_words() -> None:
    assert Registration("ci").out == ["CAP LS 302", "NICK ci", "USER chat 0 * ci"]
    assert Registration("ci", "two words").out[1] == "PASS :two words"
    assert Registration("ci", ":x").out[1] == "PASS ::x"


def test_what_is_offered_is_asked_for() -> None:
    registration = Registration("ci")
    first, last = OFFERED.rsplit(" ", 1)
    assert talk(registration, first.replace("LS :", "LS * :"), f":srv CAP * LS :{last}") == [
        "CAP REQ :batch echo-message labeled-response message-tags server-time draft/multiline"
    ]
    assert talk(registration, ":srv CAP * ACK :batch draft/multiline ") == ["CAP END"]
    assert registration.limits == (4096, 32)
    talk(registration, ":srv 001 ci :Welcome")
    assert registration.is_done


def test_another_nick_where_it_is_in_use() -> None:
    registration = Registration("ci")
    assert list(other_nicks("ci"))[:3] == ["ci_", "ci2", "ci3"]
    assert talk(registration, ":srv 433 * ci :In use", ":srv 433 * ci_ :In use") == [
        "NICK ci_",
        "NICK ci2",
    ]
    talk(registration, OFFERED, ":srv 001 ci2 :Welcome")
    assert registration.nick == "ci2"


def test_there_is_an_end_to_other_nicks() -> None:
    registration = Registration("ci")
    with pytest.raises(NotTaken, match="ci9 cannot be had: In use"):
        talk(registration, *(f":srv 433 * {nick} :In use" for nick in ("ci", *other_nicks("ci"))))


def test_a_nick_that_was_not_chosen_makes_place_for_a_spare_one() -> None:
    registration = Registration("root", spare_nick="visitor1")
    assert talk(registration, ":srv 432 * root :Reserved") == ["NICK visitor1"]
    with pytest.raises(NotTaken, match="visitor1 cannot be had"):
        talk(registration, ":srv 432 * visitor1 :Reserved")
    with pytest.raises(NotTaken, match="root cannot be had: Reserved"):
        talk(Registration("root"), ":srv 432 * root :Reserved")


@pytest.mark.parametrize(
    ("line", "error", "says"),
    [
        (":srv 464 * :Password incorrect", WrongPassword, "wants a password"),
        ("ERROR :Closing Link: server full", NotLetIn, "server full"),
        (":srv 465 * :You are banned", NotLetIn, "You are banned"),
        ("HTTP/1.1 400 Bad Request", Unreachable, "it says 'HTTP/1.1 400 Bad Request'"),
        ("SSH-2.0-OpenSSH_9.2p1 Debian-2", Unreachable, "it says 'SSH-2.0-OpenSSH_9.2p1"),
        ("220 mail.example ESMTP", Unreachable, "it says '220 mail.example"),
        ("Welcome to geventchat.", Unreachable, "it says 'Welcome"),
        ("\x1b[2J", Unreachable, "not a chat server"),
        ("CAP LS 302", Unreachable, "repeats what it is sent"),
        (":srv CAP * LS :sasl", Unreachable, "cannot confirm lines .it has no batch"),
        (":srv CAP * NAK :batch", Unreachable, "takes back"),
        (":srv 001 ci :Welcome", Unreachable, "cannot confirm lines"),
    ],
)
def test_who_is_no_chat_server_for_us(line: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        talk(Registration("ci"), line)


@pytest.mark.parametrize(
    ("greeting", "prompt"),
    [
        (
            (
                "\ufffd\ufffd\0\rWelcome to chat. You are guest7 in #lobby (1,000 here).",
                "/nick NAME to choose a name, /help for commands.",
                "[12:00] <eve> :srv CAP * LS :",
                "-- end of history --",
            ),
            "",
        ),
        (("\ufffd\0\r-> This server has a password.",), "Password: "),
    ],
    ids=["open", "with a password"],
)
def test_whoever_is_slow_is_met_as_a_person_first(greeting: tuple[str, ...], prompt: str) -> None:
    registration = Registration("ci", "sesame")
    sent = talk(registration, *greeting, f"{prompt}{OFFERED}", ":srv CAP * ACK :batch")
    assert sent[0].startswith("CAP REQ :batch ") and sent[1] == "CAP END"
    with pytest.raises(Unreachable, match="not a chat server"):
        talk(registration, "What a person reads is not passed over any more.")


def test_notices_and_pings_while_coming_in() -> None:
    lines = (":srv NOTICE * :Looking up your host", "PING :abc", ":srv 451 * :Not registered")
    assert talk(Registration("ci"), *lines) == ["PONG abc"]
