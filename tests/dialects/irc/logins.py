"""Accounts for the tests of IRC: how a client makes one, and logs in to it."""

from __future__ import annotations

import base64

from tests.harness import Harness, IrcClient

PASSWORD = "correct horse"


def register(harness: Harness, *names: str, password: str = PASSWORD) -> None:
    """Make accounts of those names, of people who have gone again."""
    for name in names:
        client = IrcClient(harness)
        client.come_in()
        client.types(f"NICK {name}", f"REGISTER * * :{password}")
        assert name.lower() in harness.state.accounts
        leave(client)


def leave(client: IrcClient) -> None:
    """Be gone, as when a connection ends."""
    client.types("QUIT")
    assert client.end is not None
    client.driver.finish(client.end)


def plain(name: str, password: str = PASSWORD, acts_as: str = "") -> str:
    """What AUTHENTICATE sends for PLAIN."""
    return base64.b64encode(f"{acts_as}\0{name}\0{password}".encode()).decode()


def authenticate(client: IrcClient, name: str, password: str = PASSWORD) -> list[str]:
    """Log in by SASL; the numerics it is answered with."""
    heard = client.types("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain(name, password)}")
    return numerics(heard[1:])


def numerics(lines: list[str]) -> list[str]:
    """The verbs of lines from the server, behind their tags."""
    return [line.split(" ")[2 if line[:1] == "@" else 1] for line in lines]


class Returned(IrcClient):
    """A client that has logged in; `seen` is what it was told from the welcome on."""

    seen: list[str]


def logged_in(
    harness: Harness, nick: str, *caps: str, account: str = "", password: str = PASSWORD
) -> Returned:
    """A client that came in by SASL, and has read the welcome."""
    client = Returned(harness, "sasl", *caps)
    client.come_in()
    client.types("CAP LS 302", f"CAP REQ :{' '.join(client.caps)}")
    assert authenticate(client, account or nick, password) == ["900", "903"]
    heard = client.types(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}", "CAP END")
    assert "001" in numerics(heard)
    client.seen = heard
    return client
