"""What a person is told whose connection is one of several."""

from __future__ import annotations

from tests.devices import attaches, human_device, irc_device, logs_in
from tests.dialects.human.prompter import Prompter
from tests.harness import Harness, HumanClient


def test_a_person_is_told_who_where_else_and_in_which_rooms(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna"))
    anna.types("JOIN #dev,#lobby")
    irc_device(harness, anna.session, label="phone")
    guest = HumanClient(harness)
    guest.come_in()
    guest.types("/join #tea")
    assert attaches(guest, anna.session)
    assert guest.hears() == [
        "-> You are here as anna, also on irc and phone; rooms: #dev #lobby",
        "-> Talking in #lobby.",
    ]
    guest.types("hello")
    assert anna.hears()[-1].endswith("PRIVMSG #lobby :hello")


def test_who_talked_in_one_of_the_rooms_goes_on_there(harness: Harness) -> None:
    anna, guest = logs_in(harness.irc("anna")), harness.human("tess")
    anna.types("JOIN #dev,#lobby")
    guest.types("/join #dev")
    assert attaches(guest, anna.session)
    assert guest.hears()[-1] == "-> Talking in #dev."
    assert guest.types("/switch") == ["-> Talking in #dev.", "-> You are in #lobby too."]


def test_in_no_room_one_is_told_so(harness: Harness) -> None:
    anna, guest = logs_in(harness.irc("anna")), harness.human("tess")
    assert attaches(guest, anna.session)
    assert guest.hears() == [
        "-> You are here as anna, also on irc",
        "-> You are in no room now: /join #room.",
    ]


def test_what_was_begun_at_the_terminal_stays_as_it_was(harness: Harness) -> None:
    """Its looks and whom it ignores are the connection's."""
    anna, guest = logs_in(harness.irc("anna")), harness.human("tess")
    anna.types("JOIN #lobby")
    bob = harness.human("bob")
    guest.types("/set bell on", "/set time off", "/ignore bob")
    assert attaches(guest, anna.session)
    guest.hears()
    bob.types("not seen, anna")
    carl = harness.irc("carl")
    carl.types("JOIN #lobby", "PRIVMSG #lobby :hear, Anna", "PRIVMSG #lobby :tess?")
    assert guest.hears()[1:] == ["<carl> hear, Anna\a", "<carl> tess?"]


def test_one_does_not_ring_for_oneself(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna"))
    anna.types("JOIN #lobby")
    desk = human_device(harness, anna.session)
    desk.types("/set bell on")
    anna.types("PRIVMSG #lobby :I am anna")
    assert desk.hears() == ["[12:00] <anna> I am anna"]
    phone = irc_device(harness, anna.session)
    phone.types("PRIVMSG #lobby :anna is me")
    assert desk.hears() == ["[12:00] <anna> anna is me"]


def test_a_screen_knows_who_it_is_for_afterwards(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna"))
    anna.types("JOIN #lobby")
    person = Prompter(harness, "tess")
    assert attaches(person.client, anna.session)
    bob = harness.irc("bob")
    person.looks()
    bob.types("JOIN #lobby", "PRIVMSG #lobby :anna?")
    assert b"\a" in person.looks()
    bob.types("PRIVMSG #lobby :tess?")
    assert b"\a" not in person.looks()
    # What one says elsewhere is not unread here.
    anna.types("JOIN #dev", "PRIVMSG #dev :x")
    assert "#dev" not in person.row
