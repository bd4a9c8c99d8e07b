"""What a password may be, when two are the same, and whether one is right.

Asked by every dialect in the same way, so that a password typed at a terminal is the
one that a program sends.
"""

from __future__ import annotations

import hmac
from unicodedata import category, normalize

from geventchat.config import Config
from geventchat.errors import Reason, Refused
from geventchat.login_config import LONGEST_PASSWORD_BYTES

# Joiners are parts of emoji and of several scripts; nothing else that shows nothing is.
_JOINERS = "\u200c\u200d"
_NEVER = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def is_right(given: str, wanted: str) -> bool:
    """Compare in constant time (no answer comes sooner for a better guess).

    As bytes, since `compare_digest` takes text only if it is ASCII.
    """
    return hmac.compare_digest(_raw(given), _raw(wanted))


def _raw(password: str) -> bytes:
    return password.encode(errors="surrogatepass")


def canonical(password: str) -> str | None:
    """The form in which a password is kept and compared (RFC 8265 4.2, OpaqueString).

    All kinds of spaces are one, and letters are composed (NFC); case and width count. None
    for what no account can have: nothing at all, more than `LONGEST_PASSWORD_BYTES`, or
    characters that are controls (NUL), invisible, or not yet in Unicode, whose composed form
    a later Python may see otherwise. Unlike there, marks that choose how an emoji looks may
    be in it: who types one does not see them.
    """
    if not 0 < len(password) <= LONGEST_PASSWORD_BYTES:  # Long ones take long to compose.
        return None
    if any(category(char) in _NEVER and char not in _JOINERS for char in password):
        return None
    spaced = "".join(" " if category(char) == "Zs" else char for char in password)
    composed = normalize("NFC", spaced)
    return composed if len(composed.encode()) <= LONGEST_PASSWORD_BYTES else None


def checked(password: str, config: Config) -> str:
    """The canonical form of a new password.

    Raises `Refused` for one that the settings do not allow; no fact of it tells the password.
    """
    if len(password) > config.password_max_bytes:
        raise Refused(Reason.PASSWORD_TOO_LONG, max_bytes=config.password_max_bytes)
    found = canonical(password)
    if len(found or password) < config.password_min_chars:
        raise Refused(Reason.PASSWORD_TOO_SHORT, min_chars=config.password_min_chars)
    if found is None:
        raise Refused(Reason.BAD_PASSWORD)
    if len(found.encode()) > config.password_max_bytes:
        raise Refused(Reason.PASSWORD_TOO_LONG, max_bytes=config.password_max_bytes)
    return found
