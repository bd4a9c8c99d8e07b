"""The key of a room: what is kept of it, and whether one that is shown opens the room.

What is kept must open nothing for whoever reads the database: a salted digest. It is a
quick one, since it is asked at every join: a key guards a room from who walks by. Whoever
has the database can try keys, but reads there anyway what was said behind them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

_SALT_BYTES = 8
# Stands for a key of which only that there was one is known; no key opens it.
UNKNOWN = "?"


def verifier_of(key: str) -> str:
    """What is kept of a key, `salt$digest` (SHA-256); another each time."""
    salt = secrets.token_hex(_SALT_BYTES)
    return f"{salt}${_digest(salt, key)}"


def fits(key: str, verifier: str) -> bool:
    """Whether it is the key that this was made of."""
    salt, _, digest = verifier.partition("$")
    return bool(digest) and hmac.compare_digest(_digest(salt, key), digest)


def _digest(salt: str, key: str) -> str:
    return hashlib.sha256(f"{salt}${key}".encode(errors="surrogatepass")).hexdigest()
