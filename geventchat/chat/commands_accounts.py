"""What a session may ask for that concerns accounts and what belongs to them.

Passwords are no part of a command: who registers has had one hashed before, and
who logs in has had it checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from geventchat.chat import events_accounts as events
from geventchat.chat.accounts import SETTINGS
from geventchat.chat.canonical import Canon
from geventchat.chat.commands import Command
from geventchat.chat.events import Event, Renamed
from geventchat.chat.names import fold
from geventchat.chat.sessions import Session
from geventchat.errors import Reason, Refused


@dataclass(frozen=True, slots=True)
class Register(Command):
    """Make an account of one's nick; `credential` is the id of its password's hash."""

    credential: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.Registered(by.identity, canon.account(by.nick), self.credential)


@dataclass(frozen=True, slots=True)
class LogIn(Command):
    """Be an account's, on the device of that name. The password was right."""

    account: str
    device: str

    def draft(self, by: Session, canon: Canon) -> Event:
        account = canon.state.accounts.get(fold(self.account))
        name = self.account if account is None else account.name
        return events.LoggedIn(by.identity, name, self.device or by.via)


@dataclass(frozen=True, slots=True)
class TakeGuestNick(Command):
    """Be called as `Proposals.guest_nick` says, which nobody can choose."""

    nick: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return Renamed(by.identity, self.nick, by.rooms_knowing)


@dataclass(frozen=True, slots=True)
class LogOut(Command):
    """Be nobody's account any more; one's nick is not the account's."""

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.LoggedOut(by.identity)


@dataclass(frozen=True, slots=True)
class SetPassword(Command):
    """Have another password for one's own account: the hash with that id."""

    credential: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.PasswordSet(by.identity, own_account(by), self.credential)


@dataclass(frozen=True, slots=True)
class DeleteAccount(Command):
    """Give up one's own account, with the `words` that it has said, or without."""

    words: bool = False

    def draft(self, by: Session, canon: Canon) -> Event:
        name = own_account(by)
        account = canon.state.accounts.get(fold(name))
        since = 0 if account is None else account.number
        return events.Deleted(by.identity, name, self.words, since)


@dataclass(frozen=True, slots=True)
class BecomeOper(Command):
    """Have one's own account rule the server; whoever asks has shown that it may."""

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.AccountSet(by.identity, own_account(by), "oper", True)


@dataclass(frozen=True, slots=True)
class SetMetadata(Command):
    """Tell something of oneself (`target` is a nick) or of a room; nothing with an empty value."""

    target: str
    name: str
    value: str

    def draft(self, by: Session, canon: Canon) -> Event:
        name, value = canon.metadata(self.name, self.value)
        if self.target[:1] == "#":
            room = canon.state.room(self.target)
            if room is not None:
                canon.metadata_fits(room.metadata, name, value)
            return events.MetadataSet(by.identity, canon.room(self.target), 0, name, value)
        who = canon.person(self.target)
        held = canon.state.metadata_of(canon.state.sessions[who.session])
        canon.metadata_fits(held, name, value)
        return events.MetadataSet(by.identity, "", who.session, name, value, who.nick)


@dataclass(frozen=True, slots=True)
class KeepSettings(Command):
    """Have an account remember how its owner wants to see things; nobody is told."""

    settings: str

    def draft(self, by: Session, canon: Canon) -> Event:
        own_account(by)
        _, value = canon.metadata("settings", self.settings)
        return events.MetadataSet(by.identity, "", by.number, SETTINGS, value)


@dataclass(frozen=True, slots=True)
class Grant(Command):
    """Give an account a rank in a room for good: `owner`, `o`, `v`, or none."""

    room: str
    account: str
    rank: str

    def draft(self, by: Session, canon: Canon) -> Event:
        account = canon.owner_of(self.account)
        room = canon.room(self.room)
        if self.rank == "owner":
            canon.may_own_another(account)
        elif self.rank:
            canon.may_rank_another(room)
        return events.Granted(by.identity, room, account.name, self.rank)


@dataclass(frozen=True, slots=True)
class DropRoom(Command):
    """Have a room of one's own be nobody's."""

    room: str

    def draft(self, by: Session, canon: Canon) -> Event:
        return events.Dropped(by.identity, canon.room(self.room))


def own_account(by: Session) -> str:
    """The name of the account somebody is logged in to, or `Refused`."""
    if not by.identity.account:
        raise Refused(Reason.NOT_LOGGED_IN)
    return by.identity.account
