"""Addresses are for operators: what everybody else is shown in their place.

A cloak is `k3j2h4qp.w7d6s5aa.ip`: first what stands for the address, then what stands for
the block around it. So a ban of `*!*@*.w7d6s5aa.ip` keeps out the block, as one of
`*!*@192.0.2.0/24` does. Who does not have the key cannot go back from a cloak to an
address, nor find out the cloak of one by trying them all.
"""

from __future__ import annotations

import hmac
import ipaddress
import sys
from base64 import b32encode
from functools import lru_cache

from geventchat.chat.events import Identity
from geventchat.chat.sessions import Session

# What is one user's, and what is one provider's or organization's, by the IP version. Whoever
# has an IPv6 address has 2^64 of them.
_BITS = {4: (32, 24), 6: (64, 48)}
_WIDTH = {4: 32, 6: 128}
_WORD_BYTES = 5  # Eight characters of base32 each.
_KNOWN_MAX = 4096


class Cloaks:
    """Makes cloaks with a key: the same ones for as long as the key is the same."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known = lru_cache(maxsize=_KNOWN_MAX)(self._made)

    def cloak(self, address: str) -> str:
        """What stands for an address; what is none (a cloak, say) has nothing to hide."""
        return self._known(address)

    def _made(self, address: str) -> str:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return address
        version, whole = parsed.version, int(parsed)
        words = [
            self._word(f"{version}/{bits}/{whole >> (_WIDTH[version] - bits):x}")
            for bits in _BITS[version]
        ]
        # One text for all who have it, as for their addresses.
        return sys.intern(".".join((*words, "ip")))

    def _word(self, block: str) -> str:
        digest = hmac.digest(self._key, block.encode(), "sha256")
        return b32encode(digest[:_WORD_BYTES]).decode().lower()


def may_know_address(session: Session, who: Identity) -> bool:
    """Whether somebody may learn from where another comes: their own, and operators anyone's.

    Asked by every dialect for whatever shows an address.
    """
    return session.is_author(who) or "o" in session.modes


def host_told(session: Session, who: Identity, cloaked: bool) -> str:
    """The host of somebody who was here, as another may learn it; `cloaked`: whether hosts are.

    They may have been here in an earlier run, when hosts were addresses.
    """
    hidden = cloaked and who.host == who.address and not may_know_address(session, who)
    return "" if hidden else who.host
