"""Commands of a room's operators. Who may, and what a mask or a key may be, is the chat's."""

from __future__ import annotations

from geventchat.chat import commands
from geventchat.chat.events import Change
from geventchat.chat.names import fold
from geventchat.chat.rooms import Room
from geventchat.dialects.base import Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.moderation import holds_in
from geventchat.dialects.human.rooms import room_name
from geventchat.dialects.human.table import ROOM_OPERATORS, Run, Table

COMMANDS = Table()


def _change(client: Client, room: Room, *changes: Change) -> None:
    client.ask(commands.SetModes(room.name, changes))


def _with_nick(mode: str) -> Run:
    """Change what somebody is in the room."""

    def run(client: Client, rest: str) -> None:
        room = client.here_or_told()
        if room is not None:
            # Not more: who mistypes /oper must not read the password in an answer.
            _change(client, room, Change(mode, rest.split(" ")[0]))

    return run


def _flag(mode: str) -> Run:
    """Change the room itself."""

    def run(client: Client, rest: str) -> None:
        room = client.here_or_told()
        if room is not None:
            _change(client, room, Change(mode))

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
    if room is not None and fold(nick) == fold(client.me.nick):
        client.reply("/part leaves the room.")
    elif room is not None:
        client.ask(commands.Kick(room.name, nick, why))


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
COMMANDS.add("/locktopic", "let only operators set the topic", ROOM_OPERATORS)(_flag("+t"))
COMMANDS.add("/unlocktopic", "let everybody set the topic", ROOM_OPERATORS)(_flag("-t"))


@COMMANDS.add("/modes", "what holds in the room: locked, moderated …", ROOM_OPERATORS)
def _modes(client: Client, rest: str) -> None:
    room = client.here_or_told()
    if room is not None:
        client.reply(*holds_in(room))
