"""Accounts and what belongs to them: names, ranks, rooms that stay."""

from __future__ import annotations

from typing import Any

import pytest

from geventchat.chat import events_accounts as accounts
from geventchat.chat.apply import apply
from geventchat.chat.events import (
    SERVER,
    Arrived,
    Change,
    Entry,
    Event,
    Identity,
    Joined,
    Kicked,
    Left,
    ModesSet,
    Parted,
    Renamed,
    Restarted,
    Told,
    TopicSet,
    UserModesSet,
)
from geventchat.chat.state import ChatState
from geventchat.errors import Reason, Refused
from tests.chat.happenings import Recorder


def who(number: int, nick: str, account: str = "") -> Identity:
    return Identity(number, nick, "u", "h", account=account)


ANNA, BOB, EVE = who(1, "anna"), who(2, "bob"), who(3, "eve")
HERE = [Arrived(ANNA, "telnet"), Arrived(BOB, "irc"), Arrived(EVE, "irc")]
ANNA_IS = accounts.Registered(ANNA, "anna", "c1")
BOB_IS = accounts.Registered(BOB, "bob", "c2")
FOUNDED = Joined(ANNA, "#dev", claims=True)


class Chat:
    """A state in which events happen, and who is told of them."""

    def __init__(self, *some: Event) -> None:
        self.state = ChatState("#lobby", 8)
        self.outlet: Any = Recorder()
        self.number = 0
        self.happen(*some)

    def happen(self, *some: Event) -> None:
        for event in some:
            self.number += 1
            apply(self.state, Entry(self.number, self.number * 1000, event), self.outlet)

    def refuses(self, event: Event) -> Reason:
        with pytest.raises(Refused) as refusal:
            self.happen(event)
        return refusal.value.reason


def test_a_registered_nick_is_its_owners_alone() -> None:
    chat = Chat(*HERE, ANNA_IS, Left(ANNA, ""))
    assert chat.refuses(Renamed(EVE, "Anna")) is Reason.NICK_REGISTERED
    assert chat.refuses(Arrived(who(4, "ANNA"), "irc")) is Reason.NICK_REGISTERED
    assert chat.refuses(Arrived(who(4, "ANNA", "bob"), "irc")) is Reason.NO_SUCH_ACCOUNT
    chat.happen(Arrived(who(4, "ANNA", "anna"), "irc", device="phone"))
    assert chat.state.sessions[4].devices == {4: "phone"}
    assert list(chat.state.accounts["anna"].sessions) == [4]


def test_who_registers_is_logged_in() -> None:
    chat = Chat(*HERE, ANNA_IS)
    assert chat.state.sessions[1].identity.account == "anna"
    assert chat.refuses(accounts.Registered(ANNA, "other", "c")) is Reason.LOGGED_IN
    assert chat.refuses(accounts.Registered(EVE, "Anna", "c")) is Reason.ACCOUNT_EXISTS
    assert chat.refuses(accounts.Registered(EVE, "bob", "c")) is Reason.NICK_IN_USE


def test_who_registers_before_arriving_is_logged_in_by_arriving() -> None:
    chat = Chat(accounts.Registered(who(7, "*"), "Zoe", "c"))
    assert not chat.state.sessions
    chat.happen(Arrived(who(7, "zoe", "Zoe"), "irc"))
    assert chat.state.sessions[7].devices == {7: "irc"}


def test_whoever_logs_out_gives_the_name_up_first() -> None:
    chat = Chat(*HERE, ANNA_IS)
    out = accounts.LoggedOut(ANNA)
    assert chat.refuses(out) is Reason.NICK_REGISTERED
    chat.happen(Renamed(ANNA, "guest1"), out)
    assert chat.state.sessions[1].identity.account == ""
    assert chat.refuses(Renamed(ANNA, "anna")) is Reason.NICK_REGISTERED
    assert chat.refuses(out) is Reason.NOT_LOGGED_IN
    chat.happen(accounts.LoggedIn(ANNA, "anna", "telnet"), Renamed(ANNA, "Anna"))
    assert chat.refuses(accounts.LoggedIn(ANNA, "anna", "telnet")) is Reason.LOGGED_IN


