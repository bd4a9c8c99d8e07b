"""Who a mask means: `nick!user@host` with `*` and `?`, and the extended bans.

Masks are compared without regard to ASCII case. An extended ban is a letter,
a colon and a value: `a:NAME` means an account, with `m:MASK` whoever matches
may be there but not speak; both together are `m:a:NAME`.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from geventchat.chat.events import Identity
from geventchat.chat.names import fold

ACCOUNT, MUTE = "a:", "m:"
EXTENDED = "am"


# The longest mask somebody may put into a list; it grows when its parts are filled in.
MAX_BYTES = 120
# Longer ones match nothing: anybody may ask for them, in LIST, WHO and MOTD.
_MATCHED_MAX_CHARS = 256
# Compiled ones that are kept: those of the rooms people are in now, and then some.
_COMPILED_MAX = 256


def matches(mask: str, text: str) -> bool:
    """Whether the whole of `text` is what the mask says; a backslash takes `*` and `?` literally.

    In time that grows with the mask times the text, whatever the mask: each stretch
    between two stars is looked for once, from the left (as `fnmatch` does it).
    """
    return (
        len(mask) <= _MATCHED_MAX_CHARS and _compiled(fold(mask)).fullmatch(fold(text)) is not None
    )


@lru_cache(maxsize=_COMPILED_MAX)
def _compiled(mask: str) -> re.Pattern[str]:
    *firsts, last = _stretches(mask)
    if not firsts:
        return re.compile(last, re.DOTALL)
    # An atomic group is not tried again elsewhere once it has matched: a mask like
    # `*a*a*a*a*b` would take exponential time otherwise.
    begin, *middle = firsts
    found = "".join(f"(?>.*?{stretch})" for stretch in middle)
    return re.compile(f"{begin}{found}.*{last}", re.DOTALL)


def _stretches(mask: str) -> list[str]:
    """What stands between the stars, as regular expressions."""
    stretches = [""]
    chars = iter(mask)
    for char in chars:
        if char == "*":
            stretches.append("")
        elif char == "?":
            stretches[-1] += "."
        elif char == "\\":
            following = next(chars, "")
            literal = following if following in ("*", "?", "\\") else char + following
            stretches[-1] += re.escape(literal)
        else:
            stretches[-1] += re.escape(char)
    return stretches


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


def nick_of(mask: str) -> str:
    """The nick that a full mask means and nothing else; empty if there is none."""
    nick, _, rest = mask.removeprefix(MUTE).partition("!")
    return nick if rest == "*@*" and not any(char in nick for char in "*?\\") else ""


def matches_user(mask: str, who: Identity) -> bool:
    """Whether a full mask (its `m:` taken off) means somebody.

    Its host may be a cloak, as everybody sees it, or an address that somebody knows.
    """
    if mask.startswith(ACCOUNT):
        return bool(who.account) and matches(mask[len(ACCOUNT) :], who.account)
    names, _, host = mask.rpartition("@")
    if "/" in host:
        return matches(names, f"{who.nick}!{who.user}") and _in_network(host, who.address)
    if matches(mask, who.mask):
        return True
    if who.address in ("", who.host):
        return False
    return matches(mask, f"{who.nick}!{who.user}@{who.address}")


@lru_cache(maxsize=4096)
def _in_network(network: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
