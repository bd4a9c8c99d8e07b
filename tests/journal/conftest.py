"""What tests of the journal share."""

from __future__ import annotations

from typing import Any

import gevent
import pytest

from tests.journal.desk import HANG_S, Desk


@pytest.fixture
def desks() -> Any:
    """desks(...): a desk whose journal is stopped after the test."""
    made: list[Desk] = []

    def make(**more: Any) -> Desk:
        made.append(Desk(**more))
        return made[-1]

    yield make
    for desk in made:
        desk.disk.fails = ""
        gevent.spawn(desk.journal.stop, HANG_S).get(timeout=HANG_S)
