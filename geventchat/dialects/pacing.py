"""Drives a dialect no faster than the session's rates allow.

Whoever is exempt has a plain `Driver` and pays nothing for this. No dialect knows of
it: bytes are handed on up to the end of so many lines as there are tokens for, and
whatever was dear is paid for before the next request.

MUST: carry out nothing for a client that has gone while it was waited for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from geventchat.chat.rates import Kind, Rates
from geventchat.chat.sessions import Session
from geventchat.dialects import base
from geventchat.dialects.driver import Driver
from geventchat.dialects.ports import Line, Services
from geventchat.dialects.questions import Search

_LINE_END = re.compile(rb"\r[\n\0]?|\n")


class PacedDriver(Driver):
    """A `Driver` for a session to which the rates apply; `clock` gives seconds."""

    __slots__ = ("_clock", "_rates")

    def __init__(
        self,
        services: Services,
        line: Line,
        dialect: base.Dialect,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(services, line, dialect)
        self._clock = clock
        self._rates: Rates | None = None

    def received(self, data: bytes) -> base.HangUp | None:
        rates = self._rates or self._begin()
        ends = [found.end() for found in _LINE_END.finditer(data)]
        start = 0
        while ends:
            kind = Kind.LINES if self.arrived else Kind.NEWCOMERS_LINES
            rates.warned = rates.warned and not rates.is_full(kind)
            count = rates.at_hand(kind)
            if not count:
                self._wait(rates, rates.wait_s(kind))
                reason = self._line.go_on()
                if reason is not None:
                    return base.HangUp(reason)
                continue
            taken, ends = ends[:count], ends[count:]
            rates.take(kind, len(taken))
            stop = _without_blanks(data, start, taken) if ends else start
            if stop > start:
                end = super().received(data[start:stop])
                if end is not None:
                    return end
                start = stop
        return super().received(data[start:])

    def _begin(self) -> Rates:
        proposals, session = self._services.proposals, self._dialect.session
        shared = None if session is None else proposals.rates_of(session)
        rates = self._rates = shared or Rates(lambda: proposals.config, self._clock)
        if self._outbox is not None:
            proposals.rates[self._outbox.number] = rates
        return rates

    def _attach(self, to: Session, device: str) -> bool:
        attached = super()._attach(to, device)
        if attached:
            self._begin()  # Several devices share what one may do.
        return attached

    def _perform(self, request: base.Request) -> Any:
        if self._rates is not None and isinstance(request, Search):
            self._rates.take(Kind.SEARCHES)
        answer = super()._perform(request)
        if self._rates is not None and (debt_s := self._rates.debt_s()):
            self._wait(self._rates, debt_s)
        return answer

    def _wait(self, rates: Rates, seconds: float) -> None:
        if not rates.warned:
            rates.warned = True
            self._dialect.slowed()
        self._line.deliver()
        self._line.pause(seconds)

    def _close(self, outbox: Any) -> None:
        self._services.proposals.rates.pop(outbox.number, None)
        super()._close(outbox)


def _without_blanks(data: bytes, start: int, ends: list[int]) -> int:
    """The end of the last line that is not blank: blank ones go with what comes behind them."""
    for begin, end in reversed(list(zip([start, *ends], ends, strict=False))):
        if data[begin:end].strip(b"\r\n\0"):
            return end
    return start
