"""The capabilities this server has, and negotiating them (IRCv3 capability-negotiation)."""

from __future__ import annotations

from geventchat.config import Config

# SASL and account registration belong to accounts and are not here yet.
CAPABILITIES = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "chghost",
    "draft/chathistory",
    "draft/event-playback",
    "draft/extended-monitor",
    "draft/message-redaction",
    "draft/multiline",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "server-time",
    "setname",
    "standard-replies",
    "userhost-in-names",
)
# Those that change the bytes of an event. Clients that agree in these share an encoder.
OF_ENCODERS = frozenset(
    {
        "account-tag",
        "away-notify",
        "batch",
        "draft/message-redaction",
        "draft/multiline",
        "echo-message",
        "extended-join",
        "invite-notify",
        "message-tags",
        "server-time",
        "setname",
    }
)


def offered(config: Config, values: bool) -> list[str]:
    """All capabilities as `CAP LS` names them; values only for clients that know version 302."""
    multiline = f"max-bytes={config.line_max_bytes},max-lines={config.multiline_max_lines}"
    known = {"draft/multiline": multiline} if values else {}
    return [f"{name}={known[name]}" if name in known else name for name in CAPABILITIES]


def requested(words: list[str], held: frozenset[str]) -> frozenset[str] | None:
    """What is held after a `CAP REQ`, or None when a word of it cannot be had."""
    wanted = set(held)
    for word in words:
        name = word.removeprefix("-")
        if name not in CAPABILITIES:
            return None
        if word == name:
            wanted.add(name)
        else:
            wanted.discard(name)
    return frozenset(wanted)
