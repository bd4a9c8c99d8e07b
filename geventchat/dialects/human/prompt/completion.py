"""What Tab makes of a word that has been begun."""

from __future__ import annotations

from collections.abc import Iterable

from geventchat.chat.names import composed
from geventchat.chat.text import clean_for_terminal

SHOWN_MAX = 40


def matching(word: str, candidates: Iterable[str]) -> list[str]:
    """The candidates that begin with `word`, large and small letters being the same."""
    begun = _key(composed(word))
    named = (clean_for_terminal(name) for name in candidates)
    return [name for name in dict.fromkeys(named) if _key(name).startswith(begun)]


def common(names: list[str]) -> str:
    """With what all names begin, spelt as the first has it."""
    keys = sorted(map(_key, names))
    same = 0
    for one, other in zip(keys[0], keys[-1], strict=False):
        if one != other:
            break
        same += 1
    return names[0][:same]


def is_longer(name: str, word: str) -> bool:
    """Whether `name` takes the word farther, its accents standing on its letters."""
    return len(name) > len(composed(word))


def finished(name: str, first: bool) -> str:
    """The only name it can be, with what comes behind it: `bob: ` speaks to bob."""
    return f"{name}: " if first and name[:1] not in "/#&" else f"{name} "


def listing(names: list[str]) -> str:
    """One line with the names there are to choose from."""
    more = f"  … {len(names) - SHOWN_MAX:,} more" if len(names) > SHOWN_MAX else ""
    return "  ".join(names[:SHOWN_MAX]) + more


def _key(name: str) -> str:
    # A few letters grow when they are made small; places must stay what they are.
    small = name.lower()
    return small if len(small) == len(name) else name
