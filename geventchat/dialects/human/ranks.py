"""Commands of those who own a room: who has which rank in it for good, and giving it up."""

from __future__ import annotations

from geventchat.chat.commands import Command
from geventchat.chat.commands_accounts import DropRoom, Grant
from geventchat.chat.names import fold
from geventchat.chat.rooms import Room
from geventchat.chat.visibility import may_know
from geventchat.dialects.base import AskLine, Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.rooms import room_name
from geventchat.dialects.human.table import ROOM_OWNERS, Table
from geventchat.errors import Reason, Refused

# What people call the ranks, and how it is to have one.
_RANKS = {"owner": "owner", "operator": "o", "op": "o", "voice": "v"}
_HELD = {"o": "is an operator of {room} for good", "v": "has a voice in {room} for good"}
_NOTE = "A rank is an account's: it is there again whenever they come in."

COMMANDS = Table()


def _room_meant(client: Client, typed: str) -> str:
    """The room that was named, or the one talked in; empty if there is none, which is told."""
    if typed:
        return room_name(typed)
    room = client.here_or_told()
    return "" if room is None else room.name


def _change(client: Client, room: str, command: Command, done: str) -> Steps:
    """Propose it. Where nobody is in the room, nobody hears of it but here."""
    refusals = client.refusals
    if client.ask(command):
        yield Settle()
    found = client.state.room(room)
    if client.refusals == refusals and not (found is not None and found.members):
        client.reply(done)


@COMMANDS.add(
    "/grant NICK RANK [#room]",
    "give somebody a rank for good",
    ROOM_OWNERS,
    typed="/grant bob operator",
    notes=(
        _NOTE,
        "RANK is owner, operator or voice. A room has one owner: whoever gives",
        "it away is an operator then. What /op gives ends when they leave.",
    ),
)
def _grant(client: Client, rest: str) -> Steps:
    nick, typed, where = (*rest.split(), "", "", "")[:3]
    rank = _RANKS.get(typed.lower())
    if rank is None:
        client.reply("Usage: /grant NICK owner, operator or voice [#room]")
        return
    room = _room_meant(client, where)
    if room:
        yield from _change(client, room, Grant(room, nick, rank), f"{nick} has that rank now.")


@COMMANDS.add("/revoke NICK [#room]", "take somebody's rank away", ROOM_OWNERS, notes=(_NOTE,))
def _revoke(client: Client, rest: str) -> Steps:
    nick, where = (*rest.split(), "", "")[:2]
    room = _room_meant(client, where)
    if room:
        yield from _change(client, room, Grant(room, nick, ""), f"{nick} has no rank there now.")


@COMMANDS.add("/ranks [#room]", "whose a room is, and who has a rank in it", ROOM_OWNERS)
def _ranks(client: Client, rest: str) -> None:
    name = _room_meant(client, rest)
    if not name:
        return
    room = client.state.room(name)
    if room is None or not (room.members or room.owner) or not may_know(client.me, room):
        client.refuse(Refused(Reason.NO_SUCH_ROOM, room=name))
    elif not room.owner:
        client.refuse(Refused(Reason.NOT_OWNED, room=room.name))
    else:
        client.reply(*_told(client, room))


def _told(client: Client, room: Room) -> list[str]:
    accounts = client.state.accounts
    held = sorted(room.ranks.items(), key=lambda rank: (rank[1], rank[0]))
    return [
        f"{room.name} belongs to {accounts[room.owner].name}.",
        *(f"{accounts[key].name} {_HELD[rank].format(room=room.name)}." for key, rank in held),
    ]


@COMMANDS.add(
    "/drop #room",
    "give up a room of yours; asks twice",
    ROOM_OWNERS,
    notes=("What was said there stays. Whoever comes when it is empty makes it anew.",),
)
def _drop(client: Client, rest: str) -> Steps:
    command = DropRoom(room_name(rest))
    try:
        client.proposals.draft(client.me, command)
    except Refused as refusal:
        client.refuse(refusal)
        return
    room = client.state.rooms[fold(command.room)].name
    client.reply(f"Ranks, bans, locks and topic of {room} would go with its last member.")
    answer: str = yield AskLine(
        f"To give it up, type {room} once more; Enter alone keeps it.", "Give up", hidden=False
    )
    if answer.strip() and fold(room_name(answer.split()[-1])) == fold(room):
        yield from _change(client, room, command, f"{room} is nobody's now.")
    else:
        client.reply(f"{room} is kept.")
