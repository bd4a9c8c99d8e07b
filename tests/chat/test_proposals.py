"""From commands to drafts: nothing changes yet, and what cannot be seen is not said."""

from __future__ import annotations

import pytest

from geventchat.chat import commands
from geventchat.chat.events import Event, Form, Identity, Left, Parted, Said, Told
from geventchat.chat.proposals import Proposals
from geventchat.chat.sessions import Session
from geventchat.errors import Reason, Refused
from tests.harness import Harness


@pytest.fixture
def drafts() -> list[Event]:
    return []


@pytest.fixture
def proposals(harness: Harness, drafts: list[Event]) -> Proposals:
    """Proposals on a harness with alice and bob in #lobby; drafts collect in `drafts`."""
    harness.human("alice")
    harness.human("bob")

    def propose(number: int, event: Event) -> None:
        drafts.append(event)

    return Proposals(harness.state, harness.config, propose)


@pytest.fixture
def alice(proposals: Proposals) -> Session:
    session = proposals.state.session_of("alice")
    assert session is not None
    return session


def refusal_of(proposals: Proposals, session: Session, command: commands.Command) -> Reason:
    with pytest.raises(Refused) as caught:
        proposals.handle(session, command)
    return caught.value.reason


def test_a_line_is_proposed_as_it_may_be_stored(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    proposals.handle(alice, commands.Say("#lobby", "red \x1b[31malert\x9b"))
    proposals.handle(alice, commands.Say("#lobby", "waves", Form.ACTION))
    assert drafts == [
        Said(alice.identity, "#lobby", "red [31malert"),
        Said(alice.identity, "#lobby", "waves", Form.ACTION),
    ]


def test_nothing_has_changed_yet(proposals: Proposals, alice: Session, drafts: list[Event]) -> None:
    proposals.handle(alice, commands.SetNick("al"))
    proposals.handle(alice, commands.Join("#dev"))
    proposals.handle(alice, commands.Part("#lobby"))
    assert alice.nick == "alice"
    assert list(alice.rooms) == ["#lobby"]
    assert len(drafts) == 3


@pytest.mark.parametrize("text", ["", "  ", "\x1b\x07", "\u3164", "\u202e\u200b", "\0"])
def test_what_cannot_be_seen_is_refused(
    proposals: Proposals, alice: Session, drafts: list[Event], text: str
) -> None:
    assert refusal_of(proposals, alice, commands.Say("#lobby", text)) is Reason.NOTHING_TO_SAY
    assert refusal_of(proposals, alice, commands.Tell("bob", text)) is Reason.NOTHING_TO_SAY
    assert drafts == []


def test_a_private_line_is_for_the_session_that_has_the_nick_now(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    proposals.handle(alice, commands.Tell("BOB", "psst"))
    bob = proposals.state.session_of("bob")
    assert bob is not None
    assert drafts == [Told(alice.identity, bob.number, "bob", "psst")]
    assert refusal_of(proposals, alice, commands.Tell("carol", "psst")) is Reason.NO_SUCH_NICK


def test_reasons_are_cut_and_cleaned(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    proposals.handle(alice, commands.Part("#lobby", "x\a" * 1000))
    proposals.handle(alice, commands.Quit("y" * 1000))
    assert drafts == [
        Parted(alice.identity, "#lobby", "x" * 290),
        Left(alice.identity, "y" * 290, ("#lobby",)),
    ]


def test_refused_commands_are_not_proposed(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    assert refusal_of(proposals, alice, commands.SetNick("bob")) is Reason.NICK_IN_USE
    assert refusal_of(proposals, alice, commands.Say("#dev", "x")) is Reason.NOT_IN_ROOM
    assert refusal_of(proposals, alice, commands.SetTopic("#dev", "x")) is Reason.NOT_IN_ROOM
    assert drafts == []


def test_guests_get_names_nobody_has(harness: Harness) -> None:
    first = harness.human()
    assert first.session.nick == "guest1"
    assert harness.human().session.nick == "guest2"


def test_only_the_server_gives_names_of_guests(harness: Harness) -> None:
    guest = harness.human().session
    for nick in ("guest2", "Guest7", "guest01", "GUEST999"):
        assert refusal_of(harness.proposals, guest, commands.SetNick(nick)) is Reason.NAME_RESERVED
    harness.proposals.handle(guest, commands.SetNick("Guest1"))
    harness.settle()
    assert guest.nick == "Guest1"
    harness.irc("guest5")
    assert harness.state.session_of("guest5") is None


def test_nobody_is_taken_for_the_server() -> None:
    harness = Harness(name="The Chat", reserved_nicks="root *bot?")
    alice = harness.human("alice").session
    for nick in ("The-Chat", "the-chat", "ROOT", "robots", "bot_"):
        assert refusal_of(harness.proposals, alice, commands.SetNick(nick)) is Reason.NAME_RESERVED
    for nick in ("Chat", "rootless", "robot", "MemoServ", "guests"):
        harness.proposals.handle(alice, commands.SetNick(nick))


def test_nobody_is_taken_for_the_server_by_its_short_name() -> None:
    alice = (harness := Harness(name="irc.Example.org")).human("alice").session
    for nick in ("irc", "IRC", "Irc"):
        assert refusal_of(harness.proposals, alice, commands.SetNick(nick)) is Reason.NAME_RESERVED
    for nick in ("ircd", "Example", "org"):
        harness.proposals.handle(alice, commands.SetNick(nick))


def test_no_name_looks_like_one_that_is_reserved_or_like_nothing(harness: Harness) -> None:
    alice = harness.human("alice").session
    for nick in ("ｒｏｏｔ", "rооt", "root\u0301", "\u0301\u0302", "\u200bserver", ""):
        assert refusal_of(harness.proposals, alice, commands.SetNick(nick)) is Reason.BAD_NICK


def test_names_that_are_reserved_unless_told_otherwise(harness: Harness) -> None:
    alice = harness.human("alice").session
    for nick in ("geventchat", "NickServ", "chanserv", "SERVER", "services", "Admin", "PM", "pm"):
        assert refusal_of(harness.proposals, alice, commands.SetNick(nick)) is Reason.NAME_RESERVED


def test_two_who_ask_for_one_nick_at_once(harness: Harness) -> None:
    alice, bob = harness.human("alice"), harness.human("bob")
    for person in (alice, bob):
        harness.proposals.handle(person.session, commands.SetNick("zoe"))
    harness.settle()
    assert (alice.session.nick, bob.session.nick) == ("zoe", "bob")
    assert bob.hears()[-2:] == [
        "*** alice is now known as zoe.",
        "-> zoe is in use (online 0s).",
    ]


def test_who_is_arriving_is_not_there_before_it_is_saved(harness: Harness) -> None:
    number = harness.proposals.new_number()
    harness.proposals.arrive(Identity(number, "", "al", "192.0.2.1"), "irc")
    assert harness.state.sessions == {}
    harness.settle()
    session = harness.state.session_of("guest1")
    assert session is not None
    assert (session.number, session.identity.user) == (number, "al")
    assert harness.proposals.new_number() != number
