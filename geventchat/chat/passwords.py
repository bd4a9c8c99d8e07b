"""Whether a password is right, asked by every dialect in the same way."""

from __future__ import annotations

import hmac


def is_right(given: str, wanted: str) -> bool:
    """Compare in constant time (no answer comes sooner for a better guess).

    As bytes, since `compare_digest` takes text only if it is ASCII.
    """
    return hmac.compare_digest(_raw(given), _raw(wanted))


def _raw(password: str) -> bytes:
    return password.encode(errors="surrogatepass")
