"""MODE, of rooms and of oneself."""

from __future__ import annotations

from geventchat.chat import commands, modes, rights
from geventchat.chat.events import Change, ModesSet
from geventchat.chat.names import fold
from geventchat.chat.rooms import Room
from geventchat.dialects.irc import numerics as n
from geventchat.dialects.irc.client import Client
from geventchat.dialects.irc.isupport import CHANGES_MAX
from geventchat.dialects.irc.rooms import visible
from geventchat.dialects.irc.syntax import Message
from geventchat.dialects.irc.table import Table
from geventchat.errors import Refused

_LISTS = {
    "b": (n.BANLIST, n.ENDOFBANLIST, "ban"),
    "e": (n.EXCEPTLIST, n.ENDOFEXCEPTLIST, "exception"),
    "I": (n.INVEXLIST, n.ENDOFINVEXLIST, "invite exception"),
}

COMMANDS = Table()


@COMMANDS.add("MODE #room|nick [changes [arguments]]: modes", needs=1)
def _mode(client: Client, message: Message) -> None:
    target, *rest = message.params
    if target[:1] != "#":
        _own(client, target, rest)
        return
    room = client.state.room(target)
    if room is None or not visible(client, room):
        client.no_such_channel(target)
    elif not rest or not rest[0].strip("+-"):
        for line in modes_lines(client, room):
            client.unit([line])
    else:
        _change(client, room, rest[0], rest[1:])


def modes_lines(client: Client, room: Room) -> list[str]:
    """What holds in a room, and since when there is one."""
    letters, arguments = room.modes.shown()
    return [
        client.numeric(n.CHANNELMODEIS, room.name, f"+{letters}", *arguments),
        client.numeric(n.CREATIONTIME, room.name, str(room.created_at // 1000)),
    ]


def _change(client: Client, room: Room, letters: str, arguments: list[str]) -> None:
    """Propose what of the changes can be; each that cannot is told on its own."""
    wanted, lists = _parsed(letters, arguments)
    for letter in lists:
        _tell_list(client, room, letter)
    for mode, argument in wanted[CHANGES_MAX : CHANGES_MAX + 1]:
        text = f"Left out, with all that follows: a MODE may have {CHANGES_MAX} changes"
        client.reply(n.INVALIDMODEPARAM, room.name, mode[1], argument or "*", text)
    if not wanted:
        return
    try:
        rights.may_set_modes(client.state, ModesSet(client.me.identity, room.name, ()))
    except Refused as refusal:
        client.refuse(refusal)
        return
    meant = [_meant(client, room, *asked) for asked in wanted[:CHANGES_MAX]]
    changes = tuple(change for change in meant if change is not None)
    if changes:
        client.ask(commands.SetModes(room.name, changes))


def _parsed(letters: str, arguments: list[str]) -> tuple[list[tuple[str, str | None]], list[str]]:
    """The changes that are asked for with their arguments, and the lists that are."""
    sign, rest = "+", iter(arguments)
    wanted: list[tuple[str, str | None]] = []
    lists: dict[str, None] = {}
    for letter in letters:
        if letter in "+-":
            sign = letter
            continue
        takes = letter in modes.LISTS + modes.STATUSES + "k" or (letter == "l" and sign == "+")
        argument = next(rest, None) if takes else ""
        if letter in modes.LISTS and argument is None:
            lists[letter] = None
        else:
            wanted.append((sign + letter, argument))
    return wanted, list(lists)


def _meant(client: Client, room: Room, mode: str, argument: str | None) -> Change | None:
    """The change as the chat takes it, or None when it is wrong, which is told."""
    if argument is None and mode not in ("-k", "-l"):
        client.needs("MODE")
        return None
    change = Change(mode, argument or "")
    try:
        client.proposals.canon.change(room, change)
    except Refused as refusal:
        client.refuse(refusal)
        return None
    return change


def _tell_list(client: Client, room: Room, letter: str) -> None:
    entry_numeric, end_numeric, name = _LISTS[letter]
    own = client.state.membership(client.me, room.key)
    # Who is exempt, and so worth imitating, concerns operators only.
    if letter != "b" and "o" not in client.me.modes + (own.status if own else ""):
        client.reply(n.CHANOPRIVSNEEDED, room.name, "You're not a channel operator")
        return
    for listed in room.modes.lists.get(letter, {}).values():
        client.reply(entry_numeric, room.name, listed.mask, listed.by, str(listed.at // 1000))
    client.reply(end_numeric, room.name, f"End of channel {name} list")


def _own(client: Client, target: str, rest: list[str]) -> None:
    """One's own modes; nobody sees those of others."""
    if fold(target) != fold(client.nick):
        if target and client.state.session_of(target) is None:
            client.no_such_nick(target)
        else:
            client.reply(n.USERSDONTMATCH, "Can't change mode for other users")
        return
    if not rest:
        client.reply(n.UMODEIS, f"+{client.me.modes}")
        return
    sign, changes, unknown = "+", {}, False
    for letter in rest[0]:
        if letter in "+-":
            sign = letter
        elif letter not in modes.USER_MODES:
            unknown = True
        elif sign + letter != "+o":  # Only OPER makes an operator.
            changes[letter] = sign
    if unknown:
        client.reply(n.UMODEUNKNOWNFLAG, "Unknown MODE flag")
    written = ""
    for letter, sign in sorted(changes.items(), key=lambda item: item[1]):
        if (letter in client.me.modes) != (sign == "+"):
            written += letter if sign in written else sign + letter
    if written:
        client.ask(commands.SetUserModes(written))
