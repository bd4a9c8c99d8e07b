"""What can go wrong: as many exception classes as there are reactions to them."""

from enum import StrEnum


class ErrorKind(StrEnum):
    """Every way in which a client fails; the report counts them by these names."""

    REFUSED = "refused"  # nobody listens, or not any more
    RESET = "reset"  # the connection broke
    TIMEOUT = "timeout"  # no answer in time
    CLOSED = "closed"  # the server hung up
    UNREACHABLE = "unreachable"  # no route, no such name, no descriptors left
    SERVER_FULL = "server-full"
    NOT_JOINED = "not-joined"  # the room would not have us
    MISMATCH = "mismatch"  # an answer or a line that differs from what was sent
    STRAY = "stray"  # a line that this client should never have been sent
    SLOW_DOWN = "slow-down"  # the server's rate limit refused a line
    TOO_LONG = "too-long"
    NOT_SAVED = "not-saved"  # the server could not store a line, and said so
    UNEXPECTED_REPLY = "unexpected-reply"
    CRASHED = "crashed"  # a process or thread of the generator itself


class UsageError(Exception):
    """The run cannot start; the message says what to do. Exit code 2."""


class ClientFailure(Exception):
    """One client is out; it is counted and the others go on."""

    def __init__(self, kind: ErrorKind) -> None:
        super().__init__(kind.value)
        self.kind = kind
