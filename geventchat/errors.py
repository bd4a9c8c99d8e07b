"""One tree of errors: a class for each reaction of the caller.

* `ConfigError`, `StartError`: tell the operator, exit with the class's code.
* `StoreError`: refuse what could not be saved to its authors, go on serving.
* `Refused`: tell the one who asked, go on; it carries a `Reason`, never text,
  so that every dialect words it in its own way.

`CloseReason` names why a connection ended; each is counted and logged.
"""

from __future__ import annotations

from enum import Enum
from typing import Any


class GeventchatError(Exception):
    """Root of every error this project raises on purpose."""

    exit_code = 1


class ConfigError(GeventchatError):
    """A setting is unknown or has a value it must not have. Exit code 2, as for usage errors."""

    exit_code = 2


class StartError(GeventchatError):
    """The server cannot start: port in use, database unusable. Exit code 1."""


class NotDone(GeventchatError):
    """What was ordered on the command line was refused, or nobody has answered. Exit code 1."""


class StoreError(GeventchatError):
    """The journal could not save a batch; nothing of it was saved. The text is for users."""


class JournalTaken(StoreError):
    """Another server writes this journal now: this one can never save anything again."""


class Reason(Enum):
    """Why a command was refused. The values are IRC-like words for logs and metrics."""

    BAD_NICK = "bad-nick"
    BAD_REALNAME = "bad-realname"
    NICK_IN_USE = "nick-in-use"
    NAME_KEPT = "name-kept"
    NAME_RESERVED = "name-reserved"
    NICK_REGISTERED = "nick-registered"
    ACCOUNT_EXISTS = "account-exists"
    NO_SUCH_ACCOUNT = "no-such-account"
    LOGGED_IN = "logged-in"
    NOT_LOGGED_IN = "not-logged-in"
    NOT_OWNED = "room-not-owned"
    NOT_OWNER = "not-owner"
    ROOM_OWNER = "target-owns-room"
    BAD_METADATA = "bad-metadata"
    BAD_ROOM_NAME = "bad-room-name"
    NO_SUCH_ROOM = "no-such-room"
    NO_SUCH_NICK = "no-such-nick"
    NOT_IN_ROOM = "not-in-room"
    ALREADY_IN_ROOM = "already-in-room"
    TOO_MANY_ROOMS = "too-many-rooms"
    NO_MORE_ROOMS = "server-full-of-rooms"
    OWNS_TOO_MANY = "target-owns-too-many-rooms"
    NOT_IN_THAT_ROOM = "target-not-in-room"
    ALREADY_IN_THAT_ROOM = "target-in-room"
    NOT_OPERATOR = "not-operator"
    BANNED = "banned"
    INVITE_ONLY = "invite-only"
    BAD_KEY = "bad-key"
    ROOM_FULL = "room-full"
    MAY_NOT_SPEAK = "may-not-speak"
    TAKES_NO_CTCP = "takes-no-ctcp"
    LIST_FULL = "list-full"
    UNKNOWN_MODE = "unknown-mode"
    BAD_MASK = "bad-mask"
    BAD_KEY_FORM = "bad-key-form"
    BAD_LIMIT = "bad-limit"
    UNCHANGED = "unchanged"
    MAY_NOT_REDACT = "may-not-redact"
    NOT_PRIVILEGED = "not-privileged"
    REGISTRATION_CLOSED = "registration-closed"
    TOO_OFTEN = "too-often"
    PASSWORD_TOO_SHORT = "password-too-short"
    PASSWORD_TOO_LONG = "password-too-long"
    BAD_PASSWORD = "bad-password"
    NOTHING_TO_SAY = "nothing-to-say"
    TOPIC_TOO_LONG = "topic-too-long"
    TOO_MANY_DEVICES = "too-many-devices"
    SESSION_GONE = "session-gone"
    OTHER_DEVICES = "other-devices"
    NOT_SAVED = "not-saved"
    GONE = "gone"


class Refused(GeventchatError):
    """A command or an event the rules do not allow. `facts` fill the dialect's wording."""

    def __init__(self, reason: Reason, **facts: Any) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.facts = facts


class CloseReason(Enum):
    """Why a connection ended."""

    QUIT = "quit"
    KILLED = "killed"
    WRONG_PASSWORD = "wrong password"
    NOT_ADMITTED = "could not be let in"
    NOT_REGISTERED = "registration timed out"
    EOF = "closed by the client"
    RESET = "connection lost"
    LINE_TOO_LONG = "line without an end"
    STALLED = "read nothing for too long"
    HTTP = "spoke HTTP"
    FOREIGN = "spoke another protocol"
    UNFINISHED = "first line not finished"
    SERVER_FULL = "server full"
    MADE_PLACE = "silent on a full server"
    DRAIN = "server is shutting down"
    CRASH = "internal error"
