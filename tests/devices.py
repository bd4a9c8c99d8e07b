"""Several connections of one user, as the harness's clients: somebody logs in, others attach."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from geventchat.chat.events_accounts import Registered
from geventchat.chat.sessions import Session
from geventchat.dialects.devices import attach
from tests.harness import Harness, HumanClient, IrcClient


def logs_in(person: HumanClient, account: str = "anna") -> HumanClient:
    """Have somebody who is here register an account; whoever else shows it attaches to them."""
    harness, who = person.harness, person.session.identity
    harness.proposals.propose(Registered(who, account, "c1"))
    harness.settle()
    return person


def attaches(client: HumanClient, session: Session, label: str = "") -> bool:
    """Be one more connection of that session, as after a right password."""
    outcome: list[bool] = []

    def steps() -> Generator[Any, Any, None]:
        outcome.append((yield from attach(session, label)))

    client.end = client.driver._drive(steps())
    return outcome[0]


def irc_device(harness: Harness, session: Session, *caps: str, label: str = "") -> IrcClient:
    """An IRC client that comes in as one more connection of somebody, and has read the welcome."""
    client = IrcClient(harness, *caps)
    client.come_in()
    if caps:
        client.types(f"CAP REQ :{' '.join(caps)}")
        client.hears()
    assert attaches(client, session, label)
    client.hears()
    return client


def human_device(harness: Harness, session: Session, label: str = "") -> HumanClient:
    """A person at a terminal who was a guest, is somebody who is here, and has read so."""
    client = HumanClient(harness)
    client.come_in()
    assert attaches(client, session, label)
    client.hears()
    return client
