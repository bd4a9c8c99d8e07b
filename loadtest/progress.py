"""How far the run is: a bar on a terminal, a line now and then in a log."""

import sys
import time
from shutil import get_terminal_size
from types import TracebackType
from typing import Self

from tqdm import tqdm

PLAIN_EVERY_S = 5.0
BAR = "{desc:<10} {percentage:3.0f}%|{bar}| {n:.0f} of {total:.0f} s{postfix}"


class ProgressLine:
    """Written to stderr: stdout is for the report alone."""

    def __init__(self, duration_s: float) -> None:
        self._duration_s = duration_s
        columns, rows = get_terminal_size()  # a guess where the terminal says 0, as in containers
        self._bar = (
            tqdm(
                total=duration_s,
                bar_format=BAR,
                file=sys.stderr,
                leave=False,
                ncols=columns,
                nrows=rows,
            )
            if sys.stderr.isatty()
            else None
        )
        self._next_plain_s = time.monotonic() + PLAIN_EVERY_S

    def phase(self, name: str) -> None:
        if self._bar is not None:
            self._bar.set_description_str(name)
        else:
            print(f"{name} ...", file=sys.stderr)

    def update(self, elapsed_s: float, sent: int, heard: int) -> None:
        counts = f"{sent:,} sent, {heard:,} heard"
        if self._bar is not None:
            self._bar.n = min(max(0.0, elapsed_s), self._duration_s)
            self._bar.set_postfix_str(counts)
        elif time.monotonic() >= self._next_plain_s:
            self._next_plain_s += PLAIN_EVERY_S
            print(f"{elapsed_s:.0f} of {self._duration_s:.0f} s: {counts}", file=sys.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()
