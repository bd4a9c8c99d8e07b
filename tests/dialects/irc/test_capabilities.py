"""Negotiating capabilities."""

from __future__ import annotations

from geventchat.config import Config
from geventchat.dialects.irc.capabilities import CAPABILITIES, offered, requested
from tests.harness import Harness


def test_values_are_for_those_who_know_them() -> None:
    assert offered(Config(), values=False) == list(CAPABILITIES)
    assert "draft/multiline=max-bytes=4096,max-lines=32" in offered(Config(), values=True)


def test_all_or_nothing() -> None:
    held = requested(Config(), ["echo-message", "batch"], frozenset())
    assert held == {"echo-message", "batch"}
    assert requested(Config(), ["-batch"], held) == {"echo-message"}
    assert requested(Config(), ["batch", "nonsense"], held) is None
    assert requested(Config(), ["-nonsense"], held) is None


def test_what_the_settings_forbid_is_not_offered() -> None:
    name, closed = "draft/account-registration", Config(registration="closed")
    assert f"{name}=before-connect" in offered(Config(), values=True)
    for late in (Config(registration_before_connect=False), Config(password="secret")):
        assert name in offered(late, values=True)
    assert not [cap for cap in offered(closed, values=True) if cap.startswith(name)]
    assert requested(closed, [name], frozenset()) is None
    assert requested(closed, [f"-{name}"], frozenset({name})) == frozenset()


def test_what_is_offered_no_more_and_again_is_told() -> None:
    harness = Harness(name="irc.test")
    name = "draft/account-registration"
    client, plain = harness.irc("al", name, "cap-notify"), harness.irc("bo")
    for registration, change in (("closed", "DEL"), ("open", "NEW")):
        harness.proposals.canon.config = Config(name="irc.test", registration=registration)
        harness.audience.settings_changed(harness.proposals.config)
        assert client.hears() == [f":irc.test CAP al {change} {name}"]
        assert plain.hears() == []
        assert not client.dialect.client.has(name)
    harness.audience.settings_changed(harness.proposals.config)
    assert client.hears() == []
