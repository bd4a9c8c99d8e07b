"""Negotiating capabilities."""

from __future__ import annotations

from geventchat.config import Config
from geventchat.dialects.irc.capabilities import CAPABILITIES, offered, requested


def test_values_are_for_those_who_know_them() -> None:
    assert offered(Config(), values=False) == list(CAPABILITIES)
    assert "draft/multiline=max-bytes=4096,max-lines=32" in offered(Config(), values=True)


def test_all_or_nothing() -> None:
    held = requested(["echo-message", "batch"], frozenset())
    assert held == {"echo-message", "batch"}
    assert requested(["-batch"], held) == {"echo-message"}
    assert requested(["batch", "nonsense"], held) is None
