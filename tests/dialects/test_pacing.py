"""A session that is too fast is read later; nothing is lost, and it is told once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from geventchat.chat.events import Joined, Renamed, Said
from geventchat.dialects.base import HangUp
from geventchat.dialects.driver import Driver
from geventchat.dialects.pacing import PacedDriver
from geventchat.errors import CloseReason
from tests.devices import attaches, logs_in
from tests.harness import FakeLine, Harness, HumanClient, IrcClient

SLOW = "Slow down: that was much at once. The rest is read later, none is lost."


class Clock(FakeLine):
    """A connection on which waiting makes time pass, and that may end meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.meanwhile: Callable[[], None] = lambda: None

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        self.seconds += seconds
        self.meanwhile()


def paced(client: HumanClient) -> HumanClient:
    """The same client, with rates."""
    line = client.line
    client.driver = PacedDriver(client.harness.services, line, client.dialect, lambda: line.seconds)
    return client


def person(harness: Harness) -> HumanClient:
    client = paced(HumanClient(harness, line=Clock()))
    client.come_in()
    return client


def program(harness: Harness, *caps: str) -> IrcClient:
    client = IrcClient(harness, *caps, line=Clock())
    paced(client)
    client.registers("bot")
    return client


def said(harness: Harness) -> list[str]:
    return [entry.event.text for entry in harness.applied if isinstance(entry.event, Said)]


def beside(first: HumanClient) -> IrcClient:
    """A client that has sent little yet; while it waits time passes for the first one, too."""
    client = IrcClient(first.harness, line=Clock())
    client.driver = PacedDriver(
        first.harness.services, client.line, client.dialect, lambda: first.line.seconds
    )

    def pass_for_all() -> None:
        first.line.seconds += client.line.paused[-1]

    client.line.meanwhile = pass_for_all
    client.come_in()
    client.types("CAP LS")
    return client


def test_several_devices_are_as_fast_as_one(harness: Harness) -> None:
    """Who opens more connections may not do more: they pay from the same buckets."""
    anna = logs_in(program(harness))
    phone, desk = beside(anna), beside(anna)
    assert attaches(phone, anna.session)
    assert attaches(desk, anna.session)
    anna.types("JOIN #dev")
    burst = harness.config.message_burst
    for one in (anna, phone, desk):
        one.types(*(f"PRIVMSG #dev :{n}" for n in range(burst)))
    assert len(said(harness)) == 3 * burst  # None is lost.
    assert anna.line.seconds >= (2 * burst - 1) / harness.config.messages_per_s
    # One that leaves takes nothing along.
    anna.driver.finish(HangUp(CloseReason.EOF))
    rates = harness.proposals.rates
    assert len({id(one) for one in rates.values()}) == 1
    assert len(rates) == 2


@pytest.mark.parametrize("make", [person, program])
def test_lines_beyond_the_burst_are_read_later(
    harness: Harness, make: Callable[[Harness], HumanClient]
) -> None:
    client = make(harness)
    words = [f"line {n}" for n in range(14)]
    if make is program:
        client.types("JOIN #lobby")
        client.line.seconds += 100
        heard = client.types(*(f"PRIVMSG #lobby :{word}" for word in words))
        assert heard == [f":geventchat NOTICE bot :{SLOW}"]
    else:
        assert client.types(*words) == [f"-> {SLOW}"]
    assert said(harness) == words
    assert client.line.paused == [0.5] * 4


def test_what_is_at_hand_goes_in_one_piece() -> None:
    harness = Harness(message_burst=3, messages_per_s=1.0)
    client = person(harness)
    batches: list[int] = []
    settle = harness.journal.settle
    harness.journal.settle = lambda number: (batches.append(len(said(harness))), settle(number))  # type: ignore[assignment, func-returns-value]
    client.types("a", "b", "c", "d")
    assert batches == [0, 3], "three lines are proposed before the first is saved"
    assert said(harness) == ["a", "b", "c", "d"]


def test_it_is_told_once_a_flood(harness: Harness) -> None:
    client = person(harness)
    assert client.types(*"0123456789") == []
    assert client.types(*"012") == [f"-> {SLOW}"]
    assert client.types(*"012") == []
    client.line.seconds += 4.9
    assert client.types(*"0123456789abc") == [], "the bucket was not full again"
    client.line.seconds += 5
    assert client.types(*"0123456789a") == [f"-> {SLOW}"]


