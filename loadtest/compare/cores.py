"""Which core serves and which makes the load."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Cores(NamedTuple):
    """Core numbers; the same one twice where the machine has only one to give."""

    server: int
    load: int
    # The servers get both, where the question is what they do with more than one.
    shared: bool = False

    @property
    def apart(self) -> bool:
        return self.server != self.load

    @property
    def of_server(self) -> set[int]:
        return {self.server, self.load} if self.shared else {self.server}


def pick() -> Cores:
    """The first two cores this process may use."""
    allowed = sorted(os.sched_getaffinity(0))
    return Cores(allowed[0], allowed[min(1, len(allowed) - 1)])


@contextmanager
def pinned(*cores: int) -> Iterator[None]:
    """Keep this process, and what it starts meanwhile, on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
