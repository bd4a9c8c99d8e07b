"""What can end `geventchat connect`: one class for each exit code."""

from __future__ import annotations


class ConnectError(Exception):
    """Root of them. The text is for the one who ran the command."""

    exit_code = 1


class NotTaken(ConnectError):
    """A line, a nick or a room was refused. Exit code 1."""


class UsageError(ConnectError):
    """The command cannot be carried out as it was given: a bad address, a file that is not
    there, prompt_toolkit missing. Exit code 2."""

    exit_code = 2


class Unreachable(ConnectError):
    """No connection, or not to a chat server one can talk to. Exit code 3."""

    exit_code = 3


class Untrusted(Unreachable):
    """Encryption was tried and failed: never a reason to go on without."""


class NotEncrypted(Unreachable):
    """The other end does not speak TLS; without it there may be a chat server."""


class NotLetIn(Unreachable):
    """A chat server that does not want us: wrong password, banned, full. Exit code 3."""


class ConnectionLost(ConnectError):
    """The connection ended after it had worked. Exit code 4."""

    exit_code = 4


class WrongPassword(NotLetIn):
    """The server wants a password; none was given, or not that one."""
