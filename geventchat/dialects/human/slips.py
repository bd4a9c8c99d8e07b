"""What was meant by a word that is no command: a slip of the fingers, or another chat's word."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

# What other chats call it -> what it is called here.
OTHER_WORDS = {
    "dm": "msg",
    "whisper": "msg",
    "message": "msg",
    "nickname": "nick",
    "username": "nick",
    "users": "who",
    "people": "who",
    "finger": "whois",
    "channels": "rooms",
    "emote": "me",
    "afk": "away",
    "block": "ignore",
    "review": "history",
    "scrollback": "history",
    "focus": "switch",
    "settings": "set",
    "theme": "set",
    "timestamp": "set",
    "identify": "login",
    "logon": "login",
    "signin": "login",
    "signup": "register",
    "password": "passwd",
    "disconnect": "quit",
}


def meant(typed: str, names: Iterable[str]) -> str:
    """The one of these names that was meant, in all likelihood; empty if none was.

    Of names as near as each other, one as long as what was typed, or the first.
    """
    if typed in OTHER_WORDS:
        return OTHER_WORDS[typed]
    most = slips_allowed(typed)
    if not most:
        return ""
    letters = set(typed)
    found = []
    for name in names:
        # Whatever letter the other has not was a slip: tells most apart in 1 instead of 20 µs.
        if abs(len(name) - len(typed)) <= most >= len(letters.difference(name)):
            made = slips(typed, name)
            if made <= most:
                found.append((made, abs(len(name) - len(typed)), name))
    return min(found, key=itemgetter(0, 1), default=(0, 0, ""))[2]


def slips_allowed(typed: str) -> int:
    """How many slips leave a word of that length one that can be told from others."""
    return 0 if len(typed) < 3 else 1 if len(typed) < 5 else 2


def slips(typed: str, name: str) -> int:
    """How many slips lead from a name to what was typed.

    One is a letter too many, a letter left out, a wrong one, or two letters swapped
    ("optimal string alignment", Damerau 1964). A wrong beginning counts twice: who
    misses the first letter mostly meant another word.
    """
    earlier: list[int] = []
    above: list[int] = []
    row: list[int] = [0, *range(2, len(name) + 2)]
    for i, letter in enumerate(typed):
        earlier, above, row = above, row, [i + 2]
        for j, wanted in enumerate(name):
            wrong = 0 if letter == wanted else 1 if i or j else 2
            cost = min(above[j + 1] + 1, row[j] + 1, above[j] + wrong)
            if i and j and letter == name[j - 1] and typed[i - 1] == wanted:
                cost = min(cost, earlier[j - 1] + 1)
            row.append(cost)
    return row[-1]
