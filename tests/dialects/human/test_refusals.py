"""Refusals and last words: one line each, for every reason there is."""

from __future__ import annotations

import pytest

from geventchat.chat.events import Event, Identity, Joined, Said, Told
from geventchat.dialects.human.refusals import farewell_line, refusal_line
from geventchat.errors import CloseReason, Reason, Refused

BY = Identity(1, "alice", "u", "h")
SAID = Said(BY, "#a", "x")


@pytest.mark.parametrize(
    ("refusal", "event", "line"),
    [
        (
            Refused(Reason.NICK_IN_USE, nick="bob", since=0),
            None,
            "-> bob is in use (online 3m).",
        ),
        (
            Refused(Reason.NOT_SAVED, why="disk full"),
            SAID,
            "-> Not saved: disk full. Your line was not sent.",
        ),
        (
            Refused(Reason.NOT_SAVED, why="disk full"),
            Told(BY, 2, "bob", "x"),
            "-> Not saved: disk full. Your line was not sent.",
        ),
        (
            Refused(Reason.NOT_SAVED, why="disk full"),
            Joined(BY, "#a"),
            "-> Not saved: disk full. Nothing changed.",
        ),
        (Refused(Reason.NO_SUCH_NICK, nick="bob"), None, "-> bob is not here."),
        (
            Refused(Reason.TOO_MANY_ROOMS, limit=9999),
            SAID,
            "-> You are in too many rooms: the limit is 9,999. /part one first.",
        ),
        (Refused(Reason.GONE), SAID, "-> You are no longer here."),
    ],
)  # fmt: skip
def test_refusals(refusal: Refused, event: Event | None, line: str) -> None:
    assert refusal_line(refusal, event, now=180_000) == line


@pytest.mark.parametrize(
    ("nick", "why"),
    [
        ("7up", "7up cannot be a name: it begins with a digit."),
        ("-x", "-x cannot be a name: it begins with a dash."),
        ("ünïcödé", "ünïcödé cannot be a name: ü is not one of a-z, A-Z, 0-9 and -_[]{}|^`\\."),
        ("a b", "a b cannot be a name: a space is not one of a-z, A-Z, 0-9 and -_[]{}|^`\\."),
        (
            "\u0301" * 4,
            "That cannot be a name: U+0301 is not one of a-z, A-Z, 0-9 and -_[]{}|^`\\.",
        ),
        ("x" * 31, f"{'x' * 31} cannot be a name: it has 31 characters, and 30 are the most."),
        ("ü" * 4000, "That cannot be a name: it has 4,000 characters, and 30 are the most."),
    ],
)
def test_a_name_that_cannot_be_is_told_which_rule_it_breaks(nick: str, why: str) -> None:
    assert refusal_line(Refused(Reason.BAD_NICK, nick=nick, max_chars=30), None, 0) == f"-> {why}"


FACTS = {
    "nick": "n",
    "mode": "z",
    "number": "x",
    "max_chars": 1,
    "max_bytes": 2,
    "min_chars": 8,
    "room": "#r",
    "limit": 3,
    "account": "anna",
    "name": "x",
    "since": 0,
}


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_line(reason: Reason) -> None:
    line = refusal_line(Refused(reason, why="w", **FACTS), SAID, 0)
    assert line.startswith("-> ")
    assert line.isprintable()


HUNG_UP_THEMSELVES = {CloseReason.QUIT, CloseReason.EOF, CloseReason.RESET}
# Programs in the wrong place, and those who were told by the listener.
UNANSWERED = {
    *(CloseReason.HTTP, CloseReason.FOREIGN, CloseReason.UNFINISHED, CloseReason.SERVER_FULL)
}


@pytest.mark.parametrize("reason", list(CloseReason))
def test_whom_the_server_hangs_up_on_is_told_why(reason: CloseReason) -> None:
    line = farewell_line(reason)
    if reason in HUNG_UP_THEMSELVES | UNANSWERED:
        assert line == ""
    else:
        assert line.startswith("-> ")
        assert line.isprintable()
