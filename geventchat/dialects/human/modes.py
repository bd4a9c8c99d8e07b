"""Commands of a room's operators. Who may, and what a mask or a key may be, is the chat's."""

from __future__ import annotations

from geventchat.chat import commands, masks
from geventchat.chat.events import Change
from geventchat.chat.rooms import Room
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import ago
from geventchat.dialects.human.rooms import room_name
from geventchat.dialects.human.table import ROOM_OPERATORS, Run, Table

COMMANDS = Table()


def _change(client: Client, room: Room, *changes: Change) -> None:
    client.ask(commands.SetModes(room.name, changes))


def _with_nick(mode: str) -> Run:
    """Change what somebody is in the room."""

    def run(client: Client, nick: str) -> None:
        room = client.here_or_told()
        if room is not None:
            _change(client, room, Change(mode, nick))

    return run


def _flag(mode: str) -> Run:
    """Change the room itself."""

    def run(client: Client, rest: str) -> None:
        room = client.here_or_told()
        if room is not None:
            _change(client, room, Change(mode))

    return run


def _with_mask(mode: str, prefix: str = "") -> Run:
    """Ban or mute: a nick, `account:NAME`, an address, a network or a mask."""

    def run(client: Client, rest: str) -> None:
        room = client.here_or_told()
        if room is None:
            return
        who, _, more = rest.partition(" ")
        if more:
            # A ban for a time must not quietly become one for ever.
            client.reply("Name one nick, address or network. Times and reasons are not kept yet.")
            return
        if who.startswith("account:"):
            who = masks.ACCOUNT + who.removeprefix("account:")
        _change(client, room, Change(mode, prefix + who))

    return run


for _usage, _purpose, _run in (
    ("/op NICK", "make somebody an operator of the room", _with_nick("+o")),
    ("/deop NICK", "take operator status away", _with_nick("-o")),
    ("/voice NICK", "let somebody speak while it is moderated", _with_nick("+v")),
    ("/devoice NICK", "take the voice away", _with_nick("-v")),
):
    COMMANDS.add(_usage, _purpose, ROOM_OPERATORS)(_run)


@COMMANDS.add("/invite NICK [#room]", "ask somebody in", ROOM_OPERATORS)
def _invite(client: Client, rest: str) -> Steps:
    nick, _, name = rest.partition(" ")
    here = client.here
    if not name and here is None:
        client.reply(client.nowhere)
        return
    room = room_name(name) if name or here is None else here.name
    target = client.state.session_of(nick)
    if client.ask(commands.Invite(nick, room)) and target is not None:
        refusals = client.refusals
        yield Settle()
        if client.refusals == refusals:  # Else it was not saved, which was told.
            client.reply(f"{target.nick} is invited to {room}.")


@COMMANDS.add("/kick NICK [WHY]", "put somebody out", ROOM_OPERATORS)
def _kick(client: Client, rest: str) -> None:
    room = client.here_or_told()
    nick, _, why = rest.partition(" ")
    if room is not None:
        client.ask(commands.Kick(room.name, nick, why))


for _usage, _purpose, _run in (
    ("/ban WHO", "keep out a nick, an address or a network", _with_mask("+b")),
    ("/unban WHO", "let them in again", _with_mask("-b")),
    ("/mute WHO", "let somebody be here, but not speak", _with_mask("+b", masks.MUTE)),
    ("/unmute WHO", "let them speak again", _with_mask("-b", masks.MUTE)),
):
    COMMANDS.add(_usage, _purpose, ROOM_OPERATORS)(_run)


@COMMANDS.add("/bans", "who is banned or muted", ROOM_OPERATORS)
def _bans(client: Client, rest: str) -> None:
    room = client.here_or_told()
    if room is None:
        return
    entries = room.modes.lists.get("b", {}).values()
    for entry in entries:
        what = "muted" if entry.mask.startswith(masks.MUTE) else "banned"
        when = ago(client.now() - entry.at)
        client.reply(f"{entry.mask.removeprefix(masks.MUTE)} {what} by {entry.by} {when} ago")
    if not entries:
        client.reply(f"Nobody is banned from {room.name}.")


@COMMANDS.add("/lock [KEY]", "admit only the invited, or with a key", ROOM_OPERATORS)
def _lock(client: Client, key: str) -> None:
    room = client.here_or_told()
    if room is not None:
        _change(client, room, Change("+k", key) if key else Change("+i"))


@COMMANDS.add("/unlock", "admit everybody again", ROOM_OPERATORS)
def _unlock(client: Client, rest: str) -> None:
    room = client.here_or_told()
    if room is not None:
        _change(client, room, Change("-k"), Change("-i"))


COMMANDS.add("/moderate", "let only operators and voices speak", ROOM_OPERATORS)(_flag("+m"))
COMMANDS.add("/unmoderate", "let everybody speak again", ROOM_OPERATORS)(_flag("-m"))
