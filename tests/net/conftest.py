"""What tests of connections share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.net.chat_server import ChatServer, serving


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with serving() as made:
        yield made
