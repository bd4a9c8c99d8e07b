"""What tests of whole programs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.terminal import Terminal, installed

Open = Callable[..., Terminal]


@pytest.fixture
def terminal() -> Iterator[Open]:
    """terminal(program, *arguments): that program in a new terminal."""
    opened: list[Terminal] = []

    def start(program: str, *arguments: str) -> Terminal:
        opened.append(Terminal(installed(program), *arguments))
        return opened[-1]

    yield start
    for one in opened:
        one.close()
