"""Whom a room's operators keep out or silent: /ban, /unban, /mute, /unmute, /bans."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from geventchat.chat import bans, commands, masks, rights
from geventchat.chat.conflicts import CHANGES_MAX
from geventchat.chat.events import Change, ModesSet
from geventchat.chat.rooms import Room
from geventchat.dialects.base import Request, Settle, Steps
from geventchat.dialects.human.client import Client
from geventchat.dialects.human.encoder import ago
from geventchat.dialects.human.moderation import begun, mask_of, who_is_meant
from geventchat.dialects.human.table import ROOM_OPERATORS, Table
from geventchat.errors import Reason, Refused

_NAMED_MAX = 10
_LISTED = {"e": "is exempt from bans", "I": "may come in uninvited"}

_WHO = "WHO is a nick, account:NAME, an address, a network (192.0.2.0/24) or a mask."

COMMANDS = Table()


def _meant(client: Client, mode: str, rest: str, prefix: str = "") -> tuple[Room, Change] | None:
    """The change on who was typed, in the room talked in; None where there is none, which is told.

    Who: a nick, `account:NAME`, an address, a network, a mask, or as `/bans` calls them.
    """
    room = client.here_or_told()
    if room is None:
        return None
    who = mask_of(rest, listed=mode == "-b")
    if " " in who:
        # A ban for a time must not quietly become one for ever.
        client.reply("Name one nick, address or network. Times and reasons are not kept yet.")
        return None
    try:
        # Whoever may change nothing is told so, not what is wrong with their masks.
        rights.may_set_modes(client.state, ModesSet(client.me.identity, room.name, ()))
        return room, client.proposals.canon.change(room, Change(mode, prefix + who))
    except Refused as refusal:
        client.refuse(refusal)
        return None


def _set(client: Client, room: Room, change: Change) -> Generator[Request, Any, bool]:
    """Change the room's bans; whether that is saved."""
    refusals = client.refusals
    if client.ask(commands.SetModes(room.name, (change,))):
        yield Settle()
    return client.refusals == refusals


@COMMANDS.add(
    "/ban WHO",
    "put out and keep out a nick, an address or a network",
    ROOM_OPERATORS,
    notes=(
        _WHO,
        "Those who keep order there are not put out.",
        "/whois shows where somebody comes from.",
    ),
)
def _ban(client: Client, rest: str) -> Steps:
    found = _meant(client, "+b", rest)
    if found is None:
        return
    room, change = found
    known = bans.ban_on(room, change.argument) is not None
    # One that holds already may still be on somebody inside.
    if not known and not (yield from _set(client, room, change)):
        return
    refusals = client.refusals
    out, stay = yield from _put_out(client, room, change.argument)
    if client.refusals != refusals:
        client.reply("The ban holds, but not everybody it is on is out: /ban them again.")
    elif stay:
        more = " …" if len(stay) > _NAMED_MAX else ""
        names = ", ".join(stay[:_NAMED_MAX]) + more
        client.reply(f"No ban puts out who keeps order here: {names} stayed.")
    elif known and not out:
        client.refuse(Refused(Reason.UNCHANGED, room=room.name, changes=(change,)))
    else:
        _tell_nobody(client, change)


def _put_out(
    client: Client, room: Room, mask: str
) -> Generator[Request, Any, tuple[int, list[str]]]:
    """Kick whom a ban is on: how many there were, and who of them keeps order and so stays.

    Some at a time, so that others have their turns, and as long as the ban holds and
    nothing is refused.
    """
    out, stay, refusals = 0, [], client.refusals
    numbers = list(room.members)
    for start in range(0, len(numbers), CHANGES_MAX):
        ban = bans.ban_on(room, mask)
        if ban is None or client.refusals != refusals:
            break
        for number in numbers[start : start + CHANGES_MAX]:
            member = room.members.get(number)
            if member is None or not bans.meant(room, ban, member):
                continue
            if rights.keeps_order(room, member.session):
                if bans.may_be_told(client.me, ban, member):
                    stay.append(member.session.nick)
            elif client.ask(commands.Kick(room.name, member.session.nick, "banned")):
                out += 1
        yield Settle()
    return out, stay


def _tell_nobody(client: Client, change: Change) -> None:
    """Tell when nobody is meant: a nick may have been mistyped."""
    nick = masks.nick_of(change.argument)
    if nick and client.state.session_of(nick) is None:
        client.reply(f"Nobody is called {nick} now; it will hold for who is.")


@COMMANDS.add("/unban WHO", "let them in again", ROOM_OPERATORS)
def _unban(client: Client, rest: str) -> Steps:
    found = _meant(client, "-b", rest)
    if found is not None:
        yield from _set(client, *found)


@COMMANDS.add("/mute WHO", "let somebody be here, but not speak", ROOM_OPERATORS, notes=(_WHO,))
def _mute(client: Client, rest: str) -> Steps:
    found = _meant(client, "+b", rest, masks.MUTE)
    if found is None or not (yield from _set(client, *found)):
        return
    room, change = found
    session = client.state.session_of(masks.nick_of(change.argument))
    member = None if session is None else room.members.get(session.number)
    if session is not None and rights.keeps_order(room, session):
        client.reply(f"{session.nick} keeps order here and is heard all the same.")
    elif session is not None and member is not None and member.status:
        client.reply(f"{session.nick} has a voice and is heard all the same: /devoice NICK.")
    else:
        _tell_nobody(client, change)


@COMMANDS.add("/unmute WHO", "let them speak again", ROOM_OPERATORS)
def _unmute(client: Client, rest: str) -> Steps:
    found = _meant(client, "-b", rest, masks.MUTE)
    if found is not None:
        yield from _set(client, *found)


@COMMANDS.add("/bans", "who is banned or muted", ROOM_OPERATORS)
def _bans(client: Client, rest: str) -> None:
    room = client.here_or_told()
    if room is None:
        return
    lines = []
    # Who is exempt, and so worth imitating, concerns operators only.
    for letter in "beI" if rights.keeps_order(room, client.me) else "b":
        for entry in room.modes.lists.get(letter, {}).values():
            muted = entry.mask.startswith(masks.MUTE)
            fact = _LISTED.get(letter, "is muted" if muted else "is banned")
            when = ago(client.now() - entry.at)
            told = f"{who_is_meant(entry.mask)} {fact} (by {entry.by}, {when} ago)"
            lines.append(begun(told))
    client.reply(*(lines or [f"Nobody is banned or muted in {room.name}."]))
