"""Words of those who rule a room; the rules are those of all dialects."""

from __future__ import annotations

from collections.abc import Callable

from geventchat.chat import commands as chat
from geventchat.chat import masks
from geventchat.chat.events import Change
from geventchat.chat.modes import KEY_MAX_CHARS
from geventchat.chat.names import fold
from geventchat.chat.presence import Room
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import ago
from geventchat.dialects.human.table import Command

Run = Callable[[Client, str], Steps]


def _here(client: Client) -> Room | None:
    if client.here is None:
        client.reply("You are in no room.")
        return None
    return client.here.room


def _change(client: Client, room: Room, change: Change) -> Steps:
    if not change.session and not room.modes.changes(change):
        client.reply("It is so already.")
        return
    client.ask(chat.SetModes(room.name, (change,)))
    yield Settle()


def _status(mode: str) -> Run:
    """A word that changes what somebody is in the room."""

    def run(client: Client, nick: str) -> Steps:
        room, target = _here(client), client.state.session_of(nick)
        if room is None:
            return
        if target is None:
            client.reply(f"{nick} is not here.")
            return
        yield from _change(client, room, Change(mode, target.nick, target.identity.session))

    return run


def _flag(mode: str) -> Run:
    """A word that changes the room itself."""

    def run(client: Client, rest: str) -> Steps:
        room = _here(client)
        if room is not None:
            yield from _change(client, room, Change(mode))

    return run


def _listed(mode: str, prefix: str = "") -> Run:
    """A word that bans or mutes: a nick, `account:NAME`, an address, a network or a mask."""

    def run(client: Client, rest: str) -> Steps:
        room = _here(client)
        if room is None:
            return
        who, _, more = rest.partition(" ")
        if more:
            # A ban for a time must not quietly become one for ever.
            client.reply("Name one nick, address or network. Times and reasons are not kept yet.")
            return
        if who.startswith("account:"):
            who = masks.ACCOUNT + who.removeprefix("account:")
        mask = prefix + masks.normalize(who)
        entries = room.modes.lists.get("b", {})
        mask = entries[fold(mask)].mask if fold(mask) in entries else mask
        yield from _change(client, room, Change(mode, mask))

    return run


def _bans(client: Client, rest: str) -> None:
    room = _here(client)
    if room is None:
        return
    entries = room.modes.lists.get("b", {}).values()
    for entry in entries:
        what = "muted" if entry.mask.startswith(masks.MUTE) else "banned"
        when = ago(client.now() - entry.at)
        client.reply(f"{entry.mask.removeprefix(masks.MUTE)} {what} by {entry.by} {when} ago")
    if not entries:
        client.reply(f"Nobody is banned from {room.name}.")


def _kick(client: Client, rest: str) -> Steps:
    room = _here(client)
    nick, _, why = rest.partition(" ")
    if room is not None:
        client.ask(chat.Kick(room.name, nick, why))
        yield Settle()


def _invite(client: Client, rest: str) -> Steps:
    nick, _, name = rest.partition(" ")
    here = client.here.room.name if client.here else ""
    room = (name if name.startswith("#") else f"#{name}") if name else here
    target = client.state.session_of(nick)
    if client.ask(chat.Invite(nick, room)) and target is not None:
        yield Settle()
        client.reply(f"{target.nick} is invited to {room}.")


def _lock(client: Client, key: str) -> Steps:
    room = _here(client)
    if room is None:
        return
    if len(key) > KEY_MAX_CHARS or not key.isascii() or any(char in key for char in " ,:"):
        client.reply(f"A key has up to {KEY_MAX_CHARS} letters and digits, no spaces or commas.")
        return
    yield from _change(client, room, Change("+k", key) if key else Change("+i"))


def _unlock(client: Client, rest: str) -> Steps:
    room = _here(client)
    if room is None:
        return
    changes = [Change("-k", room.modes.key)] if room.modes.key else []
    changes += [Change("-i")] if "i" in room.modes.flags else []
    if changes:
        client.ask(chat.SetModes(room.name, tuple(changes)))
        yield Settle()
    else:
        client.reply("It is so already.")


_GROUP = "Room operators"
COMMANDS = (
    Command(
        "op", "/op NICK", "make somebody an operator of the room", _status("+o"), _GROUP, (), True
    ),
    Command("deop", "/deop NICK", "end that", _status("-o"), _GROUP, (), True),
    Command(
        "voice",
        "/voice NICK",
        "let somebody speak when moderated",
        _status("+v"),
        _GROUP,
        (),
        True,
    ),
    Command("devoice", "/devoice NICK", "end that", _status("-v"), _GROUP, (), True),
    Command("invite", "/invite NICK [#room]", "ask somebody in", _invite, _GROUP, (), True),
    Command("kick", "/kick NICK [WHY]", "put somebody out", _kick, _GROUP, (), True),
    Command(
        "ban",
        "/ban WHO",
        "keep somebody out: nick, address, network",
        _listed("+b"),
        _GROUP,
        (),
        True,
    ),
    Command("unban", "/unban WHO", "end that", _listed("-b"), _GROUP, (), True),
    Command("bans", "/bans", "who is banned or muted", _bans, _GROUP),
    Command(
        "mute",
        "/mute WHO",
        "let somebody be here, not speak",
        _listed("+b", "m:"),
        _GROUP,
        (),
        True,
    ),
    Command("unmute", "/unmute WHO", "end that", _listed("-b", "m:"), _GROUP, (), True),
    Command("lock", "/lock [KEY]", "only for who is invited, or has the key", _lock, _GROUP),
    Command("unlock", "/unlock", "end both", _unlock, _GROUP),
    Command("moderate", "/moderate", "only operators and voices speak", _flag("+m"), _GROUP),
    Command("unmoderate", "/unmoderate", "end that", _flag("-m"), _GROUP),
)
