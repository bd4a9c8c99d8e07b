"""Which characters may travel from one person's keyboard to another's screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

# Needed inside emoji and in several scripts; everything else of category Cf
# (bidi overrides, tags, zero-width spaces) only hides or reorders text.
_JOINERS = frozenset("\u200c\u200d")
# What looks like nothing although it is printable: spaces, fillers, and what Unicode says
# is to be ignored where it means nothing (DerivedCoreProperties, Default_Ignorable_Code_Point).
# In text they may stand, as the selectors of emoji do; they alone are no text, and in no name.
BLANKS = frozenset(
    " \u00a0\u3000\u2800\U0001d159\ufeff\u200c\u200d"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
_BLANKS = "".join(sorted(BLANKS))
# Where Unicode puts new emoji and Chinese characters: this Python may not know them yet.
_GROWING = (range(0x1F000, 0x1FC00), range(0x20000, 0x3FFFE))

# What IRC clients understand as bold, colour, hex colour, reset, monospace,
# reverse, italic, strike-through and underline, and the frame of CTCP.
_FORMATTING = frozenset("\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f")
_FRAME = "\x01"
# Code that is pasted keeps its indentation, and 80 columns hold more of it than by eights.
TAB_COLUMNS = 4
# Colours are numbers behind their code; they must go with it.
_COLOURED = re.compile(
    r"\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
)


def clean_for_storage(text: str) -> str:
    """Return `text` as it may be stored: printable, but with IRC's formatting codes kept.

    Whoever shows it on a terminal must still take those out with `clean_for_terminal`.
    """
    if text.isprintable():
        return text
    return "".join(c if c in _FORMATTING or c in "\t" + _FRAME else _shown(c) for c in text)


def clean_for_terminal(text: str) -> str:
    """Return `text` without anything a terminal could take for a command.

    Removes C0 and C1 controls, DEL, bidi and other invisible format characters;
    tabs become spaces, Unicode line or paragraph separators one; lone
    surrogates, private and unassigned characters U+FFFD. Line breaks go too: a
    line is one line everywhere.
    """
    if text.isprintable():  # Most lines are; this costs a tenth of the loop below.
        return text
    return "".join(map(_shown, without_tabs(_COLOURED.sub("", text))))


def without_tabs(text: str) -> str:
    """`text` with spaces up to the next multiple of `TAB_COLUMNS` for its tabs."""
    return text.expandtabs(TAB_COLUMNS) if "\t" in text else text


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zl", "Zp"):
        return " "
    if category in ("Cs", "Co") or (category == "Cn" and not _may_be_new(char)):
        return "\ufffd"
    if category == "Cc" or (category == "Cf" and char not in _JOINERS):
        return ""
    return char


def lines_in(text: str, joined: Collection[int] = ()) -> list[str]:
    """The lines of a text, blank ones too; those whose places are `joined` go on the one before."""
    if "\n" not in text:
        return [text]
    lines: list[str] = []
    for nth, line in enumerate(text.split("\n")):
        if nth in joined and lines:
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def _may_be_new(char: str) -> bool:
    return any(ord(char) in growing for growing in _GROWING)


def decoded(raw: bytes) -> str:
    """Decode one line as UTF-8 or, when nothing in it is, as what old terminals send.

    Where some of it is UTF-8, a letter was damaged on its way and becomes U+FFFD; the
    others stay what they are. Windows-1252 is Latin-1 with its unused C1 range filled
    in; the five bytes it leaves undefined become U+FFFD.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        if raw.decode(errors="ignore").isascii():
            return raw.decode("cp1252", "replace")
        return raw.decode(errors="replace")


def truncate(text: str, max_bytes: int) -> str:
    """Return the longest beginning of `text` whose UTF-8 form fits in `max_bytes`."""
    raw = text.encode()
    return text if len(raw) <= max_bytes else raw[:max_bytes].decode(errors="ignore")


def is_blank(text: str) -> bool:
    """Whether nothing of `text` can be seen."""
    return not (text.strip(" ") if text.isascii() else text.strip(_BLANKS))
