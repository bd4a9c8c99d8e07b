"""Whether a line that is about to be said tells a password that was meant for the server.

The slash forgotten or doubled, another chat's word for it, a services bot there is none of:
asked by every dialect before it hands on what is said in a room or to somebody, so that a
slip of the fingers is told to nobody but its author. What begins with other words is said:
whoever explains how to log in must be able to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Disclosure(NamedTuple):
    """A password in a line: the command it was for, and where the command's words begin."""

    command: str
    start: int


# Services of other networks. Whoever bears such a name here is not one.
SERVICES = frozenset({"nickserv", "ns", "nickserver", "authserv", "userserv", "accountserv"})

# What people and their clients' scripts type -> what it is called here.
_COMMANDS = {
    "oper": "oper",
    "owner": "owner",
    "login": "login",
    "logon": "login",
    "auth": "login",
    "identify": "login",
    "id": "login",
    "ghost": "login",
    "recover": "login",
    "regain": "login",
    "register": "register",
    "passwd": "passwd",
    "password": "passwd",
    "setpass": "passwd",
    "set": "passwd",
}
# Only said to services, or behind a slash of their own, do these mean anything here.
_OF_SERVICES = frozenset({"auth", "id", "ghost", "recover", "regain", "set", "setpass", "owner"})
_TO_SOMEBODY = frozenset({"msg", "m", "q", "query", "tell", "pm", "privmsg", "notice", "quote"})
# Most lines begin with none of these: a third of the time that the whole pattern takes.
_FIRST = frozenset({*_COMMANDS, *SERVICES, *_TO_SOMEBODY})
_FIRST_WORD = re.compile(r"[^\w/]*+/*+\s*+(\w++)")


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_LINE = re.compile(
    # Signs, slashes; whom it was for; the word; what is behind it. A comment in a program has
    # a space behind its slashes.
    r"[^\w/]*+(?P<slashes>/++(?!/|\s)|/\s++)?+"
    rf"(?P<to>(?:(?:{_one_of(_TO_SOMEBODY)})[\s:]++)?(?:{_one_of(SERVICES)})(?:@\S*+)?[\s:]++)?"
    rf"(?P<word>{_one_of(_COMMANDS)})[\s/:]++(?P<given>\S.*+)",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN = re.compile(r"[\s/]+")
# A sign or a digit among letters; what ends a sentence is none.
_LOOKS_SECRET = re.compile(r"(?=.*[^\W\d_])(?=.*[\d\W_])\S{5,}|\d{8,}")


def discloses(text: str, private: bool = False) -> Disclosure | None:
    """The password that a line tells, in all likelihood; `private` is what is for one person."""
    plain = text.partition(" ")[0]
    if plain.isalpha() and plain.lower() not in _FIRST:
        return None  # Nearly every line, in a third of the time.
    first = _FIRST_WORD.match(text)
    if first is None or first[1].lower() not in _FIRST:
        return None
    line = _LINE.match(text)
    if line is None:
        return None
    word = line["word"].lower()
    given = _BETWEEN.split(line["given"].strip()) if word == "oper" else line["given"].split()
    if line["to"] or (line["slashes"] and word not in ("oper", "set", "id")):
        tells = True
    elif word in _OF_SERVICES:
        tells = False
    else:
        tells = _tells(word, given, private)
    return Disclosure(_COMMANDS[word], line.start("given")) if tells else None


def _tells(word: str, given: list[str], private: bool) -> bool:
    """Whether words without a slash are a command: people do say "oper" and "login"."""
    if len(given) == 2 and word not in ("register", "password"):
        return True  # A name and a password, or the old one and the new.
    if private and word == "identify" and len(given) == 1:
        return True
    if word == "oper" or len(given) > 2:
        return False
    return any(_LOOKS_SECRET.fullmatch(one.rstrip(".,:;!?)")) for one in given)