def test_a_disabled_account_keeps_its_name_from_everybody() -> None:
    chat = Chat(*HERE, ANNA_IS, accounts.AccountSet(SERVER, "anna", "disabled", True))
    assert chat.refuses(accounts.LoggedIn(EVE, "anna", "irc")) is Reason.NO_SUCH_ACCOUNT
    assert chat.refuses(Arrived(who(9, "x", "anna"), "irc")) is Reason.NO_SUCH_ACCOUNT
    assert chat.refuses(Renamed(EVE, "anna")) is Reason.NICK_REGISTERED


def test_only_its_owner_and_operators_change_an_account() -> None:
    chat = Chat(*HERE, ANNA_IS)
    for event in (accounts.PasswordSet(EVE, "anna", "c9"), accounts.Deleted(EVE, "anna")):
        assert chat.refuses(event) is Reason.NOT_PRIVILEGED
    chat.happen(accounts.PasswordSet(ANNA, "anna", "c3"))
    assert chat.state.accounts["anna"].credential == "c3"
    chat.happen(UserModesSet(EVE, "+o"), accounts.PasswordSet(EVE, "anna", "c4"))
    chat.happen(accounts.PasswordSet(SERVER, "anna", "c5"))
    assert chat.state.accounts["anna"].credential == "c5"


def test_a_deleted_account_leaves_nothing() -> None:
    chat = Chat(*HERE, ANNA_IS, BOB_IS, FOUNDED, Joined(BOB, "#bobs", claims=True))
    chat.happen(accounts.Granted(BOB, "#bobs", "anna", "o"), accounts.Deleted(ANNA, "anna"))
    assert "anna" not in chat.state.accounts
    assert chat.state.sessions[1].identity.account == ""
    assert chat.state.rooms["#dev"].owner == ""
    assert chat.state.rooms["#bobs"].ranks == {}
    chat.happen(Renamed(ANNA, "someone"), Renamed(EVE, "anna"))


def test_an_owned_room_keeps_everything_when_it_is_empty_and_over_a_restart() -> None:
    chat = Chat(*HERE, ANNA_IS, BOB_IS, FOUNDED)
    rules = tuple(Change(mode, argument) for mode, argument in (("+b", "eve!*@*"), ("+m", "")))
    chat.happen(ModesSet(ANNA, "#dev", rules), TopicSet(ANNA, "#dev", "tea"))
    chat.happen(accounts.Granted(ANNA, "#dev", "bob", "v"), Left(ANNA, ""))
    room = chat.state.rooms["#dev"]
    for _ in range(2):
        assert room.owner == "anna" and room.topic == "tea" and not room.members
        assert "#dev" not in chat.state.empty and chat.state.forget("#dev") is None
        assert chat.refuses(Joined(EVE, "#dev")) is Reason.BANNED
        chat.happen(Restarted(SERVER), *HERE[2:])
    chat.happen(Arrived(who(2, "bob", "bob"), "irc"), Joined(who(2, "bob", "bob"), "#dev"))
    assert room.members[2].status == "v" and "m" in room.modes.flags
    chat.happen(Arrived(who(1, "anna", "anna"), "irc"), Joined(who(1, "anna", "anna"), "#dev"))
    assert room.members[1].status == "o"


def test_a_guests_room_and_the_lobby_belong_to_nobody() -> None:
    chat = Chat(*HERE, ANNA_IS, Joined(EVE, "#eve", claims=True), Joined(ANNA, "#eve", claims=True))
    assert chat.state.rooms["#eve"].owner == ""
    chat.happen(Joined(ANNA, "#lobby", claims=True))
    assert chat.state.rooms["#lobby"].owner == ""
    chat.happen(Parted(EVE, "#eve", ""), Parted(ANNA, "#eve", ""))
    chat.happen(Joined(ANNA, "#eve", claims=True))
    assert chat.state.rooms["#eve"].owner == "anna"


