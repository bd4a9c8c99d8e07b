"""The words of a text, as they are sought: the same rule for what was said and what is asked for.

A text is a row of *units*. A unit is a word; or one character of a script that puts no spaces
between words (Chinese, Japanese, Korean with its endings, Thai, Lao, Khmer, Burmese); or one
symbol, as emoji are. Neither case nor the accents of Latin, Greek and Cyrillic letters count.
What is asked for is found where its units stand together, so Chinese words are found without
any knowledge of Chinese.

An index keeps *terms*: the units, and each two neighbours of scripts without spaces as one, since
single characters of those are in every other line. Whatever has the units has the terms; what an
index returns is looked at again, by its text.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

# So much of a message is looked at. Normalizing 100,000 marks on one letter takes seconds,
# 4,000 of them 10 ms.
_CHARS_MAX = 4096
# Two words that agree so far are one.
_UNIT_CHARS = 40

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SYMBOLS = "\u2190-\u2bff\U0001f000-\U0001fbff"
_ASCII_WORDS = re.compile("[a-z0-9]+")
_UNITS = re.compile(rf"[{_UNSPACED}{_SYMBOLS}]|[^\W_{_UNSPACED}{_SYMBOLS}]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_UNSPACED_CHAR = re.compile(f"[{_UNSPACED}]")
# What IRC clients take for colours and the like; a colour's number is no word.
_FORMATTING = re.compile(
    r"\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
    r"|[\x00-\x08\x0b-\x1f\x7f]"
)

Phrase = tuple[str, ...]


def units_of(text: str) -> list[str]:
    """The units of a text, in order."""
    text = text[:_CHARS_MAX]
    if not text.isprintable():
        text = _FORMATTING.sub("", text)
    if text.isascii():
        units: list[str] = _ASCII_WORDS.findall(text.lower())
    else:
        units = _UNITS.findall(_folded(text))
    if len(text) > _UNIT_CHARS:
        return [unit[:_UNIT_CHARS] for unit in units]
    return units


def _folded(text: str) -> str:
    # Accents that stand alone go first: putting many of them in order takes long.
    text = unicodedata.normalize("NFKD", _ACCENTS.sub("", text).casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", text).casefold())


def terms_of(text: str) -> set[str]:
    """What an index keeps of a text."""
    units = units_of(text)
    terms = set(units)
    if not text.isascii() and _UNSPACED_CHAR.search(text):
        terms.update(one + two for one, two in pairwise(units) if _unspaced(one, two))
    return terms


def terms_in(phrases: tuple[Phrase, ...]) -> set[str]:
    """The fewest terms that every text with these phrases has."""
    terms: set[str] = set()
    for phrase in phrases:
        pairs = [(one, two) for one, two in pairwise(phrase) if _unspaced(one, two)]
        terms.update(one + two for one, two in pairs)
        terms.update(set(phrase).difference(*pairs))
    return terms


def _unspaced(one: str, two: str) -> bool:
    return bool(_UNSPACED_CHAR.match(one) and _UNSPACED_CHAR.match(two))


def phrases_in(asked: str) -> tuple[Phrase, ...]:
    """What is asked for, as what must stand together: each word, and what is in quotes."""
    parts = asked.split('"')
    pieces = [piece for nth, part in enumerate(parts) for piece in _pieces(part, nth % 2 == 1)]
    return tuple(dict.fromkeys(phrase for piece in pieces if (phrase := tuple(units_of(piece)))))


def _pieces(part: str, quoted: bool) -> list[str]:
    return [part] if quoted else part.split()


class Matcher:
    """Tells whether a text has all the phrases."""

    __slots__ = ("_ascii", "_long", "_short", "_singles")

    def __init__(self, phrases: tuple[Phrase, ...]) -> None:
        self._singles = {unit for phrase in phrases for unit in phrase}
        self._long = [phrase for phrase in phrases if len(phrase) > 1]
        self._ascii = all(map(str.isascii, self._singles))
        self._short = min(map(len, self._singles), default=0)

    def __call__(self, text: str) -> bool:
        if len(text) < self._short:
            return False
        if text.isascii() and text.isprintable():
            # Nearly all texts are done with here.
            if not self._ascii:
                return False
            lowered = text.lower()
            for unit in self._singles:
                if unit not in lowered:
                    return False
        units = units_of(text)
        if not self._singles <= set(units):
            return False
        return all(_stands_in(units, phrase) for phrase in self._long)


def _stands_in(units: list[str], phrase: Phrase) -> bool:
    first, size = phrase[0], len(phrase)
    place = -1
    try:
        while True:
            place = units.index(first, place + 1)
            if tuple(units[place : place + size]) == phrase:
                return True
    except ValueError:
        return False
