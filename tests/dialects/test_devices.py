"""A user on several devices: who is told what, and what one of them costs the others."""

from __future__ import annotations

import pytest

from geventchat.dialects.base import HangUp
from geventchat.dialects.devices import others
from geventchat.errors import CloseReason, Refused
from tests.devices import attaches, human_device, irc_device, logs_in
from tests.harness import Harness, HumanClient, IrcClient

ANNA = ":anna!~anna@192.0.2.7"


def gone(client: HumanClient, end: HangUp | None = None) -> None:
    """The connection has ended, as the handler sees it."""
    client.driver.finish(end or client.end or HangUp(CloseReason.EOF))
    client.harness.settle()


def test_rooms_are_entered_and_left_by_all_devices(harness: Harness) -> None:
    anna, bob = logs_in(harness.irc("anna")), harness.irc("bob")
    bob.types("JOIN #dev", "TOPIC #dev :tea")
    phone, desk = irc_device(harness, anna.session), human_device(harness, anna.session)
    for one in (phone, desk):
        one.hears()
    alone = anna.types("JOIN #dev")
    assert [line.split(" ")[1] for line in alone] == ["JOIN", "332", "333", "353", "366"]
    assert phone.hears() == alone
    assert desk.hears() == [
        "-> You are in #dev too, by another device. /switch #dev to talk there."
    ]
    assert bob.hears()[-1:] == [f"{ANNA} JOIN #dev"]
    assert bob.types("NAMES #dev")[0].endswith(" :@bob anna")
    assert desk.types("/switch #dev", "/topic")[-1].startswith("-> Topic of #dev: tea")
    assert phone.types("PART #dev :bye") == [f"{ANNA} PART #dev :bye"]
    assert anna.hears() == [f"{ANNA} PART #dev :bye"]
    assert desk.hears()[-1] == "-> You left #dev. You are in no room now: /join #room."
    assert [line for line in bob.hears() if "PART" in line] == [f"{ANNA} PART #dev :bye"]
    assert not harness.audience.feeds["#dev"].subscriptions.keys() - {bob.outbox.number}  # type: ignore[union-attr]


def test_a_kill_ends_all_connections() -> None:
    harness = Harness(oper_name="root", oper_password="pw")
    oper, anna = harness.irc("op"), logs_in(harness.irc("anna"))
    phone, desk = irc_device(harness, anna.session), human_device(harness, anna.session)
    oper.types("OPER root pw", "KILL anna :bye")
    assert {one.line.close_requested for one in (anna, phone, desk)} == {CloseReason.KILLED}
    assert desk.hears()[-1] == "-> You were removed from the server: Killed by op (bye)"
    assert harness.state.session_of("anna") is None
    assert harness.state.sessions.keys() == {oper.session.number}
    for one in (anna, phone, desk):
        gone(one)
    assert harness.audience.outboxes.keys() == {oper.session.number}


