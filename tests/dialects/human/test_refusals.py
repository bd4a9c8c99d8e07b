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
            "-> Too many rooms: the limit is 9,999.",
        ),
        (Refused(Reason.GONE), SAID, "-> You are no longer here."),
        (
            Refused(Reason.BAD_NICK, nick="7up", max_chars=30),
            None,
            "-> 7up cannot be a name: up to 30 letters, digits and -_[]{}|^`\\,"
            " not beginning with a digit or a dash.",
        ),
    ],
)  # fmt: skip
def test_refusals(refusal: Refused, event: Event | None, line: str) -> None:
    assert refusal_line(refusal, event, now=180_000) == line


FACTS = {
    "nick": "n",
    "mode": "z",
    "number": "x",
    "max_chars": 1,
    "max_bytes": 2,
    "room": "#r",
    "limit": 3,
    "since": 0,
}


# A connection that is not admitted has no dialect yet; the listener says it.
@pytest.mark.parametrize("reason", [reason for reason in Reason if reason != Reason.SERVER_FULL])
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
