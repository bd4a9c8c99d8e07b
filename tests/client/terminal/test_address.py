"""HOST:PORT in every form people write."""

from __future__ import annotations

import pytest

from geventchat.client.terminal.address import parse_address
from geventchat.client.terminal.errors import UsageError


@pytest.mark.parametrize(
    ("text", "host", "port", "shown"),
    [
        ("", "127.0.0.1", 8080, "127.0.0.1:8080"),
        (":7000", "127.0.0.1", 7000, "127.0.0.1:7000"),
        ("chat.example", "chat.example", 8080, "chat.example:8080"),
        ("chat.example:1", "chat.example", 1, "chat.example:1"),
        ("[::1]:7000", "::1", 7000, "[::1]:7000"),
        ("[2001:db8::1]", "2001:db8::1", 8080, "[2001:db8::1]:8080"),
        ("::1", "::1", 8080, "[::1]:8080"),
    ],
)
def test_addresses(text: str, host: str, port: int, shown: str) -> None:
    address = parse_address(text)
    assert (address.host, address.port, str(address)) == (host, port, shown)


@pytest.mark.parametrize(
    "text",
    ["a:b", "a:0", "a:65536", "a:b:c:9", "[::1", "[x]:1", "http://a", "a b:1", "me@a:1", "a:1:"],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="not HOST:PORT"):
        parse_address(text)


def test_what_is_on_this_machine() -> None:
    here = [
        one for one in ("localhost", "127.9.9.9", "::1", "10.0.0.1") if parse_address(one).is_here
    ]
    assert here == ["localhost", "127.9.9.9", "::1"]