def test_ranks_are_the_owners_to_give_and_hold_at_once() -> None:
    chat = Chat(*HERE, ANNA_IS, BOB_IS, FOUNDED, Joined(BOB, "#dev"), Joined(EVE, "#dev"))
    room = chat.state.rooms["#dev"]
    assert chat.refuses(accounts.Granted(BOB, "#dev", "bob", "o")) is Reason.NOT_OWNER
    assert chat.refuses(accounts.Granted(ANNA, "#dev", "eve", "o")) is Reason.NO_SUCH_ACCOUNT
    chat.happen(accounts.Granted(ANNA, "#dev", "bob", "o"))
    assert room.members[2].status == "o"
    assert chat.refuses(accounts.Granted(ANNA, "#dev", "bob", "o")) is Reason.UNCHANGED
    assert chat.refuses(accounts.Granted(ANNA, "#dev", "anna", "")) is Reason.ROOM_OWNER
    assert chat.refuses(Kicked(BOB, "#dev", 1, "anna", "")) is Reason.ROOM_OWNER
    fall = ModesSet(BOB, "#dev", (Change("-o", "anna", 1),))
    assert chat.refuses(fall) is Reason.ROOM_OWNER
    chat.happen(accounts.Granted(ANNA, "#dev", "bob", ""))
    assert room.members[2].status == ""
    chat.happen(accounts.Granted(ANNA, "#dev", "bob", "owner"))
    assert room.owner == "bob" and room.ranks == {"anna": "o"}
    assert room.members[2].status == "o" and room.members[1].status == "o"
    chat.happen(accounts.Dropped(BOB, "#dev"))
    assert room.owner == "" and room.ranks == {}
    assert chat.refuses(accounts.Dropped(BOB, "#dev")) is Reason.NOT_OWNED


def test_a_secret_room_is_not_told_of_by_refusing_to_drop_it() -> None:
    chat = Chat(*HERE, ANNA_IS, FOUNDED, ModesSet(ANNA, "#dev", (Change("+s"),)))
    assert chat.refuses(accounts.Dropped(EVE, "#dev")) is Reason.NO_SUCH_ROOM
    chat.happen(Left(ANNA, ""))
    assert chat.refuses(accounts.Dropped(EVE, "#dev")) is Reason.NO_SUCH_ROOM
    assert chat.refuses(accounts.Dropped(EVE, "#none")) is Reason.NO_SUCH_ROOM


def test_a_line_waits_for_an_account_that_is_not_on() -> None:
    chat = Chat(*HERE, ANNA_IS, Left(ANNA, ""))
    line = Told(BOB, 0, "anna", "psst", account="anna")
    chat.happen(line)
    assert chat.outlet.told[-1][0] == "to_author"
    chat.happen(Arrived(who(8, "anna", "anna"), "irc"))
    chat.happen(line)  # It had been proposed before she came.
    assert chat.outlet.told[-1][:2] == ("to", chat.state.sessions[8])
    assert chat.refuses(Told(BOB, 0, "nobody", "psst")) is Reason.NO_SUCH_NICK


def test_what_people_tell_of_themselves_is_kept_with_their_account() -> None:
    chat = Chat(*HERE, ANNA_IS)
    chat.happen(accounts.MetadataSet(ANNA, "", 1, "pronouns", "she/her"))
    chat.happen(accounts.MetadataSet(EVE, "", 3, "pronouns", "they"))
    assert chat.refuses(accounts.MetadataSet(EVE, "", 1, "x", "y")) is Reason.NOT_PRIVILEGED
    assert chat.state.accounts["anna"].metadata == {"pronouns": "she/her"}
    assert chat.state.metadata == {3: {"pronouns": "they"}}
    chat.happen(accounts.MetadataSet(EVE, "", 3, "pronouns", ""), Restarted(SERVER))
    assert chat.state.metadata == {}
    assert chat.state.accounts["anna"].metadata == {"pronouns": "she/her"}
