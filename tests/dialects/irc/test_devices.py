"""What an IRC client is told that is one of its user's several."""

from __future__ import annotations

import pytest

from tests.devices import attaches, irc_device, logs_in
from tests.harness import Harness, IrcClient

ANNA = ":anna!~anna@192.0.2.7"


@pytest.fixture
def anna(harness: Harness) -> IrcClient:
    """Somebody who is logged in, in two rooms, with modes, and away."""
    bob, anna = harness.irc("bob"), harness.irc("anna")
    bob.types("JOIN #dev", "TOPIC #dev :tea")
    anna.types("JOIN #dev,#den", "MODE anna +i", "AWAY :lunch")
    logs_in(anna)
    return anna


def test_a_newcomer_is_welcomed_and_then_in_all_rooms(anna: IrcClient) -> None:
    phone = IrcClient(anna.harness)
    phone.come_in()
    assert attaches(phone, anna.session)
    told = [line.split(" ")[1] for line in phone.hears()]
    assert told[:5] == ["001", "002", "003", "004", "005"]
    mode = told.index("MODE")
    assert told[mode - 1] == "422"
    expected = ["MODE", "306", "JOIN", "332", "333", "353", "366", "JOIN", "353", "366"]
    assert told[mode:] == expected
    assert phone.session is anna.session
    assert phone.dialect.client.registration is None
    assert phone.types("MODE anna") == [":geventchat 221 anna +i"]


def test_others_hear_nothing_of_it(anna: IrcClient) -> None:
    bob = anna.harness.clients[0]
    bob.hears()
    irc_device(anna.harness, anna.session)
    assert bob.hears() == []
    anna.hears()


def test_a_guest_becomes_the_user_in_the_clients_eyes(anna: IrcClient) -> None:
    guest = anna.harness.irc("tess")
    guest.types("JOIN #dev,#tea")
    assert attaches(guest, anna.session)
    assert guest.hears() == [
        ":tess!~tess@192.0.2.7 PART #dev",
        ":tess!~tess@192.0.2.7 PART #tea",
        ":tess!~tess@192.0.2.7 NICK anna",
        ":anna MODE anna +i",
        ":geventchat 306 anna :You have been marked as being away",
        f"{ANNA} JOIN #dev",
        ":geventchat 332 anna #dev tea",
        f":geventchat 333 anna #dev bob {anna.harness.clock // 1000}",
        ":geventchat 353 anna = #dev :@bob anna",
        ":geventchat 366 anna #dev :End of /NAMES list",
        f"{ANNA} JOIN #den",
        ":geventchat 353 anna = #den @anna",
        ":geventchat 366 anna #den :End of /NAMES list",
    ]


def test_what_is_said_while_it_attaches_comes_behind_the_welcome(anna: IrcClient) -> None:
    """The rooms' lines go on as soon as it is one of the devices."""
    phone, bob = IrcClient(anna.harness), anna.harness.clients[0]
    phone.come_in()
    phone.line.reads = False
    assert attaches(phone, anna.session)
    bob.types("PRIVMSG #dev :one", "PRIVMSG anna :two")
    phone.line.reads = True
    told = [line.split(" ")[1] for line in phone.hears()]
    assert told[0] == "001"
    assert told[-3:] == ["366", "PRIVMSG", "PRIVMSG"]


def test_a_room_that_is_entered_before_the_greeting_was_read_is_told_once(anna: IrcClient) -> None:
    phone = IrcClient(anna.harness)
    phone.come_in()
    phone.line.reads = False
    assert attaches(phone, anna.session)
    anna.types("JOIN #new", "PART #den")
    phone.line.reads = True
    told = phone.hears()
    assert sum("JOIN #new" in line for line in told) == 1
    assert told[-1] == f"{ANNA} PART #den"
