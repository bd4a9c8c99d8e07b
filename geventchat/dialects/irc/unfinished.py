"""What an IRC client has begun to tell: who it is, and a message of several lines."""

from __future__ import annotations

import re
from typing import NamedTuple

from geventchat.chat.events import Form
from geventchat.chat.text import clean_for_storage, truncate

_DEVICE_MAX_BYTES = 32
_NAME_AND_DEVICE = re.compile(r"([^/@]*)(?:[/@](.*))?", re.DOTALL)


class Login(NamedTuple):
    """An account's name, and what the device is to be called from which it is used.

    `credential` is the id of the one whose password was known; see `accounts.lapse`.
    """

    account: str = ""
    device: str = ""
    credential: str = ""


NO_LOGIN = Login()


def login_of(name: str) -> Login:
    """`anna/phone` or `anna@phone`: the account, and the device."""
    found = _NAME_AND_DEVICE.fullmatch(name)
    assert found is not None
    return Login(found[1], truncate(clean_for_storage(found[2] or ""), _DEVICE_MAX_BYTES))


class Registration:
    """What a client has told of itself so far.

    admitted   whether it has given the server's password, if there is one
    login      the account whose password it knew
    wanted     the nick it asked for last and could not have
    passwords  what PASS gave, the latest two
    metadata   what it tells of itself
    """

    __slots__ = (
        "admitted",
        "login",
        "metadata",
        "negotiating",
        "nick",
        "passwords",
        "realname",
        "user",
        "wanted",
    )

    def __init__(self) -> None:
        self.admitted = False
        self.login = NO_LOGIN
        self.metadata: dict[str, str] = {}
        self.negotiating = False
        self.nick = ""
        self.wanted = ""
        self.passwords: list[str] = []
        self.user = ""
        self.realname = ""


class Multiline:
    """A message of several lines that is being sent (IRCv3 multiline).

    `label` is what its answer is to carry; `joined` says which lines go on the one before.
    """

    __slots__ = ("form", "joined", "label", "lines", "name", "size", "tags", "target")

    def __init__(self, name: str, target: str, tags: str, label: str) -> None:
        self.name = name
        self.target = target
        self.tags = tags
        self.label = label
        self.form: Form | None = None
        self.lines: list[str] = []
        self.joined: list[int] = []
        self.size = 0
