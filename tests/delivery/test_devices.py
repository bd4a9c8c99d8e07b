"""Each of a user's devices is told all that concerns the user, and waits for no other."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from geventchat.chat.events import Renamed, Said, Told
from geventchat.dialects.base import HangUp
from geventchat.errors import CloseReason
from tests.devices import human_device, irc_device, logs_in
from tests.harness import Harness, HumanClient

ANNA = ":anna!~anna@192.0.2.7"


def test_each_line_reaches_all_devices_and_ones_own_the_others(harness: Harness) -> None:
    anna, bob = harness.irc("anna"), harness.human("bob")
    anna.types("JOIN #dev")
    bob.types("/join #dev")
    logs_in(anna)
    phone, desk = irc_device(harness, anna.session), human_device(harness, anna.session)
    for one in (anna, phone, desk, bob):
        one.hears()
    bob.types("hello")
    hello = ":bob!~telnet@192.0.2.7 PRIVMSG #dev :hello"
    assert (anna.hears(), phone.hears(), desk.hears()) == (
        [hello],
        [hello],
        ["[12:00] <bob> hello"],
    )
    assert anna.types("PRIVMSG #dev :from one") == []
    assert phone.hears() == [f"{ANNA} PRIVMSG #dev :from one"]
    assert desk.hears() == ["[12:00] <anna> from one"]
    assert phone.types("PRIVMSG #dev :from two") == []
    assert desk.types("from three") == ["[12:00] <anna> from two"]
    assert anna.hears() == [f"{ANNA} PRIVMSG #dev :from {n}" for n in ("two", "three")]
    assert desk.hears() == []
    assert bob.hears() == [f"[12:00] <anna> from {n}" for n in ("one", "two", "three")]


def test_private_lines_reach_all_devices_of_both(harness: Harness) -> None:
    anna, bob = logs_in(harness.irc("anna")), harness.human("bob")
    phone, desk = irc_device(harness, anna.session), human_device(harness, anna.session)
    for one in (anna, phone, desk):
        one.hears()
    bob.types("/msg anna psst")
    line = ":bob!~telnet@192.0.2.7 PRIVMSG anna :psst"
    assert (anna.hears(), phone.hears()) == ([line], [line])
    assert desk.hears() == ["[12:00] [PM from bob] psst"]
    assert phone.types("PRIVMSG bob :yes") == []
    assert anna.hears() == [f"{ANNA} PRIVMSG bob :yes"]
    assert desk.hears() == ["-> [PM to bob] yes"]
    assert bob.hears() == ["[12:00] [PM from anna] yes"]
    # An answer to one device goes to them all.
    bob.types("/reply good")
    assert anna.hears() == phone.hears() == [":bob!~telnet@192.0.2.7 PRIVMSG anna :good"]
    assert desk.types("/reply fine") == ["[12:00] [PM from bob] good", "-> [PM to bob] fine"]
    assert anna.hears() == phone.hears() == [f"{ANNA} PRIVMSG bob :fine"]


def test_what_one_tells_oneself_is_heard_once_on_the_others(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna", "echo-message"))
    phone = irc_device(harness, anna.session, "echo-message")
    line = f"{ANNA} PRIVMSG anna :note"
    assert anna.types("PRIVMSG anna :note") == [line, line]
    assert phone.hears() == [line]


def test_an_answer_with_a_label_is_for_the_asking_device(harness: Harness) -> None:
    caps = ("labeled-response", "batch", "echo-message", "message-tags")
    anna = logs_in(harness.irc("anna", *caps))
    phone = irc_device(harness, anna.session, *caps)
    harness.irc("bob")
    phone.hears()
    for typed, heard in (
        ("PRIVMSG bob :x", "PRIVMSG bob :x"),
        ("JOIN #new", "JOIN #new"),
        ("MODE anna +i", "MODE anna +i"),
        ("PART #new", "PART #new"),
        ("NICK annie", "NICK annie"),
    ):
        assert any("label=q" in line for line in anna.types(f"@label=q {typed}"))
        seen = phone.hears()
        assert [line for line in seen if f" {heard}" in line]
        assert not any("label" in line or "batch=" in line for line in seen)


def test_what_another_device_does_is_no_part_of_an_answer(harness: Harness) -> None:
    """Not even while that is being gathered, or sent as it comes."""
    caps = ("labeled-response", "batch")
    anna = logs_in(harness.irc("anna", *caps))
    phone = irc_device(harness, anna.session, *caps)
    client = phone.dialect.client
    client.begin_answer("q")
    anna.types("JOIN #dev", "PART #dev", "MODE anna +i")
    assert client.outbox.captured == []
    assert [line.split(" ")[1] for line in phone.hears()] == ["JOIN", "PART", "MODE"]
    client.stream_answer()
    anna.types("JOIN #dev")
    start, *lines = phone.hears()
    assert start.startswith("@label=q ")
    assert [line.split(" ")[1] for line in lines] == ["JOIN", "353", "366"]


def test_what_one_does_is_shown_to_oneself_whomever_one_ignores(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna"))
    harness.irc("bob")
    desk = human_device(harness, anna.session)
    desk.types("/ignore zoe")
    anna.types("NICK zoe")
    desk.hears()
    anna.types("PRIVMSG bob :x")
    assert desk.hears() == ["-> [PM to bob] x"]


def test_a_kick_is_of_the_user_and_told_to_all_devices(harness: Harness) -> None:
    bob, anna = harness.irc("bob"), logs_in(harness.irc("anna"))
    bob.types("JOIN #dev")
    anna.types("JOIN #dev")
    phone = irc_device(harness, anna.session)
    phone.hears()
    bob.types("KICK #dev anna :out")
    assert anna.hears() == phone.hears() == [":bob!~bob@192.0.2.7 KICK #dev anna :out"]
    assert phone.types("PRIVMSG #dev :x")[0].split(" ")[1] == "404"
    assert list(anna.session.rooms) == []


def test_names_modes_and_absence_are_the_users(harness: Harness) -> None:
    anna, bob = logs_in(harness.irc("anna")), harness.irc("bob")
    phone, desk = irc_device(harness, anna.session), human_device(harness, anna.session)
    for one in (phone, desk):
        one.hears()
    phone.types("MODE anna +i")
    assert anna.hears() == [f"{ANNA} MODE anna +i"]
    assert desk.types("/away tea") == ["*** anna is away: tea"]
    away = [":geventchat 306 anna :You have been marked as being away"]
    assert anna.hears() == away
    assert phone.hears() == away
    assert anna.types("AWAY") == [":geventchat 305 anna :You are no longer marked as being away"]
    assert desk.hears() == ["*** anna is back."]
    assert phone.hears() == [":geventchat 305 anna :You are no longer marked as being away"]
    # In a room, too, they hear of it once; so do those whose clients are told of others.
    tablet = irc_device(harness, anna.session, "away-notify")
    anna.types("JOIN #dev")
    for one in (phone, desk, tablet):
        one.hears()
    anna.types("AWAY :lunch")
    assert phone.hears() == tablet.hears() == away
    assert desk.hears() == ["*** anna is away: lunch"]
    phone.types("MONITOR + annie,anna")
    assert desk.types("/nick annie") == ["*** anna is now known as annie."]
    assert anna.hears() == phone.hears() == [f"{ANNA} NICK annie"]
    # Another case of it is no other nick, whichever connection asks.
    assert phone.types("NICK Annie") == [":annie!~anna@192.0.2.7 NICK Annie"]
    assert bob.types("WHO *")[-1].endswith("End of WHO list")
    assert [one.nick for one in harness.state.users] == ["bob", "Annie"]


def test_a_device_that_reads_nothing_holds_no_other(harness: Harness) -> None:
    """And of what it skips it is told, for itself alone."""
    harness = Harness(backlog_events=16, outbox_max_items=16)
    anna, bob = logs_in(harness.irc("anna")), harness.irc("bob")
    for one in (anna, bob):
        one.types("JOIN #dev")
    phone = irc_device(harness, anna.session)
    phone.hears()
    phone.line.reads = False
    heard = 0
    for n in range(500):
        anna.types(*(f"PRIVMSG #dev :{n}.{k}" for k in range(10)), f"PRIVMSG bob :{n}")
        heard += sum("PRIVMSG #dev" in line for line in bob.hears())
    assert heard == 5000
    assert len(phone.outbox.items) <= 40  # type: ignore[union-attr]
    phone.line.reads = True
    seen = phone.hears()
    lines = [line for line in seen if line.startswith(ANNA) and "PRIVMSG #dev" in line]
    skipped = [line.partition(" :")[2] for line in seen if "lines skipped" in line]
    told = sum(int(line.split(" ")[0]) for line in skipped)
    kept = sum(f"{ANNA} PRIVMSG bob" in line for line in seen)
    assert told > 5000
    assert len(lines) + kept + told == 5500
    assert anna.hears() == []


ROOMS = ("#lobby", "#a", "#b")
DEVICES, EVERYBODY = range(4), range(5)
STEPS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(EVERYBODY), st.sampled_from(ROOMS)),
    st.tuples(st.just("say"), st.sampled_from(EVERYBODY), st.sampled_from(ROOMS)),
    st.tuples(st.just("tell"), st.sampled_from(EVERYBODY), st.just("")),
    st.tuples(st.just("join"), st.sampled_from(EVERYBODY), st.sampled_from(ROOMS)),
    st.tuples(st.just("part"), st.sampled_from(EVERYBODY), st.sampled_from(ROOMS)),
    st.tuples(st.just("nick"), st.sampled_from(DEVICES), st.just("")),
    st.tuples(st.just("stall"), st.sampled_from(DEVICES), st.just("")),
    st.tuples(st.just("read"), st.sampled_from(DEVICES), st.just("")),
    st.tuples(st.just("anew"), st.sampled_from(DEVICES[1:]), st.just("")),
)
_TOLD = re.compile(r"(?: NICK |now known as )(\w+)|(t[0-9]+t)")


class Crowd:
    """Anna at four devices, each of its own kind, and bob; what each was to see, and has seen."""

    def __init__(self) -> None:
        self.harness = Harness(history_on_join_lines=0, irc_history_on_join_lines=0)
        self.first = logs_in(self.harness.irc("anna"))
        self.first.types("JOIN #lobby")
        self.session = self.first.session
        bob = self.harness.irc("bob")
        bob.types("JOIN #lobby")
        self.people: list[HumanClient] = [self.first, *map(self._device, DEVICES[1:]), bob]
        self.wanted: list[list[str]] = [[] for _ in self.people]
        self.seen: list[list[str]] = [[] for _ in self.people]
        self.count = 0
        for one in self.people:
            one.hears()
        self.taken = len(self.harness.applied)

    def _device(self, which: int) -> HumanClient:
        if which == 2:
            return human_device(self.harness, self.session)
        caps = ("echo-message", "message-tags") if which == 1 else ()
        return irc_device(self.harness, self.session, *caps)

    def does(self, what: str, who: int, room: str) -> None:
        self.count += 1
        one, number, other = self.people[who], self.count, 4
        person = not hasattr(one, "caps")
        peer = self.session.nick if who == other else "bob"
        nick = f"anna{number}"
        typed = {
            "say": f"/switch {room}\r\nt{number}t" if person else f"PRIVMSG {room} :t{number}t",
            "tell": f"/msg {peer} t{number}t" if person else f"PRIVMSG {peer} :t{number}t",
            "join": f"/join {room}" if person else f"JOIN {room}",
            "part": f"/part {room}" if person else f"PART {room}",
            "nick": f"/nick {nick}" if person else f"NICK {nick}",
        }
        if what in typed:
            one.does(f"{typed[what]}\r\n".encode())
        elif what == "anew":
            one.driver.finish(HangUp(CloseReason.EOF))
            self._looks(who)
            self.people[who] = self._device(who)
            self.wanted[who], self.seen[who] = [], []
        else:
            one.line.reads = what == "read"
        self._expects()
        for nth in range(len(self.people)):
            self._looks(nth)

    def _looks(self, who: int) -> None:
        for line in self.people[who].hears():
            if not line.startswith("->") or "[PM to" in line:
                self.seen[who] += [nick or text for nick, text in _TOLD.findall(line)]

    def _expects(self) -> None:
        """By what has happened since last asked, and who was where when it did."""
        for entry in self.harness.applied[self.taken :]:
            event = entry.event
            for nth, one in enumerate(self.people):
                me, session = one.outbox.number, one.session  # type: ignore[union-attr]
                own = event.by.session == me
                if isinstance(event, Renamed):
                    if session is self.session or not session.rooms.keys().isdisjoint(
                        self.session.rooms
                    ):
                        self.wanted[nth].append(event.nick)
                elif isinstance(event, Said):
                    if event.room in session.rooms and (not own or nth == 1):
                        self.wanted[nth].append(event.text)
                # A person is shown what they told somebody; a client asks for that.
                elif isinstance(event, Told) and (not own or nth in (1, 2)):
                    self.wanted[nth].append(event.text)
        self.taken = len(self.harness.applied)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_all_devices_see_the_same_lines_in_one_order_each_once(
    steps: list[tuple[str, int, str]],
) -> None:
    crowd = Crowd()
    for step in steps:
        crowd.does(*step)
    for which in DEVICES:
        crowd.does("read", which, "")
    assert crowd.seen == crowd.wanted
