"""What nicks and room names look like, and when two of them are the same.

Names are compared in Unicode's composed form (NFKC: full-width letters are letters)
and by ASCII lower case (IRC's `CASEMAPPING=ascii`). Nicks are ASCII (RFC 2812 section
2.3.1): neither NFKC nor case folding stops look-alikes such as the Cyrillic small a.
Room names may be in any script, but show every character they have, and mix no
letters that look alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from geventchat.chat.text import BLANKS

# IRC's NAMELEN: what a client may say it is called.
REALNAME_MAX_BYTES = 150
# No name is longer, and composing 80,000 marks takes seconds.
_COMPOSED_MAX_CHARS = 256

_NICK = re.compile(r"[A-Za-z\[\]\\`_^{|}][A-Za-z0-9\[\]\\`_^{|}-]*", re.ASCII)
_NOT_IN_A_NICK = re.compile(r"[^A-Za-z0-9\[\]\\`_^{|}-]", re.ASCII)
_GUEST = re.compile(r"guest[0-9]+", re.ASCII)
_NOT_IN_A_WORD = re.compile(r"[^!-~]+")
_UPPER_TO_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
# Their letters look alike; no word is spelt in two of them.
_ALIKE = frozenset({"LATIN", "GREEK", "CYRILLIC"})


# Looked up several times a line: 0.05 instead of 0.25 µs. No larger, since anybody may
# ask for names of 4 kB.
@lru_cache(maxsize=1024)
def fold(name: str) -> str:
    """The key under which a nick or a room is found."""
    folded = composed(name).translate(_UPPER_TO_LOWER)
    return name if folded == name else folded


def composed(name: str) -> str:
    """A name with its accents on its letters, however they were typed."""
    if name.isascii() or len(name) > _COMPOSED_MAX_CHARS:
        return name
    return unicodedata.normalize("NFKC", name)


def is_nick(name: str, max_chars: int) -> bool:
    """Whether `name` may be a nick."""
    return len(name) <= max_chars and _NICK.fullmatch(name) is not None


def unfit_in(name: str) -> str:
    """The first character of a name that can stand in no nick; empty if all can."""
    found = _NOT_IN_A_NICK.search(name)
    return found[0] if found else ""


def is_guest(nick: str) -> bool:
    """Whether it is a name such as the server gives to whoever has none."""
    return _GUEST.fullmatch(fold(nick)) is not None


def word_of(name: str) -> str:
    """A name for people as one word, such as stands for the server in an IRC line."""
    return _NOT_IN_A_WORD.sub("-", name)


def is_room(name: str, max_bytes: int) -> bool:
    """Whether `name` may be a room: `#` and then what can be seen, without space or comma."""
    if not 2 <= len(name) <= max_bytes or name[0] != "#":
        return False
    if len(name.encode("utf-8", "replace")) > max_bytes:
        return False
    if name.isascii():
        return name.isprintable() and " " not in name and "," not in name
    return name.isprintable() and BLANKS.isdisjoint(name) and "," not in name and _is_honest(name)


def _is_honest(name: str) -> bool:
    """Whether every mark has a letter to stand on, and the letters are of one script."""
    before = ""
    scripts = set()
    for char in name:
        category = unicodedata.category(char)
        if category in ("Mn", "Me") and before[:1] not in ("L", "M", "N"):
            return False
        if category[0] == "L":
            scripts.add(unicodedata.name(char, "").partition(" ")[0])
        before = category
    return len(scripts & _ALIKE) <= 1
