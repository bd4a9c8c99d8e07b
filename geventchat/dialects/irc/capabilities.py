"""The capabilities this server has, and negotiating them (IRCv3 capability-negotiation)."""

from __future__ import annotations

from geventchat.config import Config

# What AUTHENTICATE takes.
MECHANISMS = "PLAIN"

CAPABILITIES = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "chghost",
    "draft/account-registration",
    "draft/chathistory",
    "draft/event-playback",
    "draft/extended-monitor",
    "draft/message-redaction",
    "draft/metadata-3",
    "draft/multiline",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
    "soju.im/search",
    "standard-replies",
    "userhost-in-names",
)
# Those that change the bytes of an event. Clients that agree in these share an encoder.
OF_ENCODERS = frozenset(
    {
        "account-notify",
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


REGISTRATION, METADATA = "draft/account-registration", "draft/metadata-3"


def there(config: Config) -> list[str]:
    """The capabilities that the settings allow, in alphabetical order."""
    closed = config.registration != "open"
    return [name for name in CAPABILITIES if not (closed and name == REGISTRATION)]


def offered(config: Config, values: bool) -> list[str]:
    """All capabilities as `CAP LS` names them; values only for clients that know version 302."""
    known = _values(config) if values else {}
    return [f"{name}={known[name]}" if known.get(name) else name for name in there(config)]


def _values(config: Config) -> dict[str, str]:
    early = config.registration_before_connect and not config.password
    return {
        REGISTRATION: "before-connect" if early else "",
        METADATA: f"before-connect,max-subs={config.metadata_subscriptions_max},"
        f"max-keys={config.metadata_max_names},max-value-bytes={config.metadata_max_bytes}",
        "draft/multiline": f"max-bytes={config.line_max_bytes},"
        f"max-lines={config.multiline_max_lines}",
        "sasl": MECHANISMS,
    }


def requested(config: Config, words: list[str], held: frozenset[str]) -> frozenset[str] | None:
    """What is held after a `CAP REQ`, or None when a word of it cannot be had."""
    wanted, known = set(held), there(config)
    for word in words:
        name = word.removeprefix("-")
        # What is offered no more can be given up.
        if name not in (known if word == name else CAPABILITIES):
            return None
        if word == name:
            wanted.add(name)
        else:
            wanted.discard(name)
    return frozenset(wanted)
