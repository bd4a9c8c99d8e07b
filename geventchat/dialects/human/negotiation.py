"""Which of telnet's options hold, and how two sides come to agree on that without a loop.

The method is RFC 1143's: what answers our own request is not answered again, a change of
mind waits for the answer to what was asked before, and nothing is said that changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

IAC, DONT, DO, WONT, WILL = 255, 254, 253, 252, 251


class Side(NamedTuple):
    """Who is to do what an option says: what we say of it, and what the other side says."""

    ours_yes: int
    ours_no: int
    theirs_yes: int


THEIRS = Side(DO, DONT, WILL)
OURS = Side(WILL, WONT, DO)


class Standing(Enum):
    """How one option of one side stands; the names are those of RFC 1143, section 7."""

    NO = 0
    YES = 1
    WANTNO = 2
    WANTNO_OPPOSITE = 3
    WANTYES = 4
    WANTYES_OPPOSITE = 5


class _Move(Enum):
    HEARD_YES = 0
    HEARD_NO = 1
    WANT_YES = 2
    WANT_NO = 3


_S, _M = Standing, _Move
# What an option stands at after a move, and what we say: yes, no, or (None) nothing.
# What is not here changes nothing. A request of theirs at NO is `Options.heard`'s to grant.
_MOVES: dict[tuple[Standing, _Move], tuple[Standing, bool | None]] = {
    (_S.NO, _M.HEARD_YES): (_S.YES, True),
    (_S.WANTNO, _M.HEARD_YES): (_S.NO, None),  # An error of theirs; we asked for no.
    (_S.WANTNO_OPPOSITE, _M.HEARD_YES): (_S.YES, None),
    (_S.WANTYES, _M.HEARD_YES): (_S.YES, None),
    (_S.WANTYES_OPPOSITE, _M.HEARD_YES): (_S.WANTNO, False),
    (_S.YES, _M.HEARD_NO): (_S.NO, False),
    (_S.WANTNO, _M.HEARD_NO): (_S.NO, None),
    (_S.WANTNO_OPPOSITE, _M.HEARD_NO): (_S.WANTYES, True),
    (_S.WANTYES, _M.HEARD_NO): (_S.NO, None),
    (_S.WANTYES_OPPOSITE, _M.HEARD_NO): (_S.NO, None),
    (_S.NO, _M.WANT_YES): (_S.WANTYES, True),
    (_S.WANTNO, _M.WANT_YES): (_S.WANTNO_OPPOSITE, None),
    (_S.WANTYES_OPPOSITE, _M.WANT_YES): (_S.WANTYES, None),
    (_S.YES, _M.WANT_NO): (_S.WANTNO, False),
    (_S.WANTNO_OPPOSITE, _M.WANT_NO): (_S.WANTNO, None),
    (_S.WANTYES, _M.WANT_NO): (_S.WANTYES_OPPOSITE, None),
}
_WAITING = frozenset({_S.WANTNO, _S.WANTNO_OPPOSITE, _S.WANTYES, _S.WANTYES_OPPOSITE})


class Options:
    """How all options of a connection stand. A value; whoever agreed on the same shares it.

    `_standings` holds what does not stand at NO.
    """

    __slots__ = ("_standings",)

    def __init__(self, standings: frozenset[tuple[Side, int, Standing]] = frozenset()) -> None:
        self._standings = standings

    def of(self, side: Side, option: int) -> Standing:
        """How an option stands."""
        for known, number, standing in self._standings:
            if number == option and known is side:
                return standing
        return Standing.NO

    def awaits(self, side: Side, option: int) -> bool:
        """Whether an answer to what we asked is still due."""
        return self.of(side, option) in _WAITING

    def want(self, side: Side, option: int, on: bool = True) -> tuple[Options, bytes]:
        """Ask for an option to be on, or off; how things stand then, and what to send."""
        return self._move(side, option, _Move.WANT_YES if on else _Move.WANT_NO)

    def heard(self, verb: int, option: int, granted: Collection[int]) -> tuple[Options, bytes]:
        """Take WILL, WONT, DO or DONT; how things stand then, and what to send.

        Of what the other side asks for by itself, only what is `granted` is agreed to.
        """
        side = THEIRS if verb in (WILL, WONT) else OURS
        if verb != side.theirs_yes:
            return self._move(side, option, _Move.HEARD_NO)
        if option not in granted and self.of(side, option) is Standing.NO:
            return self, bytes((IAC, side.ours_no, option))
        return self._move(side, option, _Move.HEARD_YES)

    def _move(self, side: Side, option: int, move: _Move) -> tuple[Options, bytes]:
        standing = self.of(side, option)
        after, say = _MOVES.get((standing, move), (standing, None))
        changed = self if after is standing else _changed(self._standings, side, option, after)
        if say is None:
            return changed, b""
        return changed, bytes((IAC, side.ours_yes if say else side.ours_no, option))


# Few ways of agreeing are met in practice; a silent connection holds no copy of its own.
@lru_cache(maxsize=256)
def _changed(
    standings: frozenset[tuple[Side, int, Standing]], side: Side, option: int, after: Standing
) -> Options:
    others = frozenset(row for row in standings if row[:2] != (side, option))
    return Options(others if after is Standing.NO else others | {(side, option, after)})


NOTHING_AGREED = Options()
