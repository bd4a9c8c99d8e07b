"""Who a mask means: `nick!user@host` with `*` and `?`, and the extended bans.

Masks are compared without regard to ASCII case. An extended ban is a letter,
a colon and a value: `a:NAME` means an account, with `m:MASK` whoever matches
may be there but not speak; both together are `m:a:NAME`.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from geventchat.chat.events import Identity
from geventchat.chat.names import fold

ACCOUNT, MUTE = "a:", "m:"
EXTENDED = "am"


def matches(mask: str, text: str) -> bool:
    """Whether the whole of `text` is what the mask says; a backslash takes `*` and `?` literally.

    Two pointers and the place of the last star: a regular expression would
    take exponential time for a mask like `*a*a*a*a*b`.
    """
    pieces = _pieces(fold(mask))
    text = fold(text)
    at = piece = 0
    star = resume = -1
    while at < len(text):
        wanted = pieces[piece] if piece < len(pieces) else None
        if wanted == "*":
            star, resume = piece, at
            piece += 1
        elif wanted in ("?", "\\" + text[at]):
            piece += 1
            at += 1
        elif star >= 0:
            resume += 1
            piece, at = star + 1, resume
        else:
            return False
    return all(rest == "*" for rest in pieces[piece:])


@lru_cache(maxsize=4096)
def _pieces(mask: str) -> tuple[str, ...]:
    """`*`, `?`, and every other character with a backslash before it."""
    pieces: list[str] = []
    chars = iter(mask)
    for char in chars:
        if char == "\\":
            following = next(chars, "\\")
            if following not in "*?\\":
                pieces.append("\\\\")
            pieces.append("\\" + following)
        elif char in "*?":
            pieces.append(char)
        else:
            pieces.append("\\" + char)
    return tuple(pieces)


def normalize(mask: str) -> str:
    """A mask with all its three parts: `bob` is `bob!*@*`, `10.0.0.1` is `*!*@10.0.0.1`."""
    if mask.startswith(ACCOUNT):
        return mask
    if mask.startswith(MUTE):
        return MUTE + normalize(mask[len(MUTE) :])
    nick, bang, rest = mask.partition("!")
    if bang:
        user, _, host = rest.partition("@")
        return f"{nick or '*'}!{user or '*'}@{host or '*'}"
    user, at, host = mask.rpartition("@")
    if at:
        return f"*!{user or '*'}@{host or '*'}"
    if any(char in mask for char in ":/."):
        return f"*!*@{mask}"
    return f"{mask or '*'}!*@*"


def matches_user(mask: str, who: Identity) -> bool:
    """Whether a full mask (its `m:` taken off) means somebody."""
    if mask.startswith(ACCOUNT):
        return bool(who.account) and matches(mask[len(ACCOUNT) :], who.account)
    names, _, host = mask.rpartition("@")
    if "/" in host:
        return matches(names, f"{who.nick}!{who.user}") and _in_network(host, who.host)
    return matches(mask, f"{who.nick}!{who.user}@{who.host}")


@lru_cache(maxsize=4096)
def _in_network(network: str, host: str) -> bool:
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
