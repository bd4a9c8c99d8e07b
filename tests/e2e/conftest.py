"""What tests of whole programs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.e2e.teletype import Teletype
from tests.terminal import installed

Open = Callable[..., Teletype]


@pytest.fixture
def terminal() -> Iterator[Open]:
    """terminal(program, *arguments): that program in a new terminal."""
    with ExitStack() as opened:
        yield lambda program, *arguments: opened.enter_context(
            Teletype(installed(program), *arguments)
        )
