"""What somebody typed, in the one form in which it may stand in an event.

Every dialect's commands come through here, so none can propose a room name in a
spelling of its own, a mask that means nobody, a key no client could send, or
text that a terminal would obey. What is malformed, too long or too much is
refused here, by the settings as they are now; what conflicts with somebody
else's doing is refused by `rights`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from geventchat.chat import keys, masks, modes, rights
from geventchat.chat.accounts import Account
from geventchat.chat.events import Change, Identity
from geventchat.chat.names import (
    REALNAME_MAX_BYTES,
    composed,
    fold,
    is_guest,
    is_nick,
    is_room,
    word_of,
)
from geventchat.chat.rooms import Room
from geventchat.chat.sessions import Session
from geventchat.chat.state import ChatState
from geventchat.chat.text import clean_for_storage, clean_for_terminal, is_blank, truncate
from geventchat.config import Config
from geventchat.errors import Reason, Refused

_LIMIT_MAX_DIGITS = 9
# Names of metadata, as IRCv3 draft/metadata has them, but for those that are private.
_METADATA_NAME = re.compile(r"[a-z0-9_/-][a-z0-9_./-]{0,63}", re.ASCII)
# So that both fit into a line of IRC, with the longest names of a room and of the server.
_METADATA_MAX_BYTES = 335
DEVICE_MAX_BYTES = 32


class Canon:
    """Puts words into their canonical form; every method raises `Refused` where there is none.

    `config` is replaced when the settings are read again.
    """

    def __init__(self, state: ChatState, config: Config) -> None:
        self.state = state
        self.config = config

    def line(self, text: str) -> str:
        """A line (or several, with line feeds) as it may be stored, if anything can be seen."""
        shown = text
        if not text.isprintable():  # Most lines are, and one look at them is enough.
            text = "\n".join(map(clean_for_storage, text.split("\n")))
            shown = clean_for_terminal(text)
        if is_blank(shown):
            raise Refused(Reason.NOTHING_TO_SAY)
        return text

    def reason(self, text: str) -> str:
        """Why somebody leaves, is away or is kicked; cut to its limit."""
        return truncate(clean_for_storage(text), self.config.reason_max_bytes)

    def reason_heard(self, text: str, by: Session, room: Room | None = None) -> str:
        """As `reason`, of what a room hears (or all one is in): nothing of who is hushed there.

        Who may not speak somewhere must not speak there by being away or by leaving.
        """
        if room is None:
            silent = rights.hushed_in(self.state, by) is not None
        else:
            membership = room.members.get(by.number)
            silent = membership is not None and rights.hushed(room, membership)
        return "" if silent else self.reason(text)

    def topic(self, room: str, text: str) -> str:
        text = clean_for_storage(text)
        if len(text.encode()) > self.config.topic_max_bytes:
            raise Refused(Reason.TOPIC_TOO_LONG, room=room, limit=self.config.topic_max_bytes)
        return text

    def device(self, label: str, via: str) -> str:
        """What a connection is called that came through that door, if it does not say."""
        return truncate(clean_for_storage(label), DEVICE_MAX_BYTES) or via

    def realname(self, text: str) -> str:
        text = clean_for_storage(text)
        if not text or len(text.encode()) > REALNAME_MAX_BYTES:
            raise Refused(Reason.BAD_REALNAME, limit=REALNAME_MAX_BYTES)
        return text

    def nick(self, nick: str, held: str = "") -> str:
        """A nick somebody wants to have, who is called `held` so far."""
        config = self.config
        if not is_nick(nick, config.nick_max_chars):
            raise Refused(Reason.BAD_NICK, nick=nick, max_chars=config.nick_max_chars)
        if fold(nick) != fold(held) and (is_guest(nick) or self._reserved(nick)):
            raise Refused(Reason.NAME_RESERVED, nick=nick)
        return nick

    def _reserved(self, nick: str) -> bool:
        """Whether people would take whoever is called so for the server, or for what serves it."""
        name = word_of(self.config.name)
        # Of `irc.example.org` also `irc`, as people call it.
        # Clients have these built in: nobody is to be told their users' passwords.
        served = ("nickserv", "chanserv")
        named = (name, name.partition(".")[0], *served, *self.config.reserved_nicks.split())
        return any(masks.matches(mask, nick) for mask in named)

    def account(self, nick: str) -> str:
        """A nick that is to be the name of an account; the server gives names to guests."""
        if len(self.state.accounts) >= self.config.accounts_max:
            raise Refused(Reason.REGISTRATION_CLOSED)
        if is_guest(nick):
            raise Refused(Reason.NAME_RESERVED, nick=nick)
        return self.nick(nick, nick)

    def owner_of(self, name: str) -> Account:
        """The account of that name, or the one that somebody of that nick is logged in to."""
        session = self.state.session_of(name)
        account = session and self.state.account_of(session)
        account = account or self.state.accounts.get(fold(name))
        if account is None:
            raise Refused(Reason.NO_SUCH_ACCOUNT, account=name)
        return account

    def recipient(self, nick: str) -> tuple[int, str, str]:
        """Whom a private line is for: a session (0: not here), its nick, and its account."""
        session = self.state.session_of(nick)
        if session is not None:
            return session.number, session.nick, session.identity.account
        account = self.state.accounts.get(fold(nick))
        if account is None or account.disabled:
            raise Refused(Reason.NO_SUCH_NICK, nick=nick)
        # Whoever is on under another nick is told at once.
        on = next(iter(self.state.sessions_of(account)), None)
        return (0 if on is None else on.number), account.name, account.name

    def metadata(self, name: str, value: str) -> tuple[str, str]:
        """What somebody tells of themselves or of a room, and under which name."""
        name = name.lower()
        most = self.config.metadata_max_bytes
        if not _METADATA_NAME.fullmatch(name):
            raise Refused(Reason.BAD_METADATA, name=name, why="no such name", of="name")
        most = min(most, _METADATA_MAX_BYTES - len(name))
        if len(value.encode(errors="surrogatepass")) > most:
            why = f"longer than {most} bytes"
            raise Refused(Reason.BAD_METADATA, name=name, why=why, of="value")
        return name, clean_for_storage(value)

    def metadata_fits(self, held: Mapping[str, str], name: str, value: str) -> None:
        """Refuse one name more than there may be."""
        most = self.config.metadata_max_names
        if value and name not in held and len(held) >= most:
            raise Refused(Reason.BAD_METADATA, name=name, why=f"{most} are the most", of="count")

    def may_own_another(self, account: Account) -> None:
        """Refuse a room more than an account may own."""
        most = self.config.rooms_per_account
        if len(account.rooms) >= most:
            raise Refused(Reason.OWNS_TOO_MANY, account=account.name, limit=most)

    def may_rank_another(self, room: str) -> None:
        """Refuse a rank more than a room may give."""
        found, most = self.state.room(room), modes.LIST_MAX_ENTRIES
        if found is not None and len(found.ranks) >= most:
            raise Refused(Reason.LIST_FULL, room=room, limit=most)

    def claims(self, session: Session) -> bool:
        """Whether a room is to be somebody's own if they found it now."""
        account = self.state.account_of(session)
        return account is not None and len(account.rooms) < self.config.rooms_per_account

    def person(self, nick: str) -> Identity:
        """Whoever has that nick now."""
        session = self.state.session_of(nick)
        if session is None:
            raise Refused(Reason.NO_SUCH_NICK, nick=nick)
        return session.identity

    def room(self, name: str) -> str:
        """A room's name as it is known, or as it was typed."""
        room = self.state.rooms.get(fold(name))
        return composed(name) if room is None else room.name

    def room_to_enter(self, session: Session, name: str) -> tuple[str, str]:
        """The name of a room to be joined, and the key of one that makes place for it."""
        config, state = self.config, self.state
        name = composed(name)
        key, most = fold(name), config.rooms_per_session
        if not is_room(name, config.room_name_max_bytes) and key != state.lobby:
            raise Refused(Reason.BAD_ROOM_NAME, room=name, max_bytes=config.room_name_max_bytes)
        if key not in session.rooms and len(session.rooms) >= most:
            raise Refused(Reason.TOO_MANY_ROOMS, room=name, limit=most)
        if key in state.rooms or key == state.lobby or state.rooms_counted < config.rooms_max:
            return self.room(name), ""
        forgets = next(state.forgettable(), None)
        if forgets is None:
            raise Refused(Reason.NO_MORE_ROOMS, room=name, limit=config.rooms_max)
        return name, forgets

    def opened(self, room: str, key: str) -> int:
        """The event that set the key of a room, if this is that key; else 0."""
        found = self.state.room(room)
        fits = found is not None and keys.fits(key, found.modes.key)
        return found.modes.key_set if found is not None and fits else 0

    def changes(self, room: Room, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        """The changes of a room's modes that make a difference; `UNCHANGED` if none does."""
        meant = [self.change(room, change) for change in changes]
        effective = tuple(change for change in meant if _changes(room, change))
        if not effective:
            raise Refused(Reason.UNCHANGED, room=room.name, changes=tuple(meant))
        return effective

    def change(self, room: Room, change: Change) -> Change:
        """One change of a room's modes, its argument as people type it.

        That is a nick for `o` and `v`, a mask for `b`, `e` and `I`, a key, a number.
        """
        letter = change.mode[1]
        if letter in modes.STATUSES:
            return self._status(room, change)
        if letter in modes.LISTS:
            return _mask(room, change)
        if letter == "k":
            return _key(room, change)
        if letter == "l":
            return _limit(room, change)
        if letter in modes.FLAGS:
            return Change(change.mode)
        raise Refused(Reason.UNKNOWN_MODE, mode=letter)

    def _status(self, room: Room, change: Change) -> Change:
        who = self.person(change.argument)
        if who.session not in room.members:
            raise Refused(Reason.NOT_IN_THAT_ROOM, nick=who.nick, room=room.name)
        return Change(change.mode, who.nick, who.session)


def verifier_in(changes: tuple[Change, ...]) -> str:
    """What is to be kept of the key that canonical changes set, if they set one."""
    keyed = [change.argument for change in changes if change.mode == "+k"]
    return keys.verifier_of(keyed[-1]) if keyed else ""


def _changes(room: Room, change: Change) -> bool:
    """Whether a canonical change would make a difference."""
    if change.session:
        held = change.mode[1] in room.members[change.session].status
        return held != (change.mode[0] == "+")
    return room.modes.changes(change)


def _mask(room: Room, change: Change) -> Change:
    """The mask with all its parts, spelt as it stands in the list if it does."""
    mask, mode = change.argument, change.mode
    listed = room.modes.lists.get(mode[1], {})
    if mode[0] == "-" and fold(mask) in listed:
        return Change(mode, listed[fold(mask)].mask)
    if (
        not mask
        or len(mask.encode()) > masks.MAX_BYTES
        or not mask.isprintable()
        or mask[0] == ":"
        or " " in mask
    ):
        raise Refused(Reason.BAD_MASK, room=room.name, mode=mode[1])
    mask = masks.normalize(mask)
    known = listed.get(fold(mask))
    return Change(mode, mask if known is None else known.mask)


def _key(room: Room, change: Change) -> Change:
    """A key that every client can send: visible ASCII, no comma, no colon to begin with."""
    if change.mode[0] == "-":
        return Change(change.mode, "*" if room.modes.key else "")
    key = change.argument
    if (
        not 0 < len(key) <= modes.KEY_MAX_CHARS
        or not all("!" <= char <= "~" and char != "," for char in key)
        or key[0] == ":"
    ):
        raise Refused(Reason.BAD_KEY_FORM, room=room.name, max_chars=modes.KEY_MAX_CHARS)
    return Change(change.mode, key)


def _limit(room: Room, change: Change) -> Change:
    if change.mode[0] == "-":
        return Change(change.mode)
    number = change.argument
    digits = number.isascii() and number.isdigit() and len(number) <= _LIMIT_MAX_DIGITS
    if not (digits and int(number)):
        raise Refused(Reason.BAD_LIMIT, room=room.name, number=number)
    return Change(change.mode, str(int(number)))
