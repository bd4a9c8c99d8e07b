"""An account: a name that belongs to somebody, and what is kept under it.

A name is its owner's from the event that registered it: nobody else may bear it
as a nick, on any dialect. Whoever is logged in has the account's name in their
identity; several connections may be on under it at the same time.

Of the password the state knows the id of a credential only: the hash stands in
a table of its own, so that it is in no event, history or snapshot.
"""

from __future__ import annotations

from geventchat.chat.names import fold

# What is kept under a name that begins so is its owner's alone, and told to nobody.
PRIVATE = "."
# How its owner wants to see things: `colour=on tz=Europe/Vienna`.
SETTINGS = ".settings"


class Account:
    """What holds for an account. Changed by `apply` only.

    name        as it was registered
    credential  id of the stored hash of its password; empty: nobody can log in with one
    created_at  milliseconds since 1970
    number      of the event that registered it: what was private under that name before is not
                its owner's to read
    disabled    whether nobody may log in; the name stays taken
    oper        whether who is logged in may become an operator of the server without a password
    metadata    what it tells of itself (IRCv3 draft/metadata), by names; see `PRIVATE`
    rooms       keys of the rooms it owns
    sessions    numbers of the sessions that are logged in to it
    """

    __slots__ = (
        "created_at",
        "credential",
        "disabled",
        "metadata",
        "name",
        "number",
        "oper",
        "rooms",
        "sessions",
    )

    def __init__(self, name: str, credential: str, created_at: int, number: int = 0) -> None:
        self.name = name
        self.credential = credential
        self.created_at = created_at
        self.number = number
        self.disabled = False
        self.oper = False
        self.metadata: dict[str, str] = {}
        self.rooms: dict[str, None] = {}
        self.sessions: dict[int, None] = {}

    @property
    def key(self) -> str:
        """Under which it is found."""
        return fold(self.name)