@pytest.mark.parametrize("data", [b"\r\n", b"\n", b"\r\0", b"\xff\xfb\x01\n"])
def test_lines_without_words_count_too(harness: Harness, data: bytes) -> None:
    client = person(harness)
    client.does(data * 12)
    assert client.line.paused == [0.5] * 2


def test_blank_lines_of_a_paste_are_not_parted_from_what_follows(harness: Harness) -> None:
    """They are shown only if it follows at once; so the waiting is before them."""
    client = person(harness)
    client.line.meanwhile = lambda: setattr(harness, "clock", harness.clock + 500)
    client.does(b"".join(b"line %d\n\n" % n for n in range(12)) + b"end\n")
    assert said(harness) == ["line 0", *(f"\nline {n}" for n in range(1, 12)), "\nend"]
    assert client.line.paused == [0.5] * 15


def test_a_line_that_comes_in_pieces_is_one(harness: Harness) -> None:
    client = person(harness)
    for _ in range(50):
        client.sends(b"x")
    client.sends(b"\r\n" + b"y\r\n" * 9)
    assert client.line.paused == []
    assert said(harness) == ["x" * 50, *"y" * 9]


@pytest.mark.parametrize("reason", [CloseReason.RESET, CloseReason.KILLED])
def test_nothing_is_carried_out_for_whoever_has_gone(harness: Harness, reason: CloseReason) -> None:
    client = person(harness)

    def meanwhile() -> None:
        if len(client.line.paused) == 5:
            client.line.close_requested = reason

    client.line.meanwhile = meanwhile
    client.types(*(str(n) for n in range(5000)))
    assert client.end is not None
    assert client.end.reason is reason
    assert said(harness) == [str(n) for n in range(14)]


def test_what_is_dear_has_a_bucket_of_its_own() -> None:
    harness = Harness(renames_burst=2, renames_per_s=0.1, message_burst=100)
    client = person(harness)
    client.types("first")
    client.types(*(f"/nick n{n}" for n in range(4)), "last")
    renamed = [e.event.nick for e in harness.applied if isinstance(e.event, Renamed)]
    assert renamed == ["n0", "n1", "n2", "n3"]
    assert client.line.paused == [pytest.approx(10)] * 2
    assert said(harness) == ["first", "last"]


def test_joins_and_new_rooms_in_one_line_are_paced_too() -> None:
    harness = Harness(joins_burst=3, joins_per_s=1.0, new_rooms_burst=5, new_rooms_per_s=0.1)
    client = program(harness)
    harness.human().types(*(f"/join #{name}" for name in "abcd"))
    client.types("JOIN " + ",".join(f"#{name}" for name in "abcd"))
    assert client.line.paused == [pytest.approx(1)]
    client.line.paused.clear()
    client.line.seconds += 1000
    client.types("JOIN " + ",".join(f"#{name}" for name in "uvwxyz"))
    assert [round(pause) for pause in client.line.paused] == [1, 1, 8], (
        "by then two of its ten have passed"
    )
    joined = [e for e in harness.applied if isinstance(e.event, Joined)]
    assert len([e for e in joined if e.event.by.nick == "bot"]) == 10


def test_newcomers_have_room_to_say_who_they_are() -> None:
    harness = Harness(registration_burst=6, message_burst=2)
    client = paced(IrcClient(harness, line=Clock()))
    client.come_in()
    client.types("CAP LS 302", "CAP REQ :batch", "NICK bot", "USER bot 0 * :Bot", "CAP END")
    assert client.session.nick == "bot"
    assert client.line.paused == []
    guesser = paced(IrcClient(harness, line=Clock()))
    guesser.come_in()
    heard = guesser.types(*(f"NICK n{n}" for n in range(8)))
    assert heard == [f":geventchat NOTICE n5 :{SLOW}"]
    assert guesser.line.paused == [0.5] * 2


def test_buckets_come_with_the_first_line_and_go_with_the_session(harness: Harness) -> None:
    client = person(harness)
    other = harness.human()
    assert isinstance(other.driver, Driver)
    other.types(*(str(n) for n in range(50)))
    assert harness.proposals.rates == {}
    client.types("hello")
    assert list(harness.proposals.rates) == [client.session.number]
    client.driver.finish(client.driver.received(b"/quit\r\n"))  # type: ignore[arg-type]
    assert harness.proposals.rates == {}
    assert not isinstance(other.driver, PacedDriver)
