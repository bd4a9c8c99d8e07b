"""From commands to drafts: nothing changes yet, and what cannot be seen is not said."""

from __future__ import annotations

import pytest

from geventchat.chat import commands as chat
from geventchat.chat.events import Event, Form, Left, Parted, Said, Told
from geventchat.chat.presence import Session
from geventchat.chat.proposals import Proposals
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

    def propose(session: Session | None, event: Event) -> None:
        drafts.append(event)

    return Proposals(harness.state, propose)


@pytest.fixture
def alice(proposals: Proposals) -> Session:
    session = proposals.state.session_of("alice")
    assert session is not None
    return session


def refusal_of(proposals: Proposals, session: Session, command: chat.Command) -> Reason:
    with pytest.raises(Refused) as caught:
        proposals.handle(session, command)
    return caught.value.reason


def test_a_line_is_proposed_as_it_may_be_stored(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    proposals.handle(alice, chat.Say("#lobby", "red \x1b[31malert\x9b"))
    proposals.handle(alice, chat.Say("#lobby", "waves", Form.ACTION))
    assert drafts == [
        Said(alice.identity, "#lobby", "red [31malert"),
        Said(alice.identity, "#lobby", "waves", Form.ACTION),
    ]


def test_nothing_has_changed_yet(proposals: Proposals, alice: Session, drafts: list[Event]) -> None:
    proposals.handle(alice, chat.SetNick("al"))
    proposals.handle(alice, chat.Join("#dev"))
    proposals.handle(alice, chat.Part("#lobby"))
    assert alice.nick == "alice"
    assert list(alice.memberships) == ["#lobby"]
    assert len(drafts) == 3


@pytest.mark.parametrize("text", ["", "  ", "\x1b\x07", "\u3164", "\u202e\u200b", "\0"])
def test_what_cannot_be_seen_is_refused(
    proposals: Proposals, alice: Session, drafts: list[Event], text: str
) -> None:
    assert refusal_of(proposals, alice, chat.Say("#lobby", text)) is Reason.NOTHING_TO_SAY
    assert refusal_of(proposals, alice, chat.Tell("bob", text)) is Reason.NOTHING_TO_SAY
    assert drafts == []


def test_a_private_line_is_for_the_session_that_has_the_nick_now(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    proposals.handle(alice, chat.Tell("BOB", "psst"))
    bob = proposals.state.session_of("bob")
    assert bob is not None
    assert drafts == [Told(alice.identity, bob.identity.session, "bob", "psst")]
    assert refusal_of(proposals, alice, chat.Tell("carol", "psst")) is Reason.NO_SUCH_NICK


def test_reasons_are_cut_and_cleaned(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    proposals.handle(alice, chat.Part("#lobby", "x\a" * 1000))
    proposals.handle(alice, chat.Quit("y" * 1000))
    assert drafts == [
        Parted(alice.identity, "#lobby", "x" * 390),
        Left(alice.identity, "y" * 390, ("#lobby",)),
    ]


def test_refused_commands_are_not_proposed(
    proposals: Proposals, alice: Session, drafts: list[Event]
) -> None:
    assert refusal_of(proposals, alice, chat.SetNick("bob")) is Reason.NICK_IN_USE
    assert refusal_of(proposals, alice, chat.Say("#dev", "x")) is Reason.NOT_IN_ROOM
    assert refusal_of(proposals, alice, chat.SetTopic("#dev", "x")) is Reason.NOT_IN_ROOM
    assert drafts == []


def test_guests_get_names_nobody_has(harness: Harness) -> None:
    first = harness.human()
    assert first.session.nick == "guest1"
    first.types("/nick guest2")
    assert harness.human().session.nick == "guest3"


def test_two_who_ask_for_one_nick_at_once(
    harness: Harness, proposals: Proposals, drafts: list[Event]
) -> None:
    alice, bob = (harness.state.session_of(nick) for nick in ("alice", "bob"))
    assert alice is not None
    assert bob is not None
    harness.proposals.handle(alice, chat.SetNick("zoe"))
    harness.proposals.handle(bob, chat.SetNick("zoe"))
    harness.settle()
    assert (alice.nick, bob.nick) == ("zoe", "bob")
    assert harness.people[bob].hears() == [
        " * alice is now known as zoe.",
        "-> zoe is in use (online 0s).",
    ]


def test_who_is_arriving_is_not_there_before_it_is_saved(harness: Harness) -> None:
    session = harness.proposals.expect("irc", "al", "192.0.2.1")
    harness.proposals.arrive(session)
    assert session.identity.nick == "guest1"
    assert (session.identity.user, session.identity.host) == ("al", "192.0.2.1")
    assert harness.state.sessions == {}
    harness.settle()
    assert harness.state.session_of("guest1") is session
    another = harness.proposals.expect("irc", "al", "192.0.2.1")
    assert another.identity.session != session.identity.session
