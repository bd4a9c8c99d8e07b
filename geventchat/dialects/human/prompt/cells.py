"""How many cells of a terminal's screen a text takes, and what of it fits.

What a person sees as one character is a grapheme cluster (UAX #29); it is never cut.
All texts here are printable: `clean_for_terminal` has seen them.
"""

from __future__ import annotations

from collections.abc import Sequence

from wcwidth import grapheme_boundary_before, iter_graphemes, iter_graphemes_reverse, wcswidth

# What looks for a cluster's other end looks no farther: there are lines of nothing but
# combining marks. The longest emoji have a dozen.
_CLUSTER_MAX_CHARS = 64
# So does what fills cells: nobody's row is a thousand marks on one letter.
_CELL_MAX_CHARS = 8


def cells_of(text: str) -> int:
    """How many cells `text` takes."""
    return len(text) if text.isascii() else max(0, wcswidth(text))


def clusters(text: str) -> Sequence[str]:
    """What a person sees as characters."""
    return text if text.isascii() else list(iter_graphemes(text))


def before(text: str, at: int) -> int:
    """Where the cluster begins that ends at `at`."""
    if text.isascii() or at == 0:
        return max(0, at - 1)
    start = max(0, at - _CLUSTER_MAX_CHARS)
    part = text[start:at]
    return start + grapheme_boundary_before(part, len(part))


def after(text: str, at: int) -> int:
    """Where the cluster ends that begins at `at`."""
    if text.isascii() or at == len(text):
        return min(len(text), at + 1)
    return at + len(next(iter_graphemes(text[at : at + _CLUSTER_MAX_CHARS])))


def fitting(text: str, start: int, room: int) -> int:
    """Up to where the clusters from `start` on fit into `room` cells."""
    if room <= 0:
        return start
    if text.isascii():
        return min(len(text), start + room)
    part = text[start : start + room * _CELL_MAX_CHARS]
    if start + len(part) == len(text) and cells_of(part) <= room:
        return len(text)
    for cluster in iter_graphemes(part):
        room -= cells_of(cluster)
        if room < 0:
            break
        start += len(cluster)
    return start


def fitting_before(text: str, end: int, room: int) -> int:
    """From where on the clusters before `end` fit into `room` cells."""
    if room <= 0:
        return end
    if text.isascii():
        return max(0, end - room)
    for cluster in iter_graphemes_reverse(text[max(0, end - room * _CELL_MAX_CHARS) : end]):
        room -= cells_of(cluster)
        if room < 0:
            break
        end -= len(cluster)
    return end
