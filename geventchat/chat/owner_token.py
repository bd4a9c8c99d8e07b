"""The token by which an account first comes to rule the server.

Who starts the server reads it where the server was started, and nobody else does. There is
one for as long as no account is an operator; each start makes another, so that an old log
tells nothing. What is kept of it, in memory only, is a hash.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

_BYTES = 16


class OwnerToken:
    """One token, or none. It is right once."""

    def __init__(self) -> None:
        self._digest = b""
        self._taken = b""

    def make(self) -> str:
        """A new token, in place of any other."""
        token = secrets.token_hex(_BYTES)
        self._digest, self._taken = _digest(token), b""
        return token

    def take(self, token: str) -> bool:
        """Whether that is the token; if so, there is none any more."""
        # Without one, too, something is compared.
        if not hmac.compare_digest(_digest(token.strip()), self._digest or _digest("")):
            return False
        self._digest, self._taken = b"", self._digest
        return bool(self._taken)

    def put_back(self) -> None:
        """What it was taken for came to nothing: it is right once more."""
        self._digest, self._taken = self._digest or self._taken, b""


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="surrogatepass")).digest()