def test_users_are_counted_once(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna"))
    phone = irc_device(harness, anna.session)
    told = harness.irc("bob").types("LUSERS")
    assert ":geventchat 255 bob :I have 2 clients and 0 servers" in told
    assert not any("unknown" in line and " 1 " in line for line in told)
    assert sum(" anna H " in line for line in phone.types("WHO *")) == 1
    bob = harness.human("carl")
    assert bob.types("/who")[-1] == "-> 3 users online."


def test_a_device_that_leaves_leaves_silently_and_the_last_ends_the_session(
    harness: Harness,
) -> None:
    anna, bob = logs_in(harness.irc("anna")), harness.human("bob")
    anna.types("JOIN #lobby")
    session, phone = anna.session, irc_device(harness, anna.session)
    desk = human_device(harness, session)
    bob.hears()
    anna.types("QUIT :first")
    gone(anna)
    assert bob.hears() == []
    # Nor does it stand in the journal as if somebody had left these rooms.
    assert (harness.applied[-1].event.reason, harness.applied[-1].event.rooms) == ("first", ())  # type: ignore[attr-defined]
    assert phone.types("PRIVMSG #lobby :still here") == []
    assert bob.types("/msg anna good") == ["[12:00] <anna> still here", "-> [PM to anna] good"]
    assert phone.hears()[-1].endswith("PRIVMSG anna :good")
    assert desk.types("/quit second")[-1].startswith("-> Bye.")
    gone(desk)
    assert (bob.hears(), session.devices) == ([], {phone.outbox.number: "irc"})  # type: ignore[union-attr]
    phone.types("QUIT :last")
    gone(phone)
    assert bob.hears() == ["*** anna left (last)."]
    assert harness.state.sessions == {bob.session.number: bob.session}
    assert harness.audience.outboxes.keys() == {bob.session.number}


def test_a_guest_who_turns_out_to_be_somebody_quits_for_the_others(harness: Harness) -> None:
    anna, bob = logs_in(harness.irc("anna")), harness.irc("bob")
    anna.types("JOIN #dev")
    bob.types("JOIN #tea", "MONITOR + tess")
    guest = harness.irc("tess")
    guest.types("JOIN #tea")
    bob.hears()
    number = guest.session.number
    assert attaches(guest, anna.session)
    assert bob.hears() == [":tess!~tess@192.0.2.7 QUIT :Quit", ":geventchat 731 bob tess"]
    assert guest.session is anna.session
    told = guest.hears()
    assert told[:2] == [":tess!~tess@192.0.2.7 PART #tea", ":tess!~tess@192.0.2.7 NICK anna"]
    assert told[2] == f"{ANNA} JOIN #dev"
    assert harness.state.sessions[number] is anna.session
    # Whoever was told of the guest finds nobody under that number.
    assert harness.state.user(number) is None
    assert list(harness.state.rooms["#tea"].members) == [bob.session.number]
    assert anna.hears() == []


def test_who_still_watches_for_people_does_so_afterwards(harness: Harness) -> None:
    anna, guest = logs_in(harness.irc("anna")), harness.irc("tess")
    guest.types("MONITOR + bob")
    attaches(guest, anna.session)
    guest.hears()
    harness.irc("bob")
    assert guest.hears() == [":geventchat 730 anna bob!~bob@192.0.2.7"]


def test_more_devices_than_are_allowed_are_refused() -> None:
    harness = Harness(devices_per_account=2)
    anna = logs_in(harness.irc("anna"))
    irc_device(harness, anna.session)
    third, fourth = HumanClient(harness), IrcClient(harness)
    third.come_in()
    fourth.come_in()
    before = third.session
    assert not attaches(third, anna.session)
    assert third.hears() == [
        "-> anna is on from 2 devices already, which is the limit: leave from one of them first."
    ]
    assert third.session is before
    assert not attaches(fourth, anna.session)
    assert fourth.hears() == [":geventchat NOTICE * :anna is on from 2 devices, which is the limit"]


def test_whose_account_it_is_not_cannot_attach(harness: Harness) -> None:
    """No dialect asks for it; but what happens is checked where it happens."""
    anna, eve = harness.irc("anna"), harness.irc("eve")
    assert not attaches(eve, anna.session)
    logs_in(anna)
    logs_in(eve, "eve")
    phone = irc_device(harness, anna.session)
    gone(phone)
    # Somebody on several devices of one account takes none of them to another.
    desk = irc_device(harness, anna.session)
    assert not attaches(desk, eve.session)
    assert desk.hears()[-1].endswith("You are on as anna from other devices too: connect anew")
    assert desk.session is anna.session


def test_a_session_that_has_gone_meanwhile_is_not_attached_to(harness: Harness) -> None:
    anna, guest = logs_in(harness.irc("anna")), harness.human("tess")
    session = anna.session
    gone(anna)
    assert not attaches(guest, session)
    assert guest.session.nick == "tess"
    assert guest.hears() == ["-> anna has just left: log in once more."]


def test_what_cannot_be_saved_attaches_nobody(harness: Harness) -> None:
    anna, guest = logs_in(harness.irc("anna")), harness.human("tess")
    harness.store.write_error = "disk full"
    assert not attaches(guest, anna.session)
    assert guest.hears() == ["-> Not saved: disk full. Nothing changed."]
    harness.store.write_error = ""
    assert guest.session.nick == "tess"
    assert attaches(guest, anna.session)


def test_a_device_that_leaves_in_the_middle_of_a_join(harness: Harness) -> None:
    """The join is the user's: the others are in the room."""
    anna = logs_in(harness.irc("anna"))
    phone = irc_device(harness, anna.session)
    phone.hears()
    settle = harness.journal.settle
    left: list[int] = []

    def settling(number: int) -> None:
        if (
            not left and number in harness.journal._unsettled
        ):  # It is gone while its join is being saved.
            left.append(number)
            anna.line.close_requested = CloseReason.RESET
        settle(number)

    harness.journal.settle = settling  # type: ignore[method-assign]
    anna.types("JOIN #dev")
    harness.journal.settle = settle  # type: ignore[method-assign]
    gone(anna)
    assert left == [anna.dialect.client.outbox.number]
    assert [line.split(" ")[1] for line in phone.hears()][-3:] == ["JOIN", "353", "366"]
    assert list(phone.session.rooms) == ["#dev"]
    assert harness.audience.feeds["#dev"].subscriptions.keys() == {phone.outbox.number}  # type: ignore[union-attr]
    assert harness.audience._prepared == {}


def test_ignoring_somebody_ignores_all_their_devices(harness: Harness) -> None:
    anna, bob = logs_in(harness.irc("anna")), harness.human("bob")
    anna.types("JOIN #lobby")
    phone = irc_device(harness, anna.session)
    bob.types("/ignore anna")
    phone.types("NICK annie")
    bob.hears()
    phone.types("PRIVMSG #lobby :x", "PRIVMSG bob :y")
    anna.types("PRIVMSG #lobby :x")
    assert bob.hears() == []


def test_one_may_take_back_what_one_said_on_another_device(harness: Harness) -> None:
    caps = ("draft/message-redaction", "message-tags", "echo-message")
    anna = logs_in(harness.irc("anna", *caps))
    bob = harness.irc("bob", *caps)
    bob.types("JOIN #dev")
    anna.types("JOIN #dev")
    phone = irc_device(harness, anna.session, *caps)
    phone.hears()
    (said,) = phone.types("PRIVMSG #dev :oops")
    number = said.partition("msgid=")[2].split(" ")[0].split(";")[0]
    assert anna.hears() == [said]
    assert any(f"REDACT #dev {number}" in line for line in anna.types(f"REDACT #dev {number}"))
    assert any(f"REDACT #dev {number}" in line for line in phone.hears())


def test_the_server_is_not_left_by_who_has_left_already(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna"))
    phone = irc_device(harness, anna.session)
    gone(anna)
    # Its number is the session's, which goes on; the connection can go once.
    with pytest.raises(Refused):
        anna.leaves()
    assert phone.session.devices == {phone.outbox.number: "irc"}  # type: ignore[union-attr]


def test_what_the_others_are_called(harness: Harness) -> None:
    anna = logs_in(harness.irc("anna"))
    phone = irc_device(harness, anna.session, label="phone")
    irc_device(harness, anna.session, label="phone")
    assert others(anna.session, phone.outbox.number) == ["irc", "phone"]  # type: ignore[union-attr]
    evil = irc_device(harness, anna.session, label="\x1b[31mred" + "x" * 99)
    label = anna.session.devices[evil.outbox.number]  # type: ignore[index, union-attr]
    assert label.isprintable()
    assert len(label.encode()) <= 32
