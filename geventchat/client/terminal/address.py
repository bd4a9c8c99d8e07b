"""HOST:PORT, as people write it."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import NamedTuple

from geventchat.client.terminal.errors import UsageError

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8080
_FORM = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^\s:\[\]/@]*))(?::(?P<port>[0-9]{1,5}))?")


class Address(NamedTuple):
    """Where a server is."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_here(self) -> bool:
        """Whether it is this machine, where nobody listens in on the way."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


def parse_address(text: str) -> Address:
    """Read `host`, `host:port`, `:port`, `[::1]:port` or `::1`. Raises UsageError."""
    if _is_six(text):
        return Address(text, DEFAULT_PORT)
    found = _FORM.fullmatch(text)
    port = int(found["port"] or DEFAULT_PORT) if found else 0
    if found is None or not 1 <= port <= 65535 or (found["six"] and not _is_six(found["six"])):
        raise UsageError(f"{text!r} is not HOST:PORT, such as chat.example:8080")
    return Address(found["six"] or found["host"] or DEFAULT_HOST, port)


def _is_six(text: str) -> bool:
    """Whether it is an IPv6 address, which has colons of its own."""
    try:
        return bool(IPv6Address(text))
    except ValueError:
        return False
